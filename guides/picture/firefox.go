package main

import (
	"context"
	"errors"
	"strconv"
	"time"

	"resetpin/guides/picture/bidi"
)

// firefox is a headless Firefox: its tab, and the window around it.
type firefox struct {
	*bidi.Browser
	page, window bidi.Tab
}

const firefoxHeight = 1100

// startFirefox starts a headless Firefox. Its window has as many real pixels
// for each CSS pixel as the pictures of desks have.
func startFirefox(ctx context.Context, o bidi.Options) (f firefox, err error) {
	o.Size = []string{"--width", strconv.Itoa(deskWidth), "--height", strconv.Itoa(firefoxHeight)}
	o.Settings = map[string]any{
		"intl.locale.requested": o.Lang, "extensions.autoDisableScopes": 0, "layout.css.devPixelsPerPx": strconv.FormatFloat(deskScale, 'f', -1, 64),
		"browser.shell.checkDefaultBrowser": false, "browser.startup.homepage_override.mstone": "ignore", "browser.aboutwelcome.enabled": false,
		"datareporting.policy.dataSubmissionEnabled": false, "app.update.enabled": false,
	}
	if f.Browser, err = bidi.Firefox(ctx, o); err != nil {
		return f, err
	}
	if f.page, err = first(f.Tabs()); err == nil {
		f.window, err = first(f.Windows())
	}
	if err != nil {
		return f, errors.Join(err, f.Close())
	}
	return f, nil
}

// photograph takes a picture of the whole window, the address bar included,
// with the places of elements of the page and of the window.
func (f firefox) photograph(page, window map[string]string, from, upTo string) (shot, error) {
	s := shot{width: deskWidth, height: firefoxHeight, scale: deskScale, boxes: make(map[string]box)}
	time.Sleep(500 * time.Millisecond) // until what moves has come to rest
	if err := s.find(f.page, page); err != nil {
		return s, err
	}
	// Firefox marks a window that is driven from outside; a person's has no
	// such mark, and who follows a link has left the address bar.
	if err := f.window.Run(`document.documentElement.removeAttribute("remotecontrol"); gURLBar.blur()`); err != nil {
		return s, err
	}
	if err := s.find(f.window, map[string]string{"page": `gBrowser.selectedBrowser`}); err != nil {
		return s, err
	}
	for name := range page {
		b := s.boxes[name]
		b.Y += s.boxes["page"].Y
		s.boxes[name] = b
	}
	if err := s.find(f.window, window); err != nil {
		return s, err
	}
	time.Sleep(500 * time.Millisecond)
	var err error
	s.png, err = f.window.Whole()
	return s.cut(from, upTo), err
}
