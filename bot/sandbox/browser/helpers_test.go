package browser_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"resetpin/guides/picture/bidi"
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
	t       *testing.T
	browser *bidi.Browser
	page    bidi.Tab
}

// openBrowser starts a headless Chromium that speaks Indonesian. The browser
// ends with the test.
func openBrowser(t *testing.T) tab {
	t.Helper()
	browser, err := bidi.Chromium(context.Background(), bidi.Options{Lang: "id", Env: []string{"LANGUAGE=id", "TMPDIR=" + t.TempDir()}, Patience: patience})
	if errors.Is(err, exec.ErrNotFound) {
		t.Skipf("SKIPPED, THE PAGE WAS NOT TESTED IN A BROWSER: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := browser.Close(); err != nil {
			t.Error(err)
		}
	})
	return tab{t: t, browser: browser}.find(false, "")
}

// as gives the same tab reporting to a subtest.
func (b tab) as(t *testing.T) tab {
	b.t = t
	return b
}

// must ends the test, with what the browser shows at that moment, unless
// something went well.
func (b tab) must(what string, err error) {
	b.t.Helper()
	if err != nil {
		b.fail("%s: %v", what, err)
	}
}

// fail ends the test with what the browser shows at that moment.
func (b tab) fail(format string, args ...any) {
	b.t.Helper()
	var shown string
	if err := b.page.Eval(`document.body.innerText`, &shown); err != nil {
		shown = err.Error()
	}
	if picture, err := b.page.Picture(); err == nil {
		name := filepath.Join(b.t.ArtifactDir(), "failed.png")
		if os.WriteFile(name, picture, 0o600) == nil {
			b.t.Logf("see %s (go test -artifacts keeps it)", name)
		}
	}
	b.t.Fatalf("%s\n--- the browser shows:\n%s", fmt.Sprintf(format, args...), shown)
}

// size makes the window as large as a screen of so many pixels.
func (b tab) size(width, height int) {
	b.t.Helper()
	b.must("size the window", b.page.Size(width, height, 1))
}

// dark lets the machine ask for the dark form.
func (b tab) dark(on bool) {
	b.t.Helper()
	b.must("ask for another form", b.page.Dark(on))
}

func (b tab) open(url string) {
	b.t.Helper()
	b.must("open "+url, b.page.Open(url))
}

// until waits until a JavaScript expression is true.
func (b tab) until(what, js string) {
	b.t.Helper()
	b.must(what, b.page.Until(js))
}

// click presses the mouse on what the CSS selector finds.
func (b tab) click(selector string) {
	b.t.Helper()
	b.until(selector, `document.querySelector(`+quote(selector)+`)?.checkVisibility()`)
	b.must("click "+selector, b.page.Click(selector))
}

// text reads what a JavaScript expression says.
func (b tab) text(js string) (text string) {
	b.t.Helper()
	b.must(js, b.page.Eval(`String(`+js+`)`, &text))
	return text
}

// keys types into what the CSS selector finds.
func (b tab) keys(selector, text string) {
	b.t.Helper()
	b.until(selector, `document.querySelector(`+quote(selector)+`)?.checkVisibility()`)
	b.must("type into "+selector, b.page.Type(selector, text))
}

// shot keeps a picture of the window for the README, when asked to.
func (b tab) shot(name string) {
	b.t.Helper()
	if !*screenshots {
		return
	}
	time.Sleep(400 * time.Millisecond) // until what moves has come to rest
	picture, err := b.page.Picture()
	if err == nil {
		picture, err = compact.PNG(picture)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join("..", "screenshots", name+".png"), picture, 0o644)
	}
	if err != nil {
		b.t.Error(err)
	}
}

// find waits for a page or frame of the browser whose address begins so, and
// gives it as a tab.
func (b tab) find(frame bool, prefix string) tab {
	b.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(40 * time.Millisecond) {
		all, err := b.browser.Tabs()
		b.must("list the browser's tabs", err)
		for _, page := range all {
			if page.Frame == frame && strings.HasPrefix(page.URL, prefix) {
				b.page = page
				return b
			}
		}
	}
	b.fail("nothing opens at %s", prefix)
	return tab{}
}

// leave closes the tab; the one before it comes to the front.
func (b tab) leave() {
	b.t.Helper()
	b.must("close the tab", b.page.Leave())
}

// quote writes a text as a JavaScript string.
func quote(s string) string { return fmt.Sprintf("%q", s) }

// mouse presses the mouse at a place of the window.
func (b tab) mouse(x, y float64) {
	b.t.Helper()
	b.must("press the mouse", b.page.ClickAt(x, y))
}
