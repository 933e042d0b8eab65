package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// patience bounds every wait for something to appear.
const patience = 20 * time.Second

// chromium is a tab of a headless Chromium.
type chromium struct {
	ctx  context.Context //nolint:containedctx // chromedp keeps the tab in it
	stop func()
}

// startChromium starts a headless Chromium that speaks a language and reaches
// nothing but what the proxy lets it reach.
func startChromium(ctx context.Context, lang, proxy, fonts string) (*chromium, error) {
	path, err := program("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("lang", lang), chromedp.Env("LANGUAGE="+lang, "FONTCONFIG_FILE="+fonts), chromedp.ProxyServer(proxy),
		chromedp.Flag("disable-quic", true), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("font-render-hinting", "none"),
	)
	allocator, stopAllocator := chromedp.NewExecAllocator(ctx, options...)
	tab, stopTab := chromedp.NewContext(allocator, chromedp.WithErrorf(func(string, ...any) {}))
	b := &chromium{ctx: tab, stop: func() {
		stopTab()
		stopAllocator()
	}}
	if err := chromedp.Do(tab); err != nil {
		b.stop()
		return nil, fmt.Errorf("start chromium: %w", err)
	}
	return b, nil
}

// program finds the first of some programs that is installed.
func program(names ...string) (string, error) {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%s is not installed: apt-get install chromium chromium-l10n firefox-esr firefox-esr-l10n-id fonts-roboto-unhinted fonts-noto-color-emoji", names[0])
}

// do runs an action within the patience.
func do[T any](b *chromium, what string, a chromedp.Action[T]) (T, error) {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		return v, fmt.Errorf("chromium: %s: %w", what, err)
	}
	return v, nil
}

// size makes the window as large as a screen of so many CSS pixels, with so
// many real pixels for each.
func (b *chromium) size(width, height int64, scale float64, phone bool) error {
	options := []chromedp.EmulateViewportOption{chromedp.EmulateScale(scale)}
	if phone {
		options = append(options, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	_, err := do(b, "size the window", chromedp.EmulateViewport(width, height, options...))
	return err
}

// open goes to an address. That the browser warns of its certificate is no
// error: the warning is what is wanted.
func (b *chromium) open(url string) error {
	_, err := do(b, "open "+url, chromedp.Navigate(url))
	if err != nil && strings.Contains(err.Error(), "ERR_CERT_AUTHORITY_INVALID") {
		return nil
	}
	return err
}

// until waits until a JavaScript expression is true.
func (b *chromium) until(js string) error {
	end := time.Now().Add(patience)
	for {
		ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`Boolean(`+js+`)`))
		if ok && err == nil {
			return nil
		}
		if time.Now().After(end) {
			return errors.Join(fmt.Errorf("chromium: %s does not come true", js), err)
		}
		time.Sleep(40 * time.Millisecond)
	}
}

// run runs JavaScript.
func (b *chromium) run(js string) error {
	_, err := do(b, js, chromedp.Evaluate[bool](`(() => { `+js+`; return true })()`))
	return err
}

// keys types into what a CSS selector finds.
func (b *chromium) keys(selector, text string) error {
	_, err := do(b, "type into "+selector, chromedp.SendKeys(chromedp.CSS(selector), text))
	return err
}

// find gives the places of what JavaScript expressions find, in CSS pixels.
func (b *chromium) find(expressions []string) ([]box, error) {
	if len(expressions) == 0 {
		return nil, nil
	}
	return do(b, "find "+strings.Join(expressions, ", "), chromedp.Evaluate[[]box](boxes(expressions)))
}

// boxes is JavaScript that gives the boxes of what expressions find, also
// inside a frame of the same page.
func boxes(expressions []string) string {
	return `((found) => found.map((e) => {
		const r = e.getBoundingClientRect(), f = (e.ownerDocument || e.startContainer.ownerDocument).defaultView.frameElement?.getBoundingClientRect();
		return { x: r.x + (f?.x || 0), y: r.y + (f?.y || 0), width: r.width, height: r.height }
	}))([` + strings.Join(expressions, ", ") + `])`
}

// shot takes a picture of the window.
func (b *chromium) shot() ([]byte, error) {
	time.Sleep(350 * time.Millisecond) // until what moves has come to rest
	return do(b, "take a picture", chromedp.CaptureScreenshot())
}

// show puts a page of our own into the window.
func (b *chromium) show(html string) error {
	if err := b.open("about:blank"); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	tree, err := chromedp.Call(ctx, page.GetFrameTree, cdp.Empty{})
	if err == nil {
		_, err = chromedp.Call(ctx, page.SetDocumentContent, page.SetDocumentContentParams{FrameID: tree.FrameTree.Frame.ID, HTML: html})
	}
	if err != nil {
		return fmt.Errorf("chromium: show a page: %w", err)
	}
	return nil
}
