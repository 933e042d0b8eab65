package mattermost_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"resetpin/bot"
)

// serves gives a request to the adapter. Whatever it is, it is refused, or
// answered 200 with JSON; and only who is trusted is heard.
func (w *world) serves(t *testing.T, path, kind, body string, trusted bool) {
	t.Helper()
	before := len(w.engine.updates())
	q, a := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(body)), httptest.NewRecorder()
	q.Header.Set("Content-Type", kind)
	w.bot.Handler(w.engine).ServeHTTP(a, q)
	switch {
	case a.Code == http.StatusOK && json.Valid(a.Body.Bytes()) && a.Header().Get("Content-Type") == "application/json":
	case a.Code == http.StatusUnauthorized && !trusted:
	default:
		t.Errorf("%q was answered %d %.200s", body, a.Code, a.Body)
	}
	if len(w.engine.updates()) > before && !trusted {
		t.Errorf("%q was handed over", body)
	}
}

func FuzzCommand(f *testing.F) {
	w := newWorld(f)
	w.engine.set(func(e *engine) { e.answer = func(u bot.Update) bot.Reply { return say(u.Text) } })
	f.Add(true, true, "/resetpin", "link 19880505", w.dm, "town-square", "t1", w.mm.URL()+"/hooks/commands/"+rand26())
	f.Add(true, true, "/STATUSDS", "", w.dm, w.botID+"__"+w.sari.ID(), "", "")
	f.Add(false, true, "/resetpin", "apa", "", "", "t2", "http://127.0.0.1:1/hooks/commands/x")
	f.Add(true, false, "/resetpin", "apa", "", "", "eDp5OjE6eg==", "")
	f.Add(true, true, "", "@channel ~town :smile: ![](http://x)\x00\xff", "\n", "%", "\x00", "file:///etc/passwd")
	f.Fuzz(func(t *testing.T, known, signed bool, command, text, channel, name, trigger, response string) {
		form := url.Values{
			"user_id": {w.sari.ID()}, "command": {command}, "text": {text}, "channel_id": {channel}, "channel_name": {name},
			"trigger_id": {trigger}, "response_url": {response}, "token": {trigger + "x"}, "team_id": {w.mm.TeamID()},
		}
		if known {
			form.Set("token", w.command)
		}
		if signed {
			form.Set("trigger_id", w.mm.Trigger(w.sari.ID(), time.Now()))
		}
		w.serves(t, "/mattermost/command", formKind, form.Encode(), known && signed)
	})
}

func FuzzAction(f *testing.F) {
	w := newWorld(f)
	w.engine.answers(bot.Reply{Notice: "ya"})
	good, _ := w.pressed(oneButton)
	raw, err := json.Marshal(good)
	if err != nil {
		f.Fatal(err)
	}
	seal := good["context"].(object)
	f.Add(true, w.sari.ID(), "town-square", "p", "", "")
	f.Add(true, w.sari.ID(), "town-square", "p", "t", "")
	f.Add(true, "", "", "", "\xff", "")
	f.Add(false, "", "", "", "", string(raw[:len(raw)-20]))
	f.Add(false, "", "", "", "", `{"context":{"s":"e30","t":"yes~~t~AAAAAAAAAAAA"}}`)
	f.Add(false, "", "", "", "", strings.Repeat(`{"context":`, 500))
	f.Fuzz(func(t *testing.T, signed bool, user, name, post, trigger, body string) {
		proven := trigger == ""
		if proven {
			trigger = w.mm.Trigger(w.sari.ID(), time.Now())
		}
		if signed {
			made, err := json.Marshal(object{"user_id": user, "channel_id": w.dm, "channel_name": name, "post_id": post, "trigger_id": trigger, "context": seal})
			if err != nil {
				t.Fatal(err)
			}
			body = string(made)
		} else if strings.Contains(body, seal["t"].(string)) {
			return // a genuine one
		}
		w.serves(t, "/mattermost/action", "application/json", body, signed && proven && user == w.sari.ID())
	})
}

func FuzzDialog(f *testing.F) {
	w := newWorld(f)
	d := w.opens()
	w.engine.answers(bot.Reply{Errors: map[string]string{"nip": "_salah_"}})
	f.Add(true, w.sari.ID(), `{"nip":"1","code":null}`, false)
	f.Add(true, w.sari.ID(), `{"nip":[1],"x":{"y":5},"":""}`, false)
	f.Add(true, "", `{}`, true)
	f.Add(false, "", `{"state":"e30.yes~~t~AAAAAAAAAAAA","callback_id":"yes"}`, false)
	f.Add(false, "", `{"state":".","submission":`+strings.Repeat("[", 500), false)
	f.Fuzz(func(t *testing.T, signed bool, user, values string, cancelled bool) {
		body := values
		if signed {
			if !json.Valid([]byte(values)) || !strings.HasPrefix(values, "{") {
				return
			}
			made, err := json.Marshal(object{
				"user_id": user, "channel_id": w.dm, "callback_id": d.CallbackID, "state": d.State, "cancelled": cancelled, "submission": json.RawMessage(values),
			})
			if err != nil {
				t.Fatal(err)
			}
			body = string(made)
		} else if strings.Contains(body, d.State) {
			return
		}
		w.serves(t, "/mattermost/dialog", "application/json", body, signed && user == w.sari.ID())
	})
}
