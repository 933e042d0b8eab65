package bsre

import (
	"fmt"
	"net"
	"net/url"
	"strings"
)

// secure refuses addresses over which the operator's password, codes and
// tokens would travel in clear, beyond this machine.
func (c PortalConfig) secure(portal, signOn *url.URL) error {
	if c.Insecure {
		return nil
	}
	for name, u := range map[string]*url.URL{"BSRE_PORTAL_URL": portal, "BSRE_SSO_URL": signOn} {
		if u.Scheme != "https" && !loopback(u.Hostname()) {
			return fmt.Errorf("%s: over http:// the operator's password and session would travel in clear; use https://, or say BSRE_PORTAL_INSECURE=true", name)
		}
	}
	return nil
}

// InClear tells whether an address leaves this machine without TLS.
func InClear(address string) bool {
	u, err := url.Parse(strings.TrimSpace(address))
	return err == nil && u.Scheme != "https" && !loopback(u.Hostname())
}

// loopback tells the names of this machine itself (RFC 6761 for localhost).
func loopback(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback() || host == "localhost" || strings.HasSuffix(host, ".localhost")
}
