package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
)

// benchWorld is the outside world of the benchmark, in a process of its own:
// a Telegram that takes every message and a BSrE that answers at once. It
// does as little as it can, for it is not what is measured.
func benchWorld(ctx context.Context, out io.Writer) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, "http://"+listener.Addr().String()); err != nil {
		return err
	}
	var sent atomic.Int64
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, body string) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, body)
	}
	mux.HandleFunc("GET /sent", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, sent.Load()) })
	mux.HandleFunc("POST /api/v2/user/check/status", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		answer(w, `{"status_code":1111,"status":"ISSUE","message":"User sudah terdaftar dan memiliki sertifikat dengan status ISSUE"}`)
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		switch method := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]; strings.ToLower(method) {
		case "sendmessage":
			sent.Add(1)
			answer(w, `{"ok":true,"result":{"message_id":7,"date":1790000000,"chat":{"id":1,"type":"private"},"text":"x"}}`)
		case "getme":
			answer(w, `{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"b","username":"b_bot"}}`)
		default:
			answer(w, `{"ok":true,"result":true}`)
		}
	})
	return serveUntil(ctx, listener, mux)
}

// serveUntil serves until ctx ends.
func serveUntil(ctx context.Context, l net.Listener, h http.Handler) error {
	server := &http.Server{Handler: h}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// benchAccounts is how many employees ask.
const benchAccounts = 1000

// benchUpdate is a /status command as Telegram's webhook brings it.
func benchUpdate(n int) []byte {
	user := 1000 + n%benchAccounts
	data, err := json.Marshal(map[string]any{
		"update_id": 5_000_000 + n,
		"message": map[string]any{
			"message_id": 100 + n, "date": 1790000000, "text": "/status",
			"from":     map[string]any{"id": user, "is_bot": false, "first_name": "Pegawai", "language_code": "id"},
			"chat":     map[string]any{"id": user, "type": "private", "first_name": "Pegawai"},
			"entities": []map[string]any{{"type": "bot_command", "offset": 0, "length": 7}},
		},
	})
	if err != nil {
		panic(err)
	}
	return data
}
