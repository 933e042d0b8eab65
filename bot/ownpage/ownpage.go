// Package ownpage protects pages that a program shows to the person at the
// same machine, and to nobody else.
package ownpage

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
)

// Loopback gives an error for an address to listen on, HOST:PORT, that can be
// reached from other machines.
func Loopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("listen on %q: want HOST:PORT", addr)
	}
	if ip, err := netip.ParseAddr(host); host == "localhost" || err == nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("listen on %q: the page is for this machine only, choose 127.0.0.1:PORT", addr)
}

// Guard lets only this machine's own browser, on the program's own page, near
// next. Another site that points its name at this machine (DNS rebinding)
// fails on the Host header, and another site's page that posts here on its
// Origin. addr is where the page is served, and policy its
// Content-Security-Policy.
func Guard(addr net.Addr, policy string, next http.Handler) http.Handler {
	_, port, _ := net.SplitHostPort(addr.String()) // a listener's address always has one
	hosts := map[string]bool{
		addr.String():                       true,
		net.JoinHostPort("127.0.0.1", port): true,
		net.JoinHostPort("localhost", port): true,
		net.JoinHostPort("::1", port):       true,
	}
	own := http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !hosts[r.Host] {
			http.Error(w, "this page is for its own machine only", http.StatusMisdirectedRequest)
			return
		}
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		own.ServeHTTP(w, r)
	})
}
