package telegram_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"resetpin/bot/telegram"
	"resetpin/bot/telegram/telegramtest"
	"resetpin/bot/telegram/telegramtest/tdlib"
)

// reader starts TDLib, or skips the test where it is not installed.
func reader(t *testing.T) *tdlib.Reader {
	t.Helper()
	r, err := tdlib.Start(context.Background(), "telegramtest/tdlib")
	if errors.Is(err, tdlib.ErrMissing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// scraps are what random texts are made of: marks, words, and what Telegram
// makes links of.
func scraps() []string {
	return []string{
		"**", "_", "`", "> ", "- ", "1. ", "# ", "\n", "\n\n", " ", " ", " ", "[", "](https://bsre.bssn.go.id/a?b=1)", "](http://localhost/)", "[x](tg://resolve?domain=x)",
		"Halo", "PIN", "baru", "👍", "é", "e\u0301", "\u200fa", "\u2028", "\x01", "\r", "&amp;", "<b>", "\\*", "10.30", "14:05", "3.5", "/link", "(/status)", "dan/atau",
		"esign-bsre.bssn.go.id", "na•••h@contoh.go.id", "na***h@contoh.go.id", "osd@bssn.go.id", "contoh.go.id/a/b?c=d", "https://esign-bsre.bssn.go.id/x", "HTTP://A.ID", "bit.ly/3x",
		"103.20.1.9:8443/x", "BSrE.Terima", "selesai.id", "www.contoh.co.id.", "a_b.contoh.id", "x.xn--p1ai", "пример.рф", "bssn。go.id", "(contoh.id)", "\"contoh.id\"", "surel:a@b.id", "t.me/x",
	}
}

// TestTelegramReadsWhatWasMeant compares random texts of the renderer with
// what Telegram's own library makes of them.
func TestTelegramReadsWhatWasMeant(t *testing.T) {
	t.Parallel()
	r := reader(t)
	random := rand.New(rand.NewPCG(7, 8))
	for range 3000 {
		var b strings.Builder
		for range 1 + random.IntN(14) {
			b.WriteString(scraps()[random.IntN(len(scraps()))])
			if random.IntN(3) == 0 {
				b.WriteByte(' ')
			}
		}
		markdown := b.String()
		f := telegram.Format(markdown)
		if strings.TrimSpace(f.Text) == "" {
			continue
		}
		compare(t, r, markdown, f)
	}
}

// compare holds that TDLib takes a text as it is, that it looks as it was
// meant, and that nothing is a link but what says so.
func compare(t *testing.T, r *tdlib.Reader, markdown string, f telegram.Formatted) {
	t.Helper()
	got, err := r.Read(f.Text, f.Entities)
	if err != nil {
		t.Errorf("%q: %v", markdown, err)
		return
	}
	if got.Text != f.Text {
		t.Errorf("%q: sent %q, TDLib keeps %q", markdown, f.Text, got.Text)
		return
	}
	var sent []telegramtest.Entity
	for _, e := range f.Entities {
		sent = append(sent, telegramtest.Entity{Type: string(e.Type), Offset: e.Offset, Length: e.Length, URL: e.URL})
	}
	if want, have := telegramtest.Looks(f.Text, sent), telegramtest.Looks(got.Text, got.Given); !slices.Equal(want, have) {
		t.Errorf("%q: sent %+v, TDLib keeps %+v", markdown, sent, got.Given)
	}
	if links := got.Links(); len(links) > 0 {
		t.Errorf("%q: what is no link becomes one: %q in %q", markdown, links, f.Text)
	}
}
