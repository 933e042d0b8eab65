package handlers

import (
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
	"strings"
	"testing"
	"time"

	"resetpin/guides"
	"resetpin/store"
)

var wita = time.FixedZone("WITA", 8*60*60)

func TestALinkThatWaitsIsRemembered(t *testing.T) {
	l := newLate(t, 9, 0)
	l.until(l.at(2, 9, 29))
	l.heard()
	l.until(l.at(2, 19, 59))
	l.heard("masih menunggu")
	l.until(l.at(2, 20, 59))
	l.heard("belum dipakai")
	l.until(l.at(4, 12, 0))
	l.heard()
}

func TestWhoGoesOnIsRemindedLaterOrNotAtAll(t *testing.T) {
	l := newLate(t, 9, 0)
	l.now = l.at(2, 9, 20)
	l.walkTo("link")
	l.until(l.at(2, 9, 49))
	l.heard()
	l.until(l.at(2, 9, 50))
	l.heard("masih menunggu")
	l.walkTo("address")
	l.until(l.at(4, 12, 0))
	l.heard()
}

func TestWhoStoppedIsRemindedOnceBeforeTheLinkDies(t *testing.T) {
	l := newLate(t, 9, 0)
	w := l.request().Session.Walk
	l.press(talk.Walk.With(pages.Press{Walk: w.ID, Version: w.Version, Kind: guides.ChoiceStop}.Arg()))
	l.until(l.at(4, 12, 0))
	l.heard("belum dipakai")
}

func TestAReminderDueAtNightComesInTheMorning(t *testing.T) {
	l := newLate(t, 20, 45)
	l.until(l.at(3, 5, 59))
	l.heard()
	l.until(l.at(3, 6, 0))
	l.heard("sudah tidak berlaku")
}

func TestWhoFinishedIsAskedOnceWhetherSigningWorked(t *testing.T) {
	l := newLate(t, 9, 0)
	l.walkTo("")
	l.until(l.at(3, 8, 59))
	l.heard()
	l.until(l.at(6, 12, 0))
	l.heard("Apakah tanda tangan Anda berhasil?")
	if got := l.press(talk.Worked.With("yes")).Messages[0]; !strings.Contains(got.Text, "Senang mendengarnya") || !got.Replace {
		t.Errorf("thanked by %+v", got)
	}
	got := l.press(talk.Worked.With("no")).Messages[0]
	if !strings.Contains(got.Text, "Masih PIN salah") || len(got.Buttons) == 0 {
		t.Errorf("helped by %+v", got)
	}
}

func TestAQuestionThatIsDueAtNightWaitsForTheMorning(t *testing.T) {
	l := newLate(t, 20, 59)
	l.now = l.at(2, 21, 30)
	l.walkTo("")
	l.until(l.at(4, 5, 59)) // the walk ended at night, and so does the day after it
	l.heard()
	l.until(l.at(4, 6, 0))
	l.heard("Apakah tanda tangan Anda berhasil?")
}

func TestWhoIsAtItAgainIsNotAsked(t *testing.T) {
	l := newLate(t, 9, 0)
	l.walkTo("")
	l.now = l.at(2, 15, 0)
	if _, err := l.w.walk.Begin(t.Context(), l.request(), store.Reset{NIP: "198001012005011001", Updated: l.now}); err != nil {
		t.Fatal(err)
	}
	l.walkTo("address")
	l.until(l.at(6, 12, 0))
	l.heard()
}

// Another guide stops the reset's walk. It must not make the bot forget that a
// link waits, nor whether signing worked.
func TestWhoReadsAnotherGuideIsNotForgotten(t *testing.T) {
	l := newLate(t, 9, 0)
	l.now = l.at(2, 9, 10)
	l.press(talk.WalkStart.With("phishing"))
	l.until(l.at(2, 9, 39))
	l.heard()
	l.until(l.at(2, 9, 40))
	back := l.said[0].Messages[0].Buttons[0][0].Action
	l.heard("masih menunggu")
	if step := l.press(back).Messages[0].Text; !strings.Contains(step, "Buka email dari BSrE") {
		t.Errorf("the reminder leads to %q", step)
	}
	l.walkTo("")
	l.press(talk.WalkStart.With("about"))
	l.until(l.at(5, 12, 0))
	l.heard("Apakah tanda tangan Anda berhasil?")
}

// A walk that is taken up again on the next day is about a link of the day
// before.
func TestALinkOfYesterdayIsNotSaidToBeGood(t *testing.T) {
	l := newLate(t, 16, 0)
	l.sent("198001012005011001")
	l.press(talk.WalkStart.With("phishing"))
	l.until(l.at(3, 8, 0))
	l.said = nil
	l.press(talk.WalkStart.With(talk.ResetGuide))
	l.until(l.at(3, 23, 0))
	l.heard("sudah tidak berlaku")
}

// sent writes down a reset whose mail was sent now.
func (l *late) sent(nip string) {
	l.t.Helper()
	asked, err := l.db.RequestReset(l.t.Context(), store.ResetRequest{Key: "k", NIP: nip, Account: store.Account(l.me), Now: l.now, Daily: 3}, anyJob)
	if err != nil {
		l.t.Fatal(err)
	}
	if _, _, err := l.db.BeginReset(l.t.Context(), asked.Reset.ID, l.now); err != nil {
		l.t.Fatal(err)
	}
	if _, err := l.db.FinishReset(l.t.Context(), asked.Reset.ID, store.ResetSent, "", l.now); err != nil {
		l.t.Fatal(err)
	}
}

// Who never chose a language is spoken to later in the one that their
// platform told.
func TestWhatIsSaidLaterIsInThePlatformsLanguage(t *testing.T) {
	l := newLate(t, 9, 0)
	l.db.jobs = nil
	r := l.request()
	r.Lang = "en"
	if _, err := l.w.walk.Begin(t.Context(), r, store.Reset{NIP: "198001012005011001", Updated: l.now.Add(time.Second)}); err != nil {
		t.Fatal(err)
	}
	l.until(l.at(2, 12, 0))
	l.heard("still waiting")
	if err := l.db.SetLanguage(t.Context(), store.Account(l.me), talk.Indonesian); err != nil {
		t.Fatal(err)
	}
	l.until(l.at(2, 20, 0))
	l.heard("belum dipakai")
}

func TestWhoWantsNoRemindersGetsNone(t *testing.T) {
	l := newLate(t, 9, 0)
	answer := l.press(talk.Quiet.With("on"))
	l.until(l.at(6, 12, 0))
	l.heard()
	back := answer.Messages[0].Buttons[0][0]
	if back.Action.Name != "quiet" || back.Action.Arg != "off" {
		t.Fatalf("no way back: %+v", back)
	}
	l.press(back.Action)
	if l.request().Session.Quiet {
		t.Error("still quiet")
	}
}

// anyJob is a job that is never done.
func anyJob(int64) store.Job { return talk.PlainJob("reset", struct{}{}) }
