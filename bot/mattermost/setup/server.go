package setup

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"resetpin/bot/mattermost/server"
	"slices"
	"strings"
	"unicode"
)

// checkServer looks whether the server allows what the bot lives of.
func (s *run) checkServer(ctx context.Context) error {
	c, r, err := s.admin.GetConfig(ctx)
	if err != nil {
		return server.Explain("read the server's configuration", r, err)
	}
	s.config = c
	now := server.ConditionsOf(c)
	if err := now.WrongPath(s.c.URL); err != nil {
		return err
	}
	v := c.ServiceSettings
	if !server.IsTrue(v.EnableCommands) {
		s.trouble("slash commands are switched off: System Console > Integrations > Integration Management > Enable Custom Slash Commands (ServiceSettings.EnableCommands)")
	}
	if now.SiteURL == "" {
		s.trouble("%s", server.NoSiteURL)
	}
	for _, advice := range now.Advice(s.c.ResetSites) {
		s.advise(advice)
	}
	host, err := internalHost(ctx, s.c.PublicURL, server.Text(v.AllowedUntrustedInternalConnections))
	if err != nil {
		return err
	}
	if host != "" {
		s.trouble("the server may not call the bot, because %s is an internal address: add it under System Console > Environment > Developer > Allow untrusted internal connections (ServiceSettings.AllowedUntrustedInternalConnections)", host)
	}
	return nil
}

// internalHost gives the host of an address when it is an internal one that
// the server's setting does not name, as the server itself judges it: the
// setting lists hosts and networks.
func internalHost(ctx context.Context, address, allowed string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("mattermost: PUBLIC_URL: %w", err)
	}
	host := u.Hostname()
	list := strings.FieldsFunc(allowed, func(r rune) bool { return unicode.IsSpace(r) || r == ',' })
	if slices.Contains(list, host) {
		return "", nil
	}
	ips, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return "", fmt.Errorf("mattermost: the host of PUBLIC_URL cannot be found from here: %w", err)
	}
	for _, ip := range ips {
		if ip = ip.Unmap(); internal(ip) && !slices.ContainsFunc(list, func(entry string) bool {
			network, err := netip.ParsePrefix(entry)
			return err == nil && network.Contains(ip)
		}) {
			return host, nil
		}
	}
	return "", nil
}

// internal tells whether an address is of the ranges that the server refuses
// to call by itself (public/shared/httpservice of its source). Its own
// addresses, which it refuses too, are not known here.
func internal(ip netip.Addr) bool {
	shared := netip.MustParsePrefix("100.64.0.0/10")
	return ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsUnspecified() || shared.Contains(ip)
}
