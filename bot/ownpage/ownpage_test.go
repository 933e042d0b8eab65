package ownpage

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestGuardLetsOnlyTheOwnPageIn(t *testing.T) {
	h := Guard(&net.TCPAddr{IP: net.IPv4(127, 0, 0, 9), Port: 8090}, "frame-ancestors 'none'", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for _, c := range []struct {
		name, method, host string
		header             map[string]string
		want               int
	}{
		{"the page", "GET", "127.0.0.1:8090", nil, 200},
		{"by the address it listens on", "GET", "127.0.0.9:8090", nil, 200},
		{"by name", "GET", "localhost:8090", nil, 200},
		{"by IPv6", "GET", "[::1]:8090", nil, 200},
		{"another name that points here", "GET", "evil.example:8090", nil, 421},
		{"another name without port", "GET", "evil.example", nil, 421},
		{"a sub-name of localhost", "GET", "esign-bsre.localhost:8090", nil, 421},
		{"another port in the header", "GET", "127.0.0.1:80", nil, 421},
		{"no host", "GET", "", nil, 421},
		{"the page posts", "POST", "127.0.0.1:8090", map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:8090"}, 200},
		{"another site posts", "POST", "127.0.0.1:8090", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, 403},
		{"another port of this machine posts", "POST", "127.0.0.1:8090", map[string]string{"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:9999"}, 403},
		{"an old browser's other site posts", "POST", "127.0.0.1:8090", map[string]string{"Origin": "https://evil.example"}, 403},
		{"a frame without origin posts", "POST", "127.0.0.1:8090", map[string]string{"Origin": "null"}, 403},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(c.method, "/", nil)
			r.Host = c.host
			for name, value := range c.header {
				r.Header.Set(name, value)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != c.want {
				t.Errorf("answered %d, want %d", w.Code, c.want)
			}
			if c.want == 200 && !strings.Contains(w.Header().Get("Content-Security-Policy"), "frame-ancestors 'none'") {
				t.Error("the page can be framed")
			}
		})
	}
}

func TestOnlyLoopbackIsListenedOn(t *testing.T) {
	for addr, good := range map[string]bool{
		"127.0.0.1:8090": true, "localhost:0": true, "[::1]:80": true, "127.9.9.9:1": true,
		":8090": false, "0.0.0.0:8090": false, "[::]:8090": false, "192.168.1.2:80": false, "example.org:80": false, "8090": false, "": false,
	} {
		if err := Loopback(addr); (err == nil) != good {
			t.Errorf("Loopback(%q) = %v", addr, err)
		}
	}
}
