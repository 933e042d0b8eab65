package handlers

import (
	"context"
	"log/slog"
	"resetpin/handlers/pages"
	"resetpin/handlers/resetsite"
	"resetpin/handlers/status"
	"resetpin/handlers/talk"
	"resetpin/handlers/understand/understandtest"
	"strings"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/bsre"
	"resetpin/store"
	"resetpin/store/storetest"
)

// late is a conversation whose clock the test moves, on a real database.
type late struct {
	t    *testing.T
	now  time.Time
	db   *recorder
	w    *Handlers
	said []bot.Reply
	lose error // why nobody can be told; nil: everybody can
	me   bot.Account

	guides pages.Guides
	// What the test may change on the way.
	site   *anySite
	status *anyStatus
	portal *anyPortal
}

// anySite is the reset site that the test wants; nil: nobody knows.
type anySite struct{ pages.Site }

func (s *anySite) Find(ctx context.Context) resetsite.Finding {
	if s.Site == nil {
		return resetsite.Finding{Verdict: resetsite.Unknown}
	}
	return s.Site.Find(ctx)
}

// anyStatus is the client of BSrE's status that the test wants.
type anyStatus struct{ status.Client }

// anyPortal is the portal that the test wants.
type anyPortal struct{ bsre.Resetter }

func (p *anyPortal) busy() *busy {
	if b, ok := p.Resetter.(*busy); ok {
		return b
	}
	return &busy{err: bsre.ErrUnavailable}
}

func (p *anyPortal) Queue() (int, time.Duration) { return p.busy().Queue() }
func (p *anyPortal) Turn() time.Duration         { return p.busy().Turn() }
func (p *anyPortal) Glance(ctx context.Context, who bsre.Person) (bsre.Subject, error) {
	return p.busy().Glance(ctx, who)
}

// recorder keeps what is to be done later.
type recorder struct {
	*store.Store
	jobs   []store.Job
	codes  []store.Job    // mails with codes
	alarms []store.Danger // that officers are told of
	read   int            // sessions
}

// Session counts how often it is asked.
func (r *recorder) Session(ctx context.Context, a store.Account) (store.Session, error) {
	r.read++
	return r.Store.Session(ctx, a)
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

// say takes what the bot says unasked.
func (l *late) say(words *store.Words) {
	l.t.Helper()
	u, err := bot.DecodeUnasked(bot.InboxItem{Source: words.Account.Platform, ID: "say", Payload: words.Payload})
	if err != nil {
		l.t.Fatal(err)
	}
	r, err := l.w.Compose(l.t.Context(), u)
	if err != nil {
		l.t.Fatal(err)
	}
	if l.lose != nil {
		l.w.Unheard(l.t.Context(), u.Origin, l.lose)
		return
	}
	if u.Account != l.me || !u.Private {
		l.t.Errorf("said to %+v", u.Origin)
	}
	l.said = append(l.said, r)
}

type noBSrE struct{ bsre.Resetter }

func (noBSrE) Status(context.Context, bsre.Person) (bsre.Status, error) {
	return bsre.Status{}, bsre.ErrUnavailable
}

// newLate gives an employee who begins the reset's walk at a time of day.
func newLate(t *testing.T, hour, minute int, change ...func(*Settings)) *late {
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
	l.guides, l.site, l.status, l.portal = library, &anySite{}, &anyStatus{noBSrE{}}, &anyPortal{noBSrE{}}
	settings := Settings{ResetSites: []string{"esign.contoh.go.id"}, ResetSenders: []string{"osd@contoh.go.id"}, DefaultLanguage: talk.Indonesian, Zone: wita, CodeTTL: 10 * time.Minute}
	for _, c := range change {
		c(&settings)
	}
	h, err := New(Config{
		Store: l.db, Site: l.site, Status: l.status, Resetter: l.portal, Guides: library, Sentences: understandtest.Builtin(), Texts: texts, Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return l.now },
		Settings: settings,
	})
	if err != nil {
		t.Fatal(err)
	}
	l.w = h
	e := store.Employee{NIP: "198001012005011001", NIK: "3171010101800001", Name: "Contoh Satu", Email: "satu@contoh.go.id", Active: true}
	rows := func(yield func(store.Employee, error) bool) { yield(e, nil) }
	if _, err := l.db.Import(t.Context(), rows, store.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := l.db.Link(t.Context(), store.Account(l.me), e.NIP, l.now, func([]store.Account) []store.Job { return nil }); err != nil {
		t.Fatal(err)
	}
	r := l.request()
	if _, err := h.walk.Begin(t.Context(), r, store.Reset{NIP: e.NIP, Updated: l.now}); err != nil {
		t.Fatal(err)
	}
	return l
}

func (l *late) request() talk.Request {
	session, err := l.db.Session(l.t.Context(), store.Account(l.me))
	if err != nil {
		l.t.Fatal(err)
	}
	return talk.Request{Update: bot.Update{Origin: bot.Origin{Account: l.me, Private: true}}, Session: session, Lang: talk.Indonesian, Texts: l.w.Texts, Now: l.now}
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
		w := l.request().Session.Walk
		if w.Step == step || w.State == store.WalkDone {
			return
		}
		kind := guides.ChoiceNext
		if w.Step == "done" {
			kind = guides.ChoiceDone
		}
		l.press(talk.Walk.With(pages.Press{Walk: w.ID, Version: w.Version, Kind: kind}.Arg()))
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
		if job.Say != nil {
			l.say(job.Say)
			continue
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
