package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/bot/settings"
	"resetpin/bot/telegram"
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
	ask := func(ctx context.Context, _ settings.Settings, _ string, _ []string, out io.Writer) error {
		if address == "telegram" {
			a, err := telegram.New(telegram.Config{Token: "4711:AAtest-token_of_the_pretend_bot0000", Signer: bot.NewSigner([]byte("x"))})
			if err == nil {
				_, err = a.Me(ctx)
			}
			return err
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

// Telegram too is called through the proxy, which is told its name and sees
// nothing of what is said.
func TestTelegramIsCalledThroughTheProxy(t *testing.T) {
	connects := make(chan string, 10)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		connects <- r.Method + " " + r.Host
		w.WriteHeader(http.StatusForbidden)
	}))
	defer proxy.Close()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, ".env"), []byte("HTTPS_PROXY="+proxy.URL+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	program := exec.CommandContext(t.Context(), os.Args[0]) // #nosec G204 -- this test itself
	program.Dir, program.Env = dir, []string{asked + "=telegram"}
	out, err := program.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "Forbidden") {
		t.Errorf("a proxy that refuses: %s, %v", out, err)
	}
	select {
	case got := <-connects:
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
