package bidi_test

import (
	"bytes"
	"context"
	"errors"
	"image/png"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"testing"
	"time"

	"resetpin/guides/picture/bidi"
)

// TestWarning meets a site whose certificate no browser trusts: both browsers
// warn of it, and the warning can be read, pressed and photographed.
func TestWarning(t *testing.T) {
	site := httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(rw, `<!DOCTYPE html><input id="name" onkeydown="if (event.key === 'Enter') document.title = value">`)
	}))
	site.Config.ErrorLog = log.New(io.Discard, "", 0) // browsers break off, which is what is wanted
	site.StartTLS()
	defer site.Close()
	const card = `document.querySelector("net-error-card").shadowRoot.querySelector`
	for name, browser := range map[string]struct {
		start             func(context.Context, bidi.Options) (*bidi.Browser, error)
		open, way, goesOn string
	}{
		"chromium": {bidi.Chromium, `document.querySelector("#details-button").click()`, `document.querySelector("#proceed-link")`, `.checkVisibility()`},
		"firefox":  {bidi.Firefox, card + `("#advanced-button").click()`, card + `("#exception-button")`, `.disabled === false`},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := browser.start(t.Context(), bidi.Options{Lang: "en", Patience: 30 * time.Second})
			if errors.Is(err, exec.ErrNotFound) {
				t.Skipf("SKIPPED, NO WARNING WAS SEEN IN %s: %v", name, err)
			}
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := b.Close(); err != nil {
					t.Error(err)
				}
			}()
			tabs, err := b.Tabs()
			if err != nil || len(tabs) != 1 {
				t.Fatalf("tabs: %v, %v", tabs, err)
			}
			page := tabs[0]
			var refused *bidi.Error
			if err := page.Open(site.URL); !errors.As(err, &refused) {
				t.Fatalf("open a site that is not trusted: %v", err)
			}
			must := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			must(page.Size(600, 700, 1.5))
			must(page.Until(`innerWidth === 600`))
			picture, err := page.Picture()
			must(err)
			if made, err := png.DecodeConfig(bytes.NewReader(picture)); err != nil || made.Width != 900 || made.Height != 1050 {
				t.Errorf("the picture of the warning: %d×%d pixels, %v", made.Width, made.Height, err)
			}
			must(page.Until(`(() => { ` + browser.open + `; return true })()`))
			must(page.Until(browser.way + browser.goesOn))
			must(page.Run(browser.way + `.click()`))
			must(page.Until(`document.querySelector("#name")`))
			must(page.Click("#name"))
			must(page.Type("#name", "Halo\r"))
			must(page.Until(`document.title === "Halo"`))
		})
	}
}
