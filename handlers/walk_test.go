package handlers

import (
	"context"
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
	"slices"
	"strings"
	"testing"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/guides/guidestest"
	"resetpin/handlers/resetsite"
	"resetpin/store"
)

// site is a reset site whose certificate is worth what the test says.
type site struct {
	verdict resetsite.Verdict
	looks   int
}

// Find counts how often somebody looks.
func (s *site) Find(context.Context) resetsite.Finding {
	s.looks++
	return resetsite.Finding{Verdict: s.verdict, Fingerprint: "AB:CD"}
}

// at gives a walk that stands at the step before the address is compared,
// with a site of that verdict.
func atLink(t *testing.T, v resetsite.Verdict) (*late, *site) {
	t.Helper()
	l := newLate(t, 9, 0)
	s := &site{verdict: v}
	l.site.Site = s
	l.walkTo("link")
	return l, s
}

// choose presses what the walk's position offers.
func (l *late) choose(kind guides.ChoiceKind, target string) bot.Reply {
	l.t.Helper()
	w := l.request().Session.Walk
	return l.press(talk.Walk.With(pages.Press{Walk: w.ID, Version: w.Version, Kind: kind, Target: target}.Arg()))
}

// step is the line above a step of the reset's guide.
func step(t *testing.T, id string) string {
	t.Helper()
	return guidestest.Progress(t, talk.ResetGuide, id)
}

// says checks the words of the one message of an answer.
func (l *late) says(r bot.Reply, want ...string) bot.Message {
	l.t.Helper()
	if len(r.Messages) != 1 {
		l.t.Fatalf("%d messages", len(r.Messages))
	}
	for _, w := range want {
		if !strings.Contains(r.Messages[0].Text, w) {
			l.t.Errorf("got %q, want %q in it", r.Messages[0].Text, w)
		}
	}
	return r.Messages[0]
}

func (l *late) standsAt(step string) {
	l.t.Helper()
	if got := l.request().Session.Walk.Step; got != step {
		l.t.Fatalf("the walk stands at %q, want %q", got, step)
	}
}

// labels lists what stands on a message's buttons.
func labels(m bot.Message) []string {
	var out []string
	for _, row := range m.Buttons {
		for _, b := range row {
			out = append(out, b.Text)
		}
	}
	return out
}

func TestTheWarningIsThatOfTheBrowser(t *testing.T) {
	l, _ := atLink(t, resetsite.Expected)
	question := l.says(l.choose(guides.ChoiceNext, ""), "Browser apa yang Anda pakai")
	l.standsAt("address")
	if len(labels(question)) != 8 || !slices.Contains(labels(question), "Tidak ada peringatan") {
		t.Errorf("offered %q", labels(question))
	}
	shown := l.says(l.press(talk.Browser.With("firefox")), step(t, "address"), "Firefox memberi peringatan")
	if shown.Picture == nil || !strings.HasPrefix(shown.Picture.Name, "warning.firefox.id-") || shown.Picture.Alt == "" {
		t.Errorf("the picture is %+v", shown.Picture)
	}
	shown = l.says(l.choose(guides.ChoiceNext, ""), "SEC_ERROR_UNKNOWN_ISSUER", "Tingkat Lanjut", "bot sudah memeriksa")
	if !slices.Contains(labels(shown), "Gambarnya berbeda") || slices.Contains(labels(shown), "Cocokkan sidik jari") {
		t.Errorf("offered %q", labels(shown))
	}
	l.says(l.choose(guides.ChoiceBrowser, ""), "Browser apa yang Anda pakai")
	shown = l.says(l.press(talk.Browser.With("iphone")), step(t, "warning"), "visit this website")
	if !shown.Replace || !strings.HasPrefix(shown.Picture.Name, "advanced.iphone.id-") {
		t.Errorf("shown as %v with %s", shown.Replace, shown.Picture.Name)
	}
}

func TestNobodyIsAskedForTheBrowserWhenNoWarningIsExpected(t *testing.T) {
	l, _ := atLink(t, resetsite.Trusted)
	shown := l.says(l.choose(guides.ChoiceNext, ""), step(t, "address"), "tanpa peringatan")
	if !strings.HasPrefix(shown.Picture.Name, "passphrase.id-") || !slices.Contains(labels(shown), "Muncul peringatan") {
		t.Errorf("shown with %s and %q", shown.Picture.Name, labels(shown))
	}
	l.says(l.choose(guides.ChoicePage, "warned"), "Jangan lewati peringatan itu")
	l.choose(guides.ChoiceBack, "")
	l.says(l.choose(guides.ChoiceNext, ""), step(t, "warning"), "Tidak perlu ada peringatan")
	l.says(l.choose(guides.ChoiceNext, ""), step(t, "pin"))
}

// The certificate goes bad between a step and the press on its button.
func TestNobodyIsLedOnWhenTheCertificateGoesBad(t *testing.T) {
	for _, v := range []resetsite.Verdict{resetsite.Foreign, resetsite.Expired, resetsite.WrongHost, resetsite.Unreachable} {
		t.Run(string(v), func(t *testing.T) {
			l, s := atLink(t, resetsite.Unknown)
			l.choose(guides.ChoiceNext, "")
			l.press(talk.Browser.With("chrome"))
			s.verdict = v
			answer := l.choose(guides.ChoiceNext, "")
			shown := l.says(answer, "Jangan lanjutkan dulu")
			l.standsAt("address")
			if answer.Notice == "" || !shown.Replace || shown.Picture != nil {
				t.Errorf("answered with %q, in place is %v, with %v", answer.Notice, shown.Replace, shown.Picture)
			}
			if got := labels(shown); slices.Contains(got, "Alamatnya sama") || !slices.Contains(got, "Periksa lagi") || !slices.Contains(got, "Hubungi bantuan") {
				t.Errorf("offered %q", got)
			}
			l.says(l.choose(guides.ChoicePage, "nowarning"), "Jangan lanjutkan dulu")
			l.says(l.choose(guides.ChoicePage, "pin"), "Jangan lanjutkan dulu")
			l.says(l.choose(guides.ChoicePage, "address"), "Jangan lanjutkan dulu")
			s.verdict = resetsite.Unknown
			l.says(l.choose(guides.ChoicePage, "address"), "huruf demi huruf")
			l.says(l.choose(guides.ChoicePage, "nowarning"), "Apa yang tampak di browser?")
			s.verdict = v
			l.says(l.choose(guides.ChoicePage, "pin"), "jangan isi apa-apa dulu")
			s.verdict = resetsite.Unknown
			l.choose(guides.ChoiceBack, "")
			l.says(l.choose(guides.ChoiceNext, ""), step(t, "warning"))
			if l.request().Session.Walk.State != store.WalkActive {
				t.Error("the walk ended")
			}
		})
	}
}

func TestTheFingerprintIsShownToThoseWhoAsk(t *testing.T) {
	l, _ := atLink(t, resetsite.Unknown)
	l.choose(guides.ChoiceNext, "")
	l.press(talk.Browser.With("edge"))
	l.choose(guides.ChoiceNext, "")
	l.says(l.choose(guides.ChoicePage, "finger"), "AB:CD")
}

// The certificate is looked at only where a page depends on it.
func TestTheSiteIsLookedAtOnlyWhereItMatters(t *testing.T) {
	l := newLate(t, 9, 0)
	s := &site{verdict: resetsite.Trusted}
	l.site.Site = s
	l.choose(guides.ChoiceProblem, "")
	l.choose(guides.ChoiceBack, "")
	if s.looks != 0 {
		t.Errorf("looked %d times before the link was to be opened", s.looks)
	}
	l.walkTo("link")
	if s.looks == 0 {
		t.Error("nobody looked")
	}
	l.choose(guides.ChoiceProblem, "")
	l.choose(guides.ChoiceBack, "")
	before := s.looks
	if l.choose(guides.ChoiceStop, ""); s.looks != before {
		t.Error("somebody who stops waits for a look")
	}
}

// Without anybody who looks, the guide tells what holds in any case.
func TestWithoutALookTheUnknownHolds(t *testing.T) {
	l := newLate(t, 9, 0)
	l.walkTo("link")
	l.choose(guides.ChoiceNext, "")
	l.says(l.press(talk.Browser.With("unknown")), "Koneksi Anda tidak pribadi")
	l.says(l.choose(guides.ChoiceNext, ""), "NET::ERR_CERT_AUTHORITY_INVALID", "belum mengenal penerbit")
}

// Every guide that is listed can be walked to its end with the first button,
// and the bot says what fits.
func TestEveryGuideIsListedAndWalked(t *testing.T) {
	l := newLate(t, 9, 0)
	l.choose(guides.ChoiceStop, "")
	list := l.says(l.press(talk.Cmd.With("panduan")), "Panduan mana")
	names := l.guides.Names()
	if len(labels(list)) != len(names) || len(names) < 7 || names[0] != talk.ResetGuide {
		t.Fatalf("listed %q of %q", labels(list), names)
	}
	for i, row := range list.Buttons {
		name := names[i]
		title := l.guides.Title(name, talk.Indonesian)
		if name == talk.ResetGuide {
			title = "Lanjutkan reset PIN" // it was interrupted
		}
		if row[0].Text != title {
			t.Fatalf("listed %q in the place of %s", row[0].Text, name)
		}
		shown := l.says(l.press(row[0].Action), "Langkah 1 dari")
		for range 20 {
			if w := l.request().Session.Walk; w.State == store.WalkDone || w.Step == "open" {
				break
			}
			shown = l.says(l.press(onward(t, shown).Action))
		}
		if got := l.request().Session.Walk; name == "phone" {
			l.standsAt("open") // BSrE ends that one
			l.choose(guides.ChoiceStop, "")
			continue
		} else if got.State != store.WalkDone || got.Guide != name {
			t.Errorf("%s ended as %+v", name, got)
		}
		if pin := strings.Contains(shown.Text, "PIN baru"); pin != (name == talk.ResetGuide) {
			t.Errorf("%s ends with %q", name, shown.Text)
		}
	}
}

// A step that a newer guide does not have is no dead end.
func TestAWalkGoesOnWhenItsStepIsGone(t *testing.T) {
	l := newLate(t, 9, 0)
	for _, at := range []struct{ gone, shown string }{{"mail+gone", step(t, "mail")}, {"gone", step(t, "mail")}} {
		w := l.request().Session.Walk
		if _, err := l.db.MoveWalk(t.Context(), w.ID, w.Version, at.gone, store.WalkActive, l.now); err != nil {
			t.Fatal(err)
		}
		answer := l.choose(guides.ChoiceNext, "")
		if l.says(answer, at.shown); answer.Notice == "" {
			t.Error("nothing is said of the change")
		}
		l.choose(guides.ChoiceNext, "")
	}
	g, _ := l.guides.Guide(talk.ResetGuide)
	l.standsAt(g.Steps()[1])
}

func TestAGuideThatIsGoneLeadsToTheList(t *testing.T) {
	l := newLate(t, 9, 0)
	if _, err := l.db.StartWalk(t.Context(), l.request().Session.Employee.NIP, "gone", "one", l.now); err != nil {
		t.Fatal(err)
	}
	for _, a := range []bot.Action{{Name: "cmd", Arg: "panduan"}, {Name: "walk.here"}} {
		l.says(l.press(a), "Panduan mana")
	}
	l.says(l.choose(guides.ChoiceNext, ""), "Panduan mana")
}

// A question that a guide answers does not end the walk that is under way.
func TestAGuideIsOfferedNotForced(t *testing.T) {
	l := newLate(t, 9, 0)
	answer, err := l.w.Handle(t.Context(), bot.Update{Origin: bot.Origin{Account: l.me, Private: true}, Kind: bot.KindText, Text: "apa itu digital signature?"})
	if err != nil {
		t.Fatal(err)
	}
	offer := l.says(answer, "menjawabnya")
	l.standsAt("mail")
	l.says(l.press(primary(t, offer).Action), "Langkah 1 dari", "Digital Signature")
	l.standsAt("what")
}

// onward is primary, or the button that ends the guide beside one that asks
// BSrE.
func onward(t *testing.T, m bot.Message) bot.Button {
	t.Helper()
	for _, row := range m.Buttons {
		for _, b := range row {
			if b.Text == "Nanti saja" {
				return b
			}
		}
	}
	return primary(t, m)
}

// primary is the button to press next: the one with weight, or the first.
func primary(t *testing.T, m bot.Message) bot.Button {
	t.Helper()
	for _, row := range m.Buttons {
		for _, b := range row {
			if b.Style == bot.StylePrimary {
				return b
			}
		}
	}
	if len(m.Buttons) == 0 {
		t.Fatalf("no button under %q", m.Text)
	}
	return m.Buttons[0][0]
}

// The help desk reads where somebody is stuck in words.
func TestTheHelpDeskIsToldTheStepInWords(t *testing.T) {
	l := newLate(t, 9, 0)
	l.walkTo("mail")
	l.choose(guides.ChoiceProblem, "")
	l.choose(guides.ChoicePage, "nomail")
	if here, _ := l.w.Here(t.Context(), l.request()); here.Title != "Email belum ada" {
		t.Errorf("told %q", here.Title)
	}
	l.choose(guides.ChoiceStop, "")
	if here, ok := l.w.Here(t.Context(), l.request()); ok {
		t.Errorf("told %q of somebody on no way", here.Title)
	}
}
