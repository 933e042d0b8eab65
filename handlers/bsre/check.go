package bsre

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"resetpin/handlers/network"
	"time"
)

// settingNames are the settings that an advice names.
type settingNames struct {
	url, login, ca string
}

const statusURL = "BSRE_URL"

func statusNames() settingNames {
	return settingNames{url: statusURL, login: "BSRE_USERNAME and BSRE_PASSWORD", ca: "BSRE_CA_FILE"}
}

// ssoURL is the setting of the sign-on's address.
const ssoURL = "BSRE_SSO_URL"

// Check asks the service about nobody, once in each generation of its API, and
// tells whether it can be asked, or what is wrong and how to mend it.
func (c *StatusClient) Check(ctx context.Context) (Seen, error) {
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	var seen Seen
	names := statusNames()
	a, err := c.ask(ctx, probeNIK)
	if err != nil {
		return seen, advise(unavailable("ask for a status", err), names)
	}
	seen.Ahead = aheadOf(a, time.Now())
	if _, err := a.status(); err != nil {
		return seen, c.lookBeside(ctx, &seen, advise(err, names))
	}
	seen.APIs = []API{c.api()}
	return seen, c.lookBeside(ctx, &seen, nil)
}

// advise says of a failed question what is to be done about it.
func advise(err error, n settingNames) error {
	if hint := n.hint(err); hint != "" {
		return fmt.Errorf("%w: %s", err, hint)
	}
	return err
}

func (n settingNames) hint(err error) string {
	var bad *answerError
	if errors.As(err, &bad) {
		return n.answerHint(bad)
	}
	var cut *netError
	if !errors.As(err, &cut) {
		if errors.Is(err, ErrCredentials) && !errors.Is(err, errNoSession) {
			return "check " + n.login
		}
		return ""
	}
	switch cut.cause {
	case network.Refused, network.NoWay:
		return "is " + n.url + " right, does the service run, and does the firewall let this machine through?"
	case network.Late:
		return "is " + n.url + " right, and does the firewall let this machine through?"
	case network.NoName:
		return "check the host in " + n.url
	case network.Authority:
		return "is a proxy in between? Compare who issued it with BSrE, or with who runs the proxy, by telephone; a genuine one's PEM file is named in " + n.caSetting()
	case network.OldTLS:
		return "TLS 1.2 or newer must be switched on there"
	case network.ClientCertificate:
		return "this program has none to show: ask those who run it for a way without one"
	case network.OtherHost:
		return "use the host's own name in " + n.url
	case network.Invalid:
		return "it may have ended, or this machine's clock is wrong"
	case network.NoTLS:
		return "does " + n.url + " begin with http:// instead of https://?"
	}
	return "is " + n.url + " right?"
}

func (n settingNames) caSetting() string {
	if n.ca == "" {
		return "CA_FILE"
	}
	return n.ca
}

func (n settingNames) answerHint(bad *answerError) string {
	switch {
	case errors.Is(bad, ErrCredentials):
		return "check " + n.login
	case errors.Is(bad, errBusy):
		return "try again in a minute"
	case bad.words == wordsProxy:
		return "put user and password into HTTPS_PROXY, or the host into NO_PROXY"
	case bad.code == http.StatusNotFound && n.url == statusURL:
		return "check BSRE_URL and BSRE_API"
	case bad.html:
		return "a proxy is in between, or " + n.url + " is wrong"
	case bad.code >= 500:
		return "the service itself is out of order"
	}
	return "is " + n.url + " right?"
}

// Check logs in to the portal and asks it about nobody, or tells what is wrong
// and how to mend it. With the authenticator's secret it begins a session of
// its own and ends it: a kept one would prove nothing of the secret. Nothing
// else is changed at BSrE.
func (p *Portal) Check(ctx context.Context) (Seen, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*p.session.talkTime()+3*p.config.Timeout)
	defer cancel()
	if p.config.TOTPSecret != "" {
		return p.tryLogin(ctx)
	}
	token, err := p.session.token(ctx)
	seen := Seen{Ahead: p.session.clock.ahead}
	if err != nil {
		return seen, advise(err, settingNames{url: ssoURL, login: loginNames(p.config.TOTPSecret)})
	}
	return seen, p.askWith(ctx, token)
}

func loginNames(secret string) string {
	if secret == "" {
		return "BSRE_PORTAL_USERNAME and BSRE_PORTAL_PASSWORD"
	}
	return "BSRE_PORTAL_USERNAME, BSRE_PORTAL_PASSWORD and BSRE_PORTAL_TOTP_SECRET"
}

// connect opens a connection, with TLS where the address wants it, and closes
// it again.
func (c *Call) connect(ctx context.Context, address string) error {
	var conn net.Conn
	var err error
	if c.url.base.Scheme == "https" {
		d := tls.Dialer{Config: &tls.Config{RootCAs: c.config.CA, MinVersion: tls.VersionTLS12}}
		conn, err = d.DialContext(ctx, "tcp", address)
	} else {
		var d net.Dialer
		conn, err = d.DialContext(ctx, "tcp", address)
	}
	if err != nil {
		return err
	}
	return conn.Close()
}
