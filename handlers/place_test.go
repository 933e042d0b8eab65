package handlers

import (
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
	"slices"
	"strings"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/store"
)

// Whoever comes back later has a closed browser, and is led in by the mail.
func TestWhoComesBackIsLedInByTheNewestMail(t *testing.T) {
	l := newLate(t, 9, 0)
	l.sent("198001012005011001")
	l.walkTo("pin")
	resume := talk.WalkHere.With("")
	if got := l.says(l.press(resume), step(t, "pin")); strings.Contains(got.Text, "tertutup") {
		t.Errorf("at once: %q", got.Text)
	}
	l.now = l.now.Add(time.Hour)
	l.says(l.press(resume), "Browser sudah tertutup?", "09.00", step(t, "pin"))
	l.now = l.now.Add(20 * time.Hour)
	got := l.says(l.press(resume), "mungkin **sudah mati**", step(t, "pin"))
	if !slices.Contains(labels(got), "Minta link baru") {
		t.Errorf("offered %q", labels(got))
	}
}

// Going on opens the step, never the list of problems or a page beside it.
func TestGoingOnOpensTheStep(t *testing.T) {
	l := newLate(t, 9, 0)
	l.walkTo("link")
	l.choose(guides.ChoiceProblem, "")
	l.says(l.press(talk.WalkHere.With("")), step(t, "link"), "Tekan link di email")
	l.standsAt("link")
	if got := labels(bot.Message{Buttons: talk.Rows(l.w.HomeButtons(l.request()))}); got[0] != "Lanjutkan panduan" || slices.Contains(got, "Reset PIN") {
		t.Errorf("while a link waits %q is offered", got)
	}
}

// Another browser is chosen from a problem's page, and the step is shown.
func TestAnotherBrowserLeadsBackToTheStep(t *testing.T) {
	l, _ := atLink(t, "expected")
	l.choose(guides.ChoiceNext, "")
	l.press(talk.Browser.With("firefox"))
	l.choose(guides.ChoiceNext, "")
	l.choose(guides.ChoiceProblem, "")
	l.says(l.choose(guides.ChoicePage, "othercode"), "Jangan lanjutkan")
	l.choose(guides.ChoiceBrowser, "")
	l.says(l.press(talk.Browser.With("chrome")), step(t, "warning"), "NET::ERR_CERT_AUTHORITY_INVALID")
	l.standsAt("warning")
}

// Two links: one truth about which counts, and a person at the dead one.
func TestTwoLinksAreToldApart(t *testing.T) {
	l := newLate(t, 9, 0)
	l.sent("198001012005011001")
	l.now = l.now.Add(10 * time.Minute)
	asked, err := l.db.RequestReset(t.Context(), store.ResetRequest{Key: "k2", NIP: "198001012005011001", Account: store.Account(l.me), Now: l.now, Daily: 3}, anyJob)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := l.db.BeginReset(t.Context(), asked.Reset.ID, l.now); err != nil {
		t.Fatal(err)
	}
	if _, err := l.db.FinishReset(t.Context(), asked.Reset.ID, store.ResetSent, "", l.now); err != nil {
		t.Fatal(err)
	}
	l.says(l.press(talk.WalkHere.With("")), "pukul 09.00 dan 09.10 WITA", "Hanya email pukul 09.10 WITA yang berlaku")
	l.walkTo("link")
	l.choose(guides.ChoiceProblem, "")
	dead := l.says(l.choose(guides.ChoicePage, "dead"), "penyaring email kantor", "Hanya email pukul 09.10 WITA")
	if !slices.Contains(labels(dead), "Hubungi bantuan") {
		t.Errorf("offered %q", labels(dead))
	}
}

// Text alone: no picture, what it shows in words, no sign where a line
// begins, the address spelled, each step a message of its own.
func TestTextAlone(t *testing.T) {
	l, _ := atLink(t, "expected")
	l.press(talk.Mode.With("text"))
	l.choose(guides.ChoiceNext, "")
	got := l.says(l.press(talk.Browser.With("chrome")), "Gambar: Peringatan browser.", "Dieja: ", "titik", "Alt+D")
	if got.Picture != nil || got.Replace {
		t.Errorf("shown with %v, in place %v", got.Picture, got.Replace)
	}
	l.says(l.press(talk.Mode.With("pictures")))
	if got := l.says(l.press(talk.WalkHere.With(""))); got.Picture == nil {
		t.Error("the pictures do not come back")
	}
	for text, want := range map[string]string{
		"✅ **Link** terkirim": "**Link** terkirim", "- 🔒 Jangan": "- Jangan", "1. ☎️ Telepon ✅": "1. Telepon ✅", "Baik 👋": "Baik 👋",
		"👩‍💻 Halo\n⚠️ Awas": "Halo\nAwas",
	} {
		if got := talk.ForReader(true, talk.Reply(text)).Messages[0].Text; got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
		if got := talk.ForReader(false, talk.Reply(text)).Messages[0].Text; got != text {
			t.Errorf("with pictures %q becomes %q", text, got)
		}
	}
}

// Every page that the program itself names is there, and can stand alone.
func TestPagesStandAlone(t *testing.T) {
	l := newLate(t, 9, 0)
	for _, page := range []string{"reset.stillwrong", "reset.goodpin", "phone.why", "phone.othernumber", "phone.nonumber", "phone.nomessage", "phone.warned"} {
		got := l.says(l.press(talk.Page.With(page)))
		if strings.Contains(got.Text, "Langkah") || strings.Contains(got.Text, "belum mengerti") {
			t.Errorf("%s: %q", page, got.Text)
		}
	}
	l.says(l.press(talk.Page.With("reset.gone")), "belum")
	l.standsAt("mail")
}

// The guide tells the bot's own mail apart by the name that it has.
func TestTheGuideNamesTheBotsOwnMail(t *testing.T) {
	l := newLate(t, 9, 0)
	g, _ := l.guides.Guide(talk.ResetGuide)
	for _, lang := range l.w.Texts.Languages() {
		subject, _, _ := strings.Cut(l.w.Texts.Get(lang, "mail.reset.subject"), " (")
		r := l.request()
		r.Lang = lang
		for _, page := range []string{"mail", "othermail"} {
			view, err := g.View(page, pages.New(l.w.Kernel, l.guides, nil, l.db, "").Situation(r))
			if err != nil || !strings.Contains(view.Body, subject) {
				t.Errorf("%s in %s does not name %q: %q, %v", page, lang, subject, view.Body, err)
			}
		}
	}
}

// What happened can be typed in the words of its button before that stands in
// the chat.
func TestAProblemCanBeTyped(t *testing.T) {
	l := newLate(t, 9, 0)
	l.walkTo("address")
	l.press(talk.Browser.With("android"))
	says := func(text string, want ...string) {
		t.Helper()
		answer, err := l.w.Handle(t.Context(), bot.Update{Origin: bot.Origin{Account: l.me, Private: true, Message: "1"}, Kind: bot.KindText, Text: text})
		if err != nil {
			t.Fatal(err)
		}
		l.says(answer, want...)
	}
	says("Halaman kosong.", "Kembali agar aman", "Tidak apa-apa")
	says("lanjut", step(t, "address"), "Bandingkan huruf demi huruf")
	l.standsAt("address")
}
