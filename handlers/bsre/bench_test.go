package bsre_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"resetpin/handlers/bsre"
)

// BenchmarkStatus puts the client beside a bare net/http call that does the
// least: the client's own cost is the difference between the two. Both share
// the server's cost, which is in the same process.
func BenchmarkStatus(b *testing.B) {
	const answer = `{"status_code":1111,"status":"ISSUE","message":"User sudah terdaftar dan memiliki sertifikat dengan status ISSUE"}`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, answer)
	}))
	defer server.Close()
	b.Run("bare", func(b *testing.B) {
		client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
		b.ReportAllocs()
		for b.Loop() {
			body, err := json.Marshal(map[string]string{"nik": "9901014505880001"})
			if err != nil {
				b.Fatal(err)
			}
			req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, server.URL+"/api/v2/user/check/status", bytes.NewReader(body))
			if err != nil {
				b.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/json")
			req.SetBasicAuth("u", "p")
			resp, err := client.Do(req)
			if err != nil {
				b.Fatal(err)
			}
			var status struct{ Status, Message string }
			if err := json.NewDecoder(resp.Body).Decode(&status); err != nil {
				b.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
		}
	})
	b.Run("client", func(b *testing.B) {
		client := statusClient(b, bsre.Config{URL: server.URL, Username: "u", Password: "p"})
		b.ReportAllocs()
		for b.Loop() {
			if _, err := client.Status(b.Context(), bsre.Person{NIK: "9901014505880001"}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
