package bsre

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
)

// settingNames are the settings that an advice names.
type settingNames struct {
	url, login, ca string
}

const statusURL = "BSRE_URL"

func statusNames() settingNames {
	return settingNames{url: statusURL, login: "BSRE_USERNAME and BSRE_PASSWORD", ca: "BSRE_CA_FILE"}
}

// Check asks the service about nobody, once, and tells whether it can be
// asked, or what is wrong and how to mend it.
func (c *StatusClient) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	names := statusNames()
	a, err := c.ask(ctx, probeNIK)
	if err != nil {
		return advise(unavailable("ask for a status", err), names)
	}
	if _, err := a.status(); err != nil {
		return advise(err, names)
	}
	return nil
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
	switch cut.words {
	case wordsRefused, wordsNoWay:
		return "is " + n.url + " right, does the service run, and does the firewall let this machine through?"
	case wordsLate:
		return "is " + n.url + " right, and does the firewall let this machine through?"
	case wordsNoName:
		return "check the host in " + n.url
	case wordsAuthority:
		if n.ca == "" {
			return "is a proxy in between? Its authority must be known to this machine"
		}
		return "name the PEM file of its authority in " + n.ca
	case wordsOtherHost:
		return "use the host's own name in " + n.url
	case wordsInvalid:
		return "it may have ended, or this machine's clock is wrong"
	case wordsNoTLS:
		return "does " + n.url + " begin with http:// instead of https://?"
	}
	return "is " + n.url + " right?"
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

// Check logs in to the portal and asks it about nobody, or tells what is
// wrong and how to mend it. Nothing is changed at BSrE.
func (p *Portal) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*p.session.talkTime()+3*p.config.Timeout)
	defer cancel()
	if _, err := p.session.token(ctx); err != nil {
		return advise(err, settingNames{url: "BSRE_SSO_URL", login: loginNames(p.config.TOTPSecret)})
	}
	_, err := p.list(ctx, probeNIK)
	if err == nil || errors.Is(err, ErrNotFound) || errors.Is(err, ErrAmbiguous) {
		return nil
	}
	return advise(err, settingNames{url: "BSRE_PORTAL_URL", login: "the operator's rights in BSrE's portal"})
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
