package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// firefox is a headless Firefox with its own words and window.
type firefox struct {
	*marionette
	command *exec.Cmd
	profile string
}

const firefoxHeight = 1100

// startFirefox starts a headless Firefox that speaks a language and reaches
// nothing but what the proxy lets it reach.
func startFirefox(ctx context.Context, lang, proxy, fonts string) (*firefox, error) {
	path, err := program("firefox-esr", "firefox")
	if err != nil {
		return nil, err
	}
	f := &firefox{}
	if f.profile, err = os.MkdirTemp("", "picture-firefox-"); err != nil {
		return nil, fmt.Errorf("make firefox's profile: %w", err)
	}
	if err := os.WriteFile(filepath.Join(f.profile, "user.js"), preferences(lang, proxy), 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("make firefox's profile: %w", err), os.RemoveAll(f.profile))
	}
	f.command = exec.CommandContext(ctx, path, "--headless", "--marionette", "--remote-allow-system-access", "--no-remote", //nolint:gosec // found on the path
		"--profile", f.profile, "--width", strconv.Itoa(deskWidth), "--height", strconv.Itoa(firefoxHeight))
	f.command.Env = append(os.Environ(), "FONTCONFIG_FILE="+fonts)
	if err := f.command.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start firefox: %w", err), os.RemoveAll(f.profile))
	}
	if err := f.connect(ctx); err != nil {
		return nil, errors.Join(err, f.stop())
	}
	return f, nil
}

// preferences are Firefox's settings: the language, the proxy, and a port of
// its choice for commands.
func preferences(lang, proxy string) []byte {
	place, _ := url.Parse(proxy) // of our own making
	var b strings.Builder
	for name, value := range map[string]any{
		"marionette.port": 0, "intl.locale.requested": lang, "extensions.autoDisableScopes": 0,
		"layout.css.devPixelsPerPx": fmt.Sprint(deskScale),
		"network.proxy.type":        1, "network.proxy.ssl": place.Hostname(), "network.proxy.ssl_port": json.Number(place.Port()),
		"network.proxy.http": place.Hostname(), "network.proxy.http_port": json.Number(place.Port()),
		"browser.shell.checkDefaultBrowser": false, "browser.startup.homepage_override.mstone": "ignore", "browser.aboutwelcome.enabled": false,
		"datareporting.policy.dataSubmissionEnabled": false, "app.update.enabled": false,
	} {
		written, _ := json.Marshal(value) // words and numbers
		fmt.Fprintf(&b, "user_pref(%q, %s);\n", name, written)
	}
	return []byte(b.String())
}

// connect waits until Firefox tells its port, and begins a session.
func (f *firefox) connect(ctx context.Context) error {
	var port []byte
	for end := time.Now().Add(2 * patience); ; time.Sleep(50 * time.Millisecond) {
		var err error
		if port, err = os.ReadFile(filepath.Join(f.profile, "MarionetteActivePort")); err == nil && len(port) > 0 {
			break
		}
		if time.Now().After(end) {
			return fmt.Errorf("firefox does not tell its port: %w", err)
		}
	}
	var err error
	if f.marionette, err = dialMarionette(ctx, net.JoinHostPort("127.0.0.1", strings.TrimSpace(string(port)))); err != nil {
		return err
	}
	return f.call("WebDriver:NewSession", struct{}{}, nil)
}

// stop ends Firefox and removes what it wrote.
func (f *firefox) stop() error {
	var err error
	if f.marionette != nil {
		err = f.call("Marionette:Quit", map[string]any{"flags": []string{"eForceQuit"}}, nil)
		err = errors.Join(err, f.conn.Close())
	}
	timer := time.AfterFunc(patience, func() { _ = f.command.Process.Kill() })
	defer timer.Stop()
	_ = f.command.Wait() // how it ends makes no difference
	return errors.Join(err, os.RemoveAll(f.profile))
}

// context chooses what is spoken to: the page ("content") or the window
// around it ("chrome").
func (f *firefox) context(name string) error {
	return f.call("Marionette:SetContext", map[string]string{"value": name}, nil)
}

// until waits until JavaScript returns true.
func (f *firefox) until(js string) error {
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		var yes bool
		err := f.script("return Boolean("+js+")", &yes)
		if err == nil && yes {
			return nil
		}
		if time.Now().After(end) {
			return errors.Join(fmt.Errorf("firefox: %s does not come true", js), err)
		}
	}
}

// photograph takes a picture of the whole window, the address bar included,
// with the places of elements of the page and of the window.
func (f *firefox) photograph(page, window map[string]string, from, upTo string) (shot, error) {
	s := shot{width: deskWidth, height: firefoxHeight, scale: deskScale, boxes: make(map[string]box)}
	time.Sleep(500 * time.Millisecond) // until what moves has come to rest
	if err := f.find(page, s.boxes); err != nil {
		return s, err
	}
	if err := f.context("chrome"); err != nil {
		return s, err
	}
	// Firefox marks a window that is driven from outside; a person's has no
	// such mark.
	if err := f.script(`document.documentElement.removeAttribute("remotecontrol")`, nil); err != nil {
		return s, err
	}
	if err := f.find(map[string]string{"page": `gBrowser.selectedBrowser`}, s.boxes); err != nil {
		return s, err
	}
	for name := range page {
		b := s.boxes[name]
		b.Y += s.boxes["page"].Y
		s.boxes[name] = b
	}
	if err := f.find(window, s.boxes); err != nil {
		return s, err
	}
	time.Sleep(500 * time.Millisecond)
	var picture struct{ Value string }
	if err := f.call("WebDriver:TakeScreenshot", map[string]bool{"full": false}, &picture); err != nil {
		return s, err
	}
	var err error
	if s.png, err = base64.StdEncoding.DecodeString(picture.Value); err != nil {
		return s, fmt.Errorf("firefox: read a picture: %w", err)
	}
	return s.cut(from, upTo), f.context("content")
}

// find adds the places of elements to those known.
func (f *firefox) find(expressions map[string]string, known map[string]box) error {
	for name, js := range expressions {
		var b box
		if err := f.script(`const r = (`+js+`).getBoundingClientRect(); return { x: r.x, y: r.y, width: r.width, height: r.height }`, &b); err != nil {
			return err
		}
		if b.Width == 0 {
			return fmt.Errorf("firefox: %s does not stand in the window", name)
		}
		known[name] = b
	}
	return nil
}
