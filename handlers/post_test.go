package handlers

import (
	"context"
	"errors"
	"log/slog"
	"resetpin/handlers/letters"
	"resetpin/handlers/talk"
	"strings"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/handlers/mail"
	"resetpin/store"
)

// outbox takes mails, or refuses them.
type outbox struct {
	sent    []mail.Message
	err     error
	refuses error // to take a mail, although all else works
}

func (o *outbox) Check(context.Context) error { return o.err }

func (o *outbox) Send(_ context.Context, m mail.Message) error {
	o.sent = append(o.sent, m)
	return errors.Join(o.err, o.refuses)
}

// openCodes waits for every code.
type openCodes struct{}

func (openCodes) CodeOpen(context.Context, store.Account, string) (bool, error) { return true, nil }

func (openCodes) ExtendCode(context.Context, store.Account, string, time.Time) error { return nil }

// mailer is a mailer that lives in the test's time.
func (l *late) mailer(o *outbox) *letters.Mailer {
	l.t.Helper()
	room, err := letters.NewMailer(letters.MailerConfig{
		Sender: o, Directory: l.db, Codes: openCodes{}, Texts: l.w.Texts, Frame: TextFiles(), Zone: wita, Now: func() time.Time { return l.now }, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return room
}

// asksForCode is a stranger who asks for a code in a chat, for a NIP that
// somebody has or nobody.
func asksForCode(t *testing.T, l *late, nip string) {
	t.Helper()
	l.me = bot.Account{Platform: bot.Telegram, ID: "stranger of " + nip}
	if _, err := l.w.Handle(t.Context(), bot.Update{Origin: bot.Origin{Account: l.me, Private: true}, Kind: bot.KindCommand, Command: "link", Text: nip}); err != nil {
		t.Fatal(err)
	}
}

// What is said while mails cannot be sent, and when they can again, is the
// same for a NIP that nobody has.
func TestWhoWaitsForACodeHearsHowTheMailStands(t *testing.T) {
	for _, nip := range []string{"198001012005011001", "197001012000011999"} {
		l := newLate(t, 9, 0)
		o := &outbox{err: errors.New("busy")}
		l.w.post.Mails = l.mailer(o)
		asksForCode(t, l, nip)
		l.db.jobs = nil
		send := func() error { return l.w.Jobs()[string(letters.JobMail)](t.Context(), l.db.codes[0].Payload) }
		for range 3 { // as it is tried again
			if err := send(); !errors.Is(err, o.err) {
				t.Errorf("the job ended: %v", err)
			}
			l.until(l.now)
		}
		l.heard("sedang terganggu")
		asksForCode(t, l, nip)
		if text := l.chatter("somebody else").asks(nip); !holds(text, "sedang terganggu", "tidak perlu memintanya lagi") {
			t.Errorf("told meanwhile: %s", text)
		}
		l.now, o.err = l.now.Add(5*time.Minute), nil
		if err := send(); err != nil {
			t.Fatal(err)
		}
		l.until(l.now)
		l.heard("baru saja dikirim")
		if text := l.chatter("yet somebody else").asks(nip); !holds(text, "sedang dikirim") {
			t.Errorf("told afterwards: %s", text)
		}
		l.now = l.now.Add(time.Hour)
		if err := send(); err != nil {
			t.Fatal(err)
		}
		l.until(l.now)
		l.heard("belum bisa dikirim")
	}
}

// An address that the mail server refuses for a while (greylisting) exists:
// nobody who asks may hear of it.
func TestAnAddressThatIsRefusedForAWhileIsNotTold(t *testing.T) {
	l := newLate(t, 9, 0)
	o := &outbox{refuses: errors.New("come back later")}
	l.w.post.Mails = l.mailer(o)
	asksForCode(t, l, "198001012005011001")
	l.db.jobs = nil
	for range 2 {
		if err := l.w.Jobs()[string(letters.JobMail)](t.Context(), l.db.codes[0].Payload); !errors.Is(err, o.refuses) {
			t.Errorf("the job ended: %v", err)
		}
		l.now = l.now.Add(time.Minute)
	}
	l.now = l.now.Add(20 * time.Minute)
	if err := l.w.Jobs()[string(letters.JobMail)](t.Context(), l.db.codes[0].Payload); err != nil {
		t.Errorf("too late: %v", err)
	}
	l.now, o.refuses = l.now.Add(-20*time.Minute), nil
	if err := l.w.Jobs()[string(letters.JobMail)](t.Context(), l.db.codes[0].Payload); err != nil || len(o.sent) == 0 {
		t.Errorf("sent at last: %v", err)
	}
	l.until(l.now)
	l.heard()
	if l.w.post.Down(l.now) {
		t.Error("the mail server counts as down")
	}
}

func TestAMailThatIsNeverTakenIsGivenUp(t *testing.T) {
	l := newLate(t, 9, 0)
	for _, err := range []error{mail.ErrPermanent, errors.New("busy")} {
		l.w.post.Mails = l.mailer(&outbox{err: err})
		job := talk.PlainJob(letters.JobMail, letters.Letter{To: "satu@contoh.go.id", Template: "linked", At: l.now})
		got := l.w.Jobs()[string(letters.JobMail)](t.Context(), job.Payload)
		if got == nil || errors.Is(got, store.ErrJobCancel) != errors.Is(err, mail.ErrPermanent) {
			t.Errorf("%v became %v", err, got)
		}
		if down := l.w.post.Down(l.now); down == errors.Is(err, mail.ErrPermanent) {
			t.Errorf("after %v the mail server counts as down: %v", err, down)
		}
	}
	if err := l.w.Jobs()[string(letters.JobMail)](t.Context(), []byte("{")); !errors.Is(err, store.ErrJobCancel) || holds(err.Error(), "satu@") {
		t.Errorf("a broken payload: %v", err)
	}
}

func holds(text string, words ...string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}
