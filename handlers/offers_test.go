package handlers

import (
	"context"
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
	"strings"
	"testing"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/store"
)

func TestTheLanguageOfWhoIsAnsweredBesideHandle(t *testing.T) {
	l := newLate(t, 9, 0)
	u := bot.Update{Origin: bot.Origin{Account: l.me}, Language: "en"}
	if got := l.w.LanguageOf(t.Context(), u); got != "en" {
		t.Errorf("by the platform: %q", got)
	}
	if err := l.db.SetLanguage(t.Context(), store.Account(l.me), talk.Indonesian); err != nil {
		t.Fatal(err)
	}
	if got := l.w.LanguageOf(t.Context(), u); got != talk.Indonesian {
		t.Errorf("as chosen: %q", got)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if got := l.w.LanguageOf(gone, u); got != "en" {
		t.Errorf("while the database does not answer: %q", got)
	}
}

// asks types /resetpin.
func (l *late) asks() string {
	l.t.Helper()
	answer, err := l.w.Handle(l.t.Context(), bot.Update{Origin: bot.Origin{Account: l.me, Private: true}, Kind: bot.KindCommand, Command: "resetpin"})
	if err != nil {
		l.t.Fatal(err)
	}
	return answer.Messages[0].Text
}

const (
	unfinished = "Panduannya belum selesai"
	down       = "BSrE sedang tidak bisa dihubungi" // a new link is asked for, and nobody is there
)

func TestOnlyAWalkThatIsNotFinishedIsOffered(t *testing.T) {
	l := newLate(t, 9, 0)
	l.sent("198001012005011001")
	w := l.request().Session.Walk
	l.press(talk.Walk.With(pages.Press{Walk: w.ID, Version: w.Version, Kind: guides.ChoiceStop}.Arg()))
	if got := l.asks(); !strings.Contains(got, unfinished) {
		t.Errorf("who stopped is told %q", got)
	}
	l.press(talk.WalkHere.With(""))
	l.walkTo("")
	l.press(talk.WalkStart.With("about"))
	if got := l.asks(); !strings.Contains(got, "PIN barunya ditolak?") {
		t.Errorf("who finished and reads another guide is told %q", got)
	}
}

// Without a link the reset's guide would let people wait for a mail that
// nobody sends.
func TestTheResetsGuideBeginsWithALink(t *testing.T) {
	l := newLate(t, 9, 0)
	l.walkTo("")
	if got := l.press(talk.WalkStart.With(talk.ResetGuide)).Messages[0].Text; !strings.Contains(got, down) {
		t.Errorf("told %q", got)
	}
}

func TestHelpDoesNotLeadToItself(t *testing.T) {
	h := testHandlers(t)
	for _, linked := range []bool{false, true} {
		r := typedText(h, "/help", false, "")
		r.Session.Linked = linked
		answer, err := h.RunCommand(t.Context(), r, "help")
		if err != nil || len(answer.Messages) != 1 || len(answer.Messages[0].Buttons) == 0 {
			t.Fatalf("%+v, %v", answer, err)
		}
		for _, row := range answer.Messages[0].Buttons {
			for _, b := range row {
				if b.Action.Arg == "help" {
					t.Errorf("linked %v: the button %q leads to the same answer", linked, b.Text)
				}
			}
		}
	}
}
