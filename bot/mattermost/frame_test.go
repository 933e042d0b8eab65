package mattermost

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"resetpin/bot"
)

// FuzzFrame reads whatever a server may send: nothing breaks it, and what
// becomes an update is another's and tells whose.
func FuzzFrame(f *testing.F) {
	nothing := httptest.NewServer(http.NotFoundHandler())
	f.Cleanup(nothing.Close)
	a, err := New(Config{
		URL: nothing.URL, PublicURL: nothing.URL, BotToken: "x", Signer: bot.NewSigner(bytes.Repeat([]byte("k"), 32)), Logger: slog.New(slog.DiscardHandler),
		Words: func(context.Context, string) Words { return Words{} },
	})
	if err != nil {
		f.Fatal(err)
	}
	me := Me{ID: strings.Repeat("b", 26), Username: "resetpin"}
	a.me.known.Store(&me)
	for _, seed := range []string{
		`{"event":"posted","data":{"channel_type":"D","post":"{\"id\":\"p\",\"user_id\":\"u\",\"message\":\"halo\",\"create_at\":5}"},"seq":2}`,
		`{"event":"posted","data":{"channel_type":"O","mentions":"[\"` + me.ID + `\"]","post":"{\"id\":\"p\",\"user_id\":\"u\",\"message\":\"@resetpin status\"}"},"seq":2}`,
		`{"event":"post_edited","data":{"post":"{\"id\":\"p\",\"user_id\":\"u\",\"edit_at\":7}"},"seq":3}`,
		`{"event":"posted","data":{"post":"null"}}`, `{"event":"posted","data":null}`, `{"event":"posted","data":{"post":"{\"props\":null,\"id\":\"p\",\"user_id\":\"u\"}"}}`,
		`{"event":"hello","data":{"connection_id":5},"seq":0}`, `{"status":"OK","seq_reply":1,"data":{"server_time":"x"}}`, `{}`, `null`, `[]`, `"x"`, `{"seq":1e99}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var one frame
		if json.Unmarshal(raw, &one) != nil {
			return
		}
		_, _, _ = one.connectionID(), one.serverTime(), one.isReply()
		u, ok, err := a.heard(t.Context(), one)
		if err != nil {
			t.Error(err)
		}
		if ok && (u.Account.ID == "" || u.Account.ID == me.ID || u.ID == "" || u.Kind == "") {
			t.Errorf("%q became %+v", raw, u)
		}
	})
}
