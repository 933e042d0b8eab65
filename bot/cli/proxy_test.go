package cli

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/bot/settings"
	"resetpin/bot/telegram"
	"resetpin/bot/telegram/telegramtest"
	"resetpin/store/storetest"
)

// asked is the variable of the environment that makes this test program the
// bot's: the proxies of a process are read once.
const asked = "RESETPIN_TEST_ASK"

func TestMain(m *testing.M) {
	address := os.Getenv(asked)
	if address == "" {
		storetest.Main(m)
		return
	}
	ask := func(ctx context.Context, s settings.Settings, _ string, _ []string, out io.Writer) error {
		if address == "telegram" {
			return askTelegram(ctx, s, out)
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return err
		}
		answer, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		_, err = io.Copy(out, answer.Body)
		return errors.Join(err, answer.Body.Close())
	}
	os.Exit(Run(context.Background(), []string{"check"}, Env{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Environ: os.Environ(), Dotenv: ".env", Now: time.Now, Setenv: os.Setenv,
	}, Programs{Check: ask}))
}

const botToken = "4711:AAtest-token_of_the_pretend_bot0000"

// askTelegram asks who the bot is, with the CA of CA_FILE.
func askTelegram(ctx context.Context, s settings.Settings, out io.Writer) error {
	data, err := os.ReadFile(s.CAFile)
	if err != nil {
		return err
	}
	ca := x509.NewCertPool()
	ca.AppendCertsFromPEM(data)
	a, err := telegram.New(telegram.Config{Token: botToken, CA: ca, Signer: bot.NewSigner([]byte("x"))})
	if err != nil {
		return err
	}
	me, err := a.Me(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "the bot is %v\n", me)
	return err
}

// connectProxy passes connections on to one server, whatever host they are for,
// as a network's proxy does that knows where that host is. It tells what it was
// asked for.
func connectProxy(t *testing.T, to string) (address string, asked chan string) {
	t.Helper()
	asked = make(chan string, 10)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.Method + " " + r.Host
		if r.Method != http.MethodConnect {
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		server, err := net.Dial("tcp", to)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer func() { _ = server.Close() }()
		w.WriteHeader(http.StatusOK)
		client, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = client.Close() }()
		go func() {
			_, _ = io.Copy(server, buffered) // until either side is done
			_ = server.Close()
		}()
		_, _ = io.Copy(client, server)
	}))
	t.Cleanup(proxy.Close)
	return proxy.URL, asked
}

// telegramBehind gives the address of Telegram's server as it is on the internet,
// with a certificate for its name, and that certificate's PEM file.
func telegramBehind(t *testing.T) (address, ca string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"api.telegram.org"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, about, about, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	ca = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	api, err := telegramtest.New(botToken, telegramtest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = api.Close() })
	to, err := url.Parse(api.URL())
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewUnstartedServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }})
	front.TLS = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	front.StartTLS()
	t.Cleanup(front.Close)
	return front.Listener.Addr().String(), ca
}

// Telegram too is called through the proxy, which is told its name and sees
// nothing of what is said.
func TestTelegramIsCalledThroughTheProxy(t *testing.T) {
	api, ca := telegramBehind(t)
	proxy, seen := connectProxy(t, api)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, ".env"), []byte("HTTPS_PROXY="+proxy+"\nCA_FILE="+ca+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	program := exec.CommandContext(t.Context(), os.Args[0]) // #nosec G204 -- this test itself
	program.Dir, program.Env = dir, []string{asked + "=telegram"}
	out, err := program.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "the bot is ") {
		t.Errorf("through the proxy: %s, %v", out, err)
	}
	select {
	case got := <-seen:
		if got != "CONNECT api.telegram.org:443" {
			t.Errorf("the proxy was asked for %q", got)
		}
	default:
		t.Errorf("the proxy was asked for nothing: %s", out)
	}
}

// A proxy stands where the other settings do, in .env, and is used.
func TestAProxyInDotenvIsUsed(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprint(w, "the proxy was asked for "+r.URL.Host)
	}))
	defer proxy.Close()
	dir := t.TempDir()
	for dotenv, want := range map[string]string{
		"HTTP_PROXY=" + proxy.URL + "\n":                               "the proxy was asked for bsre.invalid",
		"http_proxy=" + proxy.URL + "\nNO_PROXY=other.invalid\n":       "the proxy was asked for bsre.invalid",
		"HTTP_PROXY=" + proxy.URL + "\nNO_PROXY=.invalid,10.0.0.0/8\n": "no such host",
	} {
		if err := os.WriteFile(filepath.Join(dir, ".env"), []byte(dotenv), 0o600); err != nil {
			t.Fatal(err)
		}
		program := exec.CommandContext(t.Context(), os.Args[0]) // #nosec G204 -- this test itself
		program.Dir, program.Env = dir, []string{asked + "=http://bsre.invalid/"}
		out, err := program.CombinedOutput()
		if !strings.Contains(string(out), want) {
			t.Errorf("%q: %s, %v", dotenv, out, err)
		}
	}
}
