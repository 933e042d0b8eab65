package mattermosttest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"time"
)

// userAgent is what the server calls itself to the bot.
const userAgent = "Mattermost-Bot/1.1"

var errForbidden = errors.New("address forbidden, you may need to set AllowedUntrustedInternalConnections to allow an integration access to your internal network")

// outgoing gives the client that calls the bot. It reaches internal addresses
// only when the administrator allowed them, and follows ten redirects.
func (s *Server) outgoing() *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: s.dial, MaxIdleConnsPerHost: 100, ResponseHeaderTimeout: time.Hour}}
}

func (s *Server) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	addresses, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	var d net.Dialer
	err = errForbidden
	for _, a := range addresses {
		if !s.allows(host, a.Unmap()) {
			continue
		}
		var c net.Conn
		if c, err = d.DialContext(ctx, network, net.JoinHostPort(a.String(), port)); err == nil {
			return c, nil
		}
	}
	return nil, err
}

// allows tells whether the server may call a host.
func (s *Server) allows(host string, a netip.Addr) bool {
	if !a.IsLoopback() && !a.IsPrivate() && !a.IsLinkLocalUnicast() && !a.IsUnspecified() {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(splitHosts(s.settings.AllowedUntrustedInternalConnections), func(one string) bool {
		if network, err := netip.ParsePrefix(one); err == nil {
			return network.Contains(a)
		}
		return one == host || one == a.String()
	})
}

// integrate posts JSON to the bot, as for buttons and dialogs, and gives its
// answer. Only status 200 counts. What a broken body leads to is unread's to
// say.
func (s *Server) integrate(address string, body any, unread func(detail string) *Failure) ([]byte, *Failure) {
	ctx, cancel := context.WithTimeout(s.ctx, s.o.IntegrationTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader([]byte(asText(body))))
	if err != nil {
		return nil, integrationError(err.Error())
	}
	req.Header.Set("User-Agent", userAgent)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	answer, err := s.client.Do(req)
	if err != nil {
		return nil, integrationError(err.Error())
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return nil, integrationError(fmt.Sprintf("status=%d", answer.StatusCode))
	}
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, unread(err.Error())
	}
	return raw, nil
}

func integrationError(detail string) *Failure {
	return fail(http.StatusBadRequest, "api.post.do_action.action_integration.app_error", "Action integration error.").because("%s", detail)
}
