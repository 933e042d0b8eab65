package browser_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	devtools "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"resetpin/guides/picture/compact"
)

// screenshots keeps what the browser test sees, for the README:
//
//	go -C bot/sandbox/browser test -screenshots
var screenshots = flag.Bool("screenshots", false, "write the pictures in screenshots/ anew")

// patience bounds every wait for something to appear. In a group the bot keeps
// the pace of Telegram, 20 messages a minute.
const patience = time.Minute

// tab is a tab of a real browser.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// openBrowser starts a headless Chromium that speaks Indonesian, as wide and
// high as a desktop window. The browser ends with the test.
func openBrowser(t *testing.T) tab {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("SKIPPED, THE PAGE WAS NOT TESTED IN A BROWSER: no Chromium on this machine. Install it with: apt-get install chromium chromium-l10n fonts-noto-color-emoji")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("lang", "id"), chromedp.Env("LANGUAGE=id", "TMPDIR="+t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("font-render-hinting", "none"),
	)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator, chromedp.WithErrorf(func(string, ...any) {}))
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // starts the browser
		t.Fatalf("start %s: %v", path, err)
	}
	return tab{t: t, ctx: ctx}
}

// as gives the same tab reporting to a subtest.
func (b tab) as(t *testing.T) tab { return tab{t: t, ctx: b.ctx} }

// do runs an action within the patience.
func do[T any](b tab, what string, a chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		b.fail("%s: %v", what, err)
	}
	return v
}

// fail ends the test with what the browser shows at that moment.
func (b tab) fail(format string, args ...any) {
	b.t.Helper()
	shown, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.body.innerText`))
	if err != nil {
		shown = err.Error()
	}
	if picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot()); err == nil {
		name := filepath.Join(b.t.ArtifactDir(), "failed.png")
		if os.WriteFile(name, picture, 0o600) == nil {
			b.t.Logf("see %s (go test -artifacts keeps it)", name)
		}
	}
	b.t.Fatalf("%s\n--- the browser shows:\n%s", fmt.Sprintf(format, args...), shown)
}

// size makes the window as large as a screen of so many pixels.
func (b tab) size(width, height int64) {
	b.t.Helper()
	do(b, "size the window", chromedp.EmulateViewport(width, height))
}

// dark lets the machine ask for the dark form.
func (b tab) dark(on bool) {
	b.t.Helper()
	scheme := "light"
	if on {
		scheme = "dark"
	}
	wants := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, wants); err != nil {
		b.fail("ask for the %s form: %v", scheme, err)
	}
}

func (b tab) open(url string) {
	b.t.Helper()
	do(b, "open "+url, chromedp.Navigate(url))
}

// until waits until a JavaScript expression is true.
func (b tab) until(what, js string) {
	b.t.Helper()
	end := time.Now().Add(patience)
	for {
		ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`Boolean(`+js+`)`))
		if ok && err == nil {
			return
		}
		if time.Now().After(end) {
			b.fail("%s does not come true (%v)", what, err)
		}
		time.Sleep(40 * time.Millisecond)
	}
}

// click presses the mouse on what the CSS selector finds.
func (b tab) click(selector string) {
	b.t.Helper()
	b.until(selector, `document.querySelector(`+quote(selector)+`)?.checkVisibility()`)
	do(b, "click "+selector, chromedp.Click(chromedp.CSS(selector)))
}

// text reads what a JavaScript expression says.
func (b tab) text(js string) string {
	b.t.Helper()
	return do(b, js, chromedp.Evaluate[string](`String(`+js+`)`))
}

// keys types into what the CSS selector finds.
func (b tab) keys(selector, text string) {
	b.t.Helper()
	do(b, "type into "+selector, chromedp.SendKeys(chromedp.CSS(selector), text))
}

// shot keeps a picture of the window for the README, when asked to.
func (b tab) shot(name string) {
	b.t.Helper()
	if !*screenshots {
		return
	}
	time.Sleep(400 * time.Millisecond) // until what moves has come to rest
	picture := do(b, "take a picture", chromedp.CaptureScreenshot())
	small, err := compact.PNG(picture)
	if err == nil {
		err = os.WriteFile(filepath.Join("..", "screenshots", name+".png"), small, 0o644)
	}
	if err != nil {
		b.t.Error(err)
	}
}

// find waits for a page or frame of the browser whose address begins so, and
// gives it as a tab.
func (b tab) find(kind, prefix string) tab {
	b.t.Helper()
	end := time.Now().Add(patience)
	for time.Now().Before(end) {
		all, err := chromedp.Targets(b.ctx)
		if err != nil {
			b.fail("list the browser's tabs: %v", err)
		}
		for _, info := range all {
			if info.Type == kind && strings.HasPrefix(info.URL, prefix) {
				return b.attach(info.TargetID)
			}
		}
		time.Sleep(40 * time.Millisecond)
	}
	b.fail("no %s opens at %s", kind, prefix)
	return tab{}
}

func (b tab) attach(id target.ID) tab {
	b.t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithTargetID(id), chromedp.WithDetachOnCancel())
	b.t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		b.fail("attach to a tab: %v", err)
	}
	return tab{t: b.t, ctx: ctx}
}

// leave closes the tab; the one before it comes to the front.
func (b tab) leave() {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.Call(ctx, devtools.Close, cdp.Empty{}); err != nil {
		b.fail("close the tab: %v", err)
	}
}

// quote writes a text as a JavaScript string.
func quote(s string) string { return fmt.Sprintf("%q", s) }

// mouse presses the mouse at a place of the window.
func (b tab) mouse(x, y float64) {
	b.t.Helper()
	do(b, "press the mouse", chromedp.MouseClickXY(x, y))
}
