package bidi

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// Options are what a browser is started with.
type Options struct {
	Lang     string         // of its own words
	Proxy    string         // host:port that leads to all sites; empty: none
	Env      []string       // beside the environment
	Patience time.Duration  // bounds every wait for something to appear
	Size     []string       // Firefox's own arguments about its window
	Settings map[string]any // Firefox's preferences
}

// session is what a browser is asked to be.
func (o Options) session(more fields) fields {
	if o.Proxy != "" {
		more["proxy"] = map[string]string{"proxyType": "manual", "httpProxy": o.Proxy, "sslProxy": o.Proxy}
	}
	return fields{"capabilities": fields{"alwaysMatch": more}}
}

// Chromium starts a headless Chromium by its driver, which ends with the
// context or by Close. A program that is missing is exec.ErrNotFound.
func Chromium(ctx context.Context, o Options) (*Browser, error) {
	path, err := program("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
	if err != nil {
		return nil, err
	}
	driver, err := program("chromedriver")
	if err != nil {
		return nil, err
	}
	b, port, err := o.start(ctx, regexp.MustCompile(`successfully on port (\d+)`), driver, "--port=0")
	if err != nil {
		return nil, err
	}
	request, err := json.Marshal(o.session(fields{"webSocketUrl": true, "goog:chromeOptions": fields{"binary": path, "args": []string{
		"headless", "no-sandbox", "disable-gpu", "lang=" + o.Lang, "disable-quic", "hide-scrollbars", "font-render-hinting=none", "force-color-profile=srgb",
	}}}))
	if err == nil {
		err = b.viaDriver(ctx, "http://127.0.0.1:"+port+"/session", request)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start chromium: %w", err), b.Close())
	}
	return b, nil
}

// viaDriver asks a driver for a browser, and connects to it.
func (b *Browser) viaDriver(ctx context.Context, url string, request []byte) error {
	ask, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(request))
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(ask)
	if err != nil {
		return err
	}
	var session struct {
		Value struct {
			Error
			Capabilities struct {
				URL string `json:"webSocketUrl"`
			} `json:"capabilities"`
		} `json:"value"`
	}
	err = errors.Join(json.NewDecoder(answer.Body).Decode(&session), answer.Body.Close())
	if err == nil && answer.StatusCode != http.StatusOK {
		err = &session.Value.Error
	}
	if err != nil {
		return err
	}
	return b.dial(session.Value.Capabilities.URL)
}

// Firefox starts a headless Firefox, which needs no driver.
func Firefox(ctx context.Context, o Options) (*Browser, error) {
	path, err := program("firefox-esr", "firefox")
	if err != nil {
		return nil, err
	}
	b, url, err := o.start(ctx, regexp.MustCompile(`BiDi listening on (\S+)`), path,
		append([]string{"--headless", "--no-remote", "--remote-debugging-port=0", "--remote-allow-system-access", "--profile", "."}, o.Size...)...)
	if err != nil {
		return nil, err
	}
	if err = b.dial(url + "/session"); err == nil {
		err = b.call("session.new", o.session(fields{}), nil)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start firefox: %w", err), b.Close())
	}
	return b, nil
}

// start starts a program, in a folder of its own with Firefox's settings, and
// waits until it says where it listens.
func (o Options) start(ctx context.Context, says *regexp.Regexp, path string, args ...string) (b *Browser, where string, err error) {
	dir, err := os.MkdirTemp("", "browser-")
	if err != nil {
		return nil, "", fmt.Errorf("make the browser's folder: %w", err)
	}
	var settings strings.Builder
	for name, value := range o.Settings {
		written, _ := json.Marshal(value) // words and numbers
		fmt.Fprintf(&settings, "user_pref(%q, %s);\n", name, written)
	}
	err = os.WriteFile(filepath.Join(dir, "user.js"), []byte(settings.String()), 0o600)
	command := exec.CommandContext(ctx, path, args...) //nolint:gosec // found on the path
	command.Dir, command.Env = dir, append(append(os.Environ(), "TMPDIR="+dir), o.Env...)
	// It ends with all that it starts.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	out, piped := command.StdoutPipe()
	command.Stderr = command.Stdout
	if err = errors.Join(err, piped); err == nil {
		err = command.Start()
	}
	if err != nil {
		return nil, "", errors.Join(fmt.Errorf("start %s: %w", path, err), os.RemoveAll(dir))
	}
	b = &Browser{patience: o.Patience, stop: func() error {
		_, _ = command.Cancel(), command.Wait() // how it ends makes no difference
		return o.remove(dir)
	}}
	var said strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); fmt.Fprintln(&said, lines.Text()) {
		if found := says.FindStringSubmatch(lines.Text()); found != nil {
			go func() { _, _ = io.Copy(io.Discard, out) }() // what it says later is for nobody
			return b, found[1], nil
		}
	}
	return nil, "", errors.Join(fmt.Errorf("%s does not say where it listens: %s", path, &said), b.stop())
}

// remove removes a folder, into which a program that was just ended may still
// write for a moment.
func (o Options) remove(dir string) error {
	for end := time.Now().Add(o.Patience); ; time.Sleep(40 * time.Millisecond) {
		if err := os.RemoveAll(dir); err == nil || time.Now().After(end) {
			return err
		}
	}
}

// program finds the first of some programs that is installed.
func program(names ...string) (path string, err error) {
	for _, name := range names {
		if path, err = exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%w: apt-get install chromium chromium-driver chromium-l10n firefox-esr firefox-esr-l10n-id fonts-roboto-unhinted fonts-noto-color-emoji", err)
}
