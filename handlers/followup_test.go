package handlers

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/bsre"
	"resetpin/store"
	"resetpin/store/storetest"
)

var wita = time.FixedZone("WITA", 8*60*60)

func TestNobodyIsWokenAtNight(t *testing.T) {
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 3, day, hour, minute, 0, 0, wita) }
	for _, c := range []struct{ in, want time.Time }{
		{at(2, 12, 0), at(2, 12, 0)},
		{at(2, 20, 59), at(2, 20, 59)},
		{at(2, 21, 0), at(3, 6, 0)},
		{at(2, 23, 59), at(3, 6, 0)},
		{at(3, 0, 0), at(3, 6, 0)},
		{at(3, 5, 59), at(3, 6, 0)},
		{at(3, 6, 0), at(3, 6, 0)},
		{at(31, 22, 0), time.Date(2026, 4, 1, 6, 0, 0, 0, wita)},
		{at(2, 22, 0).UTC(), at(3, 6, 0)}, // 14:00 in Greenwich
	} {
		if got := awake(wita, c.in); !got.Equal(c.want) {
			t.Errorf("awake(%v) = %v, want %v", c.in, got, c.want)
		}
	}
}

func TestZones(t *testing.T) {
	for name, hours := range map[string]int{"WIB": 7, "WITA": 8, "WIT": 9} {
		zone, err := ParseZone(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := clock(zone, time.Date(2026, 3, 2, 0, 5, 0, 0, time.UTC), time.Date(2026, 3, 2, 0, 5, 0, 0, time.UTC)); got != time.Date(0, 1, 1, hours, 5, 0, 0, zone).Format("15.04 MST") {
			t.Errorf("%s shows %q", name, got)
		}
	}
	if _, err := ParseZone("CET"); err == nil {
		t.Error("CET is no zone of Indonesia")
	}
}

// late is a conversation whose clock the test moves, on a real database.
type late struct {
	t    *testing.T
	now  time.Time
	db   *recorder
	w    *Worker
	said []bot.Reply
	me   bot.Account
}

// recorder keeps what is to be done later.
type recorder struct {
	*store.Store
	jobs   []store.Job
	codes  []store.Job    // mails with codes
	alarms []store.Danger // that officers are told of
}

// RedeemCode keeps the alarm beside.
func (r *recorder) RedeemCode(ctx context.Context, a store.CodeAttempt, jobs func(string, []store.Account) []store.Job) (store.CodeResult, error) {
	alarm := a.Alarm
	a.Alarm = func(nip string, d store.Danger) store.Job {
		r.alarms = append(r.alarms, d)
		return alarm(nip, d)
	}
	return r.Store.RedeemCode(ctx, a, jobs)
}

// CreateCode keeps the mail and the alarm beside.
func (r *recorder) CreateCode(ctx context.Context, q store.CodeRequest) (store.CodeGrant, error) {
	alarm := q.Alarm
	q.Alarm = func(d store.Danger) store.Job {
		r.alarms = append(r.alarms, d)
		return alarm(d)
	}
	grant, err := r.Store.CreateCode(ctx, q)
	if grant.Verdict == store.CodeIssued {
		r.codes = append(r.codes, q.Mail)
	}
	return grant, err
}

func (r *recorder) Enqueue(_ context.Context, jobs ...store.Job) error {
	r.jobs = append(r.jobs, jobs...)
	return nil
}

// Record keeps the jobs of what is recorded.
func (r *recorder) Record(_ context.Context, _ store.Event, jobs ...store.Job) error {
	r.jobs = append(r.jobs, jobs...)
	return nil
}

// Push takes what the bot says unasked.
func (l *late) Push(_ context.Context, to bot.Origin, r bot.Reply) error {
	if to.Account != l.me || !to.Private {
		l.t.Errorf("said to %+v", to)
	}
	l.said = append(l.said, r)
	return nil
}

type noBSrE struct{ bsre.Resetter }

func (noBSrE) Status(context.Context, bsre.Person) (bsre.Status, error) {
	return bsre.Status{}, bsre.ErrUnavailable
}

// newLate gives an employee who begins the reset's walk at a time of day.
func newLate(t *testing.T, hour, minute int) *late {
	t.Helper()
	l := &late{t: t, now: time.Date(2026, 3, 2, hour, minute, 0, 0, wita), me: bot.Account{Platform: bot.Telegram, ID: "7"}}
	l.db = &recorder{Store: storetest.Open(t, storetest.SQLite(t))}
	texts, err := LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	library, err := guides.Load(guides.Builtin())
	if err != nil {
		t.Fatal(err)
	}
	h, err := New(Config{
		Store: l.db, Status: noBSrE{}, Resetter: noBSrE{}, Guides: library, Sentences: sentences(), Texts: texts, Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return l.now },
		Settings: Settings{ResetSites: []string{"esign.contoh.go.id"}, ResetSenders: []string{"osd@contoh.go.id"}, DefaultLanguage: Indonesian, Zone: wita},
	})
	if err != nil {
		t.Fatal(err)
	}
	l.w = NewWorker(h, l, nil)
	e := store.Employee{NIP: "198001012005011001", NIK: "3171010101800001", Name: "Contoh Satu", Email: "satu@contoh.go.id", Active: true}
	rows := func(yield func(store.Employee, error) bool) { yield(e, nil) }
	if _, err := l.db.Import(t.Context(), rows, store.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := l.db.Link(t.Context(), store.Account(l.me), e.NIP, l.now, func([]store.Account) []store.Job { return nil }); err != nil {
		t.Fatal(err)
	}
	r := l.request()
	if _, err := h.beginWalk(t.Context(), r, store.Reset{NIP: e.NIP, Updated: l.now}); err != nil {
		t.Fatal(err)
	}
	return l
}

func (l *late) request() request {
	session, err := l.db.Session(l.t.Context(), store.Account(l.me))
	if err != nil {
		l.t.Fatal(err)
	}
	return request{Update: bot.Update{Origin: bot.Origin{Account: l.me, Private: true}}, session: session, language: Indonesian, texts: l.w.Texts, now: l.now}
}

// press presses a button that stands on the message.
func (l *late) press(a bot.Action) bot.Reply {
	l.t.Helper()
	answer, err := l.w.Handle(l.t.Context(), bot.Update{Origin: bot.Origin{Account: l.me, Private: true, Message: "1"}, Kind: bot.KindAction, Action: a})
	if err != nil {
		l.t.Fatal(err)
	}
	return answer
}

// walkTo goes on until a step is reached, or the walk is done.
func (l *late) walkTo(step string) {
	l.t.Helper()
	for range 20 {
		w := l.request().session.Walk
		if w.Step == step || w.State == store.WalkDone {
			return
		}
		kind := guides.ChoiceNext
		if w.Step == "done" {
			kind = guides.ChoiceDone
		}
		l.press(bot.Action{Name: "walk", Arg: press{walk: w.ID, version: w.Version, kind: kind}.arg()})
	}
	l.t.Fatalf("never came to %q", step)
}

// until lets time pass and does what is due on the way.
func (l *late) until(end time.Time) {
	l.t.Helper()
	for {
		next := -1
		for i, j := range l.db.jobs {
			if !j.RunAt.After(end) && (next < 0 || j.RunAt.Before(l.db.jobs[next].RunAt)) {
				next = i
			}
		}
		if next < 0 {
			l.now = end
			return
		}
		job := l.db.jobs[next]
		l.db.jobs = append(l.db.jobs[:next:next], l.db.jobs[next+1:]...)
		if job.RunAt.After(l.now) {
			l.now = job.RunAt
		}
		if err := l.w.Jobs()[job.Kind](l.t.Context(), job.Payload); err != nil {
			l.t.Fatal(err)
		}
	}
}

// heard tells what was said since the last time, by its first words.
func (l *late) heard(want ...string) {
	l.t.Helper()
	var got []string
	for _, r := range l.said {
		got = append(got, r.Messages[0].Text)
	}
	l.said = nil
	if len(got) != len(want) {
		l.t.Fatalf("heard %q, want %q", got, want)
	}
	for i := range want {
		if !strings.Contains(got[i], want[i]) {
			l.t.Errorf("heard %q, want %q", got[i], want[i])
		}
	}
}

func (l *late) at(day, hour, minute int) time.Time {
	return time.Date(2026, 3, day, hour, minute, 0, 0, wita)
}

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
	w := l.request().session.Walk
	l.press(bot.Action{Name: "walk", Arg: press{walk: w.ID, version: w.Version, kind: guides.ChoiceStop}.arg()})
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
	if got := l.press(bot.Action{Name: "worked", Arg: "yes"}).Messages[0]; !strings.Contains(got.Text, "Senang mendengarnya") || !got.Replace {
		t.Errorf("thanked by %+v", got)
	}
	got := l.press(bot.Action{Name: "worked", Arg: "no"}).Messages[0]
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
	if _, err := l.w.beginWalk(t.Context(), l.request(), store.Reset{NIP: "198001012005011001", Updated: l.now}); err != nil {
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
	l.press(bot.Action{Name: "walk.start", Arg: "phishing"})
	l.until(l.at(2, 9, 39))
	l.heard()
	l.until(l.at(2, 9, 40))
	back := l.said[0].Messages[0].Buttons[0][0].Action
	l.heard("masih menunggu")
	if step := l.press(back).Messages[0].Text; !strings.Contains(step, "Buka email dari BSrE") {
		t.Errorf("the reminder leads to %q", step)
	}
	l.walkTo("")
	l.press(bot.Action{Name: "walk.start", Arg: "about"})
	l.until(l.at(5, 12, 0))
	l.heard("Apakah tanda tangan Anda berhasil?")
}

// A walk that is taken up again on the next day is about a link of the day
// before.
func TestALinkOfYesterdayIsNotSaidToBeGood(t *testing.T) {
	l := newLate(t, 16, 0)
	l.sent("198001012005011001")
	l.press(bot.Action{Name: "walk.start", Arg: "phishing"})
	l.until(l.at(3, 8, 0))
	l.said = nil
	l.press(bot.Action{Name: "walk.start", Arg: resetGuide})
	l.until(l.at(3, 23, 0))
	l.heard("sudah tidak berlaku")
}

// sent writes down a reset whose mail was sent now.
func (l *late) sent(nip string) {
	l.t.Helper()
	asked, err := l.db.RequestReset(l.t.Context(), store.ResetRequest{Key: "k", NIP: nip, Account: store.Account(l.me), Now: l.now, Daily: 3}, resetJob)
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
	r.language = English
	if _, err := l.w.beginWalk(t.Context(), r, store.Reset{NIP: "198001012005011001", Updated: l.now.Add(time.Second)}); err != nil {
		t.Fatal(err)
	}
	l.until(l.at(2, 12, 0))
	l.heard("still waiting")
	if err := l.db.SetLanguage(t.Context(), store.Account(l.me), Indonesian); err != nil {
		t.Fatal(err)
	}
	l.until(l.at(2, 20, 0))
	l.heard("belum dipakai")
}

func TestWhoWantsNoRemindersGetsNone(t *testing.T) {
	l := newLate(t, 9, 0)
	answer := l.press(bot.Action{Name: "quiet", Arg: "on"})
	l.until(l.at(6, 12, 0))
	l.heard()
	back := answer.Messages[0].Buttons[0][0]
	if back.Action.Name != "quiet" || back.Action.Arg != "off" {
		t.Fatalf("no way back: %+v", back)
	}
	l.press(back.Action)
	if l.request().session.Quiet {
		t.Error("still quiet")
	}
}
