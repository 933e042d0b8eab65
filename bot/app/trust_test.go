package app_test

import (
	"encoding/pem"
	"io"
	"log"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"resetpin/bot/app"
	"resetpin/bot/mattermost/setup"
	"resetpin/handlers/bsre/bsretest"
	"resetpin/handlers/mail/mailtest"
)

// behindTLS puts a server behind one with a certificate of the agency's own
// CA, and gives its address and that CA.
func behindTLS(t *testing.T, address string) (string, []byte) {
	t.Helper()
	to, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	quiet := log.New(io.Discard, "", 0) // it is refused on purpose
	front := httptest.NewUnstartedServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to); r.Out.Host = to.Host }, ErrorLog: quiet})
	front.Config.ErrorLog = quiet
	front.StartTLS()
	t.Cleanup(front.Close)
	return front.URL, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: front.Certificate().Raw})
}

// On a closed network everything inside has certificates of the agency's own
// CA: one file lets all of it be trusted.
func TestOneCAFileIsTrustedEverywhere(t *testing.T) {
	w := newWorldWithMattermost(t)
	mail, err := mailtest.Start(mailtest.Config{TLS: mailtest.TLSImplicit})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mail.Close() })
	telegram, ca := behindTLS(t, w.telegram.URL())
	status, _ := behindTLS(t, w.bsre.APIURL())
	portal, _ := behindTLS(t, w.bsre.PortalURL())
	signOn, _ := behindTLS(t, strings.TrimSuffix(w.bsre.SSOURL(), bsretest.TokenPath))
	mattermost, _ := behindTLS(t, w.mattermost.URL())
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, append(ca, mail.CAPEM()...), 0o600); err != nil {
		t.Fatal(err)
	}
	w.extra = append(w.extra, "TELEGRAM_API_URL="+telegram, "BSRE_URL="+status, "BSRE_PORTAL_URL="+portal, "BSRE_SSO_URL="+signOn+bsretest.TokenPath, "MATTERMOST_URL="+mattermost, "SMTP_URL="+mail.URL())
	systems := []string{"Telegram", "BSrE status", "BSrE reset", "Mattermost", "mail"}
	out, _ := w.check()
	for _, name := range systems {
		if l := lineOf(out, name); !strings.HasPrefix(l, "WRONG") {
			t.Errorf("without its CA: %q", l)
		}
	}
	w.extra = append(w.extra, "CA_FILE="+file)
	out, _ = w.check()
	for _, name := range systems {
		if l := lineOf(out, name); strings.HasPrefix(l, "WRONG") || l == "" {
			t.Errorf("with CA_FILE: %q", l)
		}
	}
	w.load()
	if _, err := app.MattermostSetup(t.Context(), w.settings, setup.Options{AdminToken: w.mattermost.AdminToken(), AllTeams: true}); err != nil {
		t.Errorf("set up Mattermost: %v", err)
	}
}

// A CA that the agency's network trusts, a proxy's that opens every
// connection for example, or a forger's that came into the file, does not
// make a reset site genuine.
func TestTheLookAtTheResetSiteKnowsNoCAFile(t *testing.T) {
	w := newWorld(t)
	w.stop()
	forgers := w.caFile() // the site's certificate comes from this one
	_, ca := behindTLS(t, w.bsre.APIURL())
	genuine := filepath.Join(t.TempDir(), "genuine.pem")
	if err := os.WriteFile(genuine, ca, 0o600); err != nil {
		t.Fatal(err)
	}
	w.extra = []string{"CA_FILE=" + forgers, "RESET_SITE_CA_FILE="}
	if l, _ := w.check(); strings.Contains(lineOf(l, "reset site"), "browsers trust") || !strings.Contains(lineOf(l, "reset site"), "issuer") {
		t.Errorf("the forger's CA in CA_FILE: %q", lineOf(l, "reset site"))
	}
	w.extra = []string{"CA_FILE=" + forgers, "RESET_SITE_CA_FILE=" + genuine}
	if l, _ := w.check(); !strings.HasPrefix(lineOf(l, "reset site"), "WRONG") {
		t.Errorf("beside the genuine one: %q", lineOf(l, "reset site"))
	}
}
