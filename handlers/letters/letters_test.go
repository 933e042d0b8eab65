package letters

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"resetpin/handlers/talk"
	"slices"
	"testing"
	"time"

	"resetpin/handlers/mail"
	"resetpin/store"
)

var update = flag.Bool("update", false, "write golden files anew")

// outbox keeps what is sent, or refuses it.
type outbox struct {
	sent    []mail.Message
	err     error
	refuses error // to take a mail, although all else works
	watched []string
	codes   codeBook
}

// codeBook has one open code.
type codeBook struct {
	closed  bool
	expires time.Time
}

func (c *codeBook) CodeOpen(context.Context, store.Account, string) (bool, error) {
	return !c.closed, nil
}

func (c *codeBook) ExtendCode(_ context.Context, _ store.Account, _ string, expires time.Time) error {
	c.expires = expires
	return nil
}

func (o *outbox) Check(context.Context) error { return o.err }

func (o *outbox) Send(_ context.Context, m mail.Message) error {
	o.sent = append(o.sent, m)
	return errors.Join(o.err, o.refuses)
}

type oneEmployee struct{ e store.Employee }

func (o oneEmployee) Employee(_ context.Context, nip string) (store.Employee, error) {
	if nip != o.e.NIP {
		return store.Employee{}, store.ErrNotFound
	}
	return o.e, nil
}

var noon = time.Date(2026, 3, 2, 5, 0, 0, 0, time.UTC)

func mailer(t *testing.T, o *outbox) *Mailer {
	t.Helper()
	texts, err := talk.LoadTexts(os.DirFS("../texts"))
	if err != nil {
		t.Fatal(err)
	}
	room, err := NewMailer(MailerConfig{
		Sender: o, Directory: oneEmployee{store.Employee{NIP: "198001012005011001", Name: "Contoh Satu, S.E.", Email: "satu@contoh.go.id"}}, Codes: &o.codes, Texts: texts, Frame: os.DirFS("../texts"), Helpdesk: "Helpdesk, ekstensi 1234",
		Zone: time.FixedZone("WIB", 7*60*60), Now: func() time.Time { return noon }, Logger: slog.New(slog.DiscardHandler), Watch: func(outcome string, _ error) { o.watched = append(o.watched, outcome) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return room
}

func TestEveryMailReadsAsItShould(t *testing.T) {
	for _, lang := range []string{talk.Indonesian, "en"} {
		for _, template := range []string{"code", "linked", "reset", "unlinked"} {
			o := &outbox{}
			p := Letter{NIP: "198001012005011001", Template: template, Language: lang, Platform: "telegram", Chat: "K7M2QX", Code: "012345", Minutes: 10, By: ByOfficer, At: noon}
			if template == CodeTemplate {
				p.NIP, p.To, p.Name, p.Last, p.Until = "", "satu@contoh.go.id", "Contoh S.", "001", noon
			}
			if err := mailer(t, o).Send(t.Context(), p); err != nil {
				t.Fatal(err)
			}
			m := o.sent[0]
			if m.To != "satu@contoh.go.id" {
				t.Errorf("sent to %q", m.To)
			}
			got := "Subject: " + m.Subject + "\n\n" + m.Text + "\n\n" + m.HTML
			file := filepath.Join("testdata", "mail-"+template+"."+lang+".golden")
			if *update {
				if err := os.MkdirAll("testdata", 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs; look, and run go test ./handlers/letters -update\n%s", file, got)
			}
		}
	}
}

func TestWhatIsNotSent(t *testing.T) {
	o := &outbox{}
	if err := mailer(t, o).Send(t.Context(), Letter{NIP: "199001012015011001", Template: "linked"}); err != nil || len(o.sent) > 0 {
		t.Errorf("to somebody who left: %v, %d sent", err, len(o.sent))
	}
}

// A code lives from the moment when the mail server has it. A newer one takes
// its place; one that comes too late is told, in the same way for a NIP that
// nobody has.
func TestACodeIsMailedWhileItIsWaitedFor(t *testing.T) {
	busy := errors.New("busy")
	for name, tt := range map[string]struct {
		to     string
		closed bool
		until  time.Time
		err    error // of the mail server

		sent  int
		lives bool
		gives error
	}{
		"in time":              {to: "satu@contoh.go.id", until: noon, sent: 1, lives: true},
		"the server is busy":   {to: "satu@contoh.go.id", until: noon, err: busy, sent: 1, gives: busy},
		"a newer one":          {to: "satu@contoh.go.id", closed: true, until: noon, gives: ErrReplaced},
		"too late":             {to: "satu@contoh.go.id", until: noon.Add(-time.Second), gives: ErrLate},
		"nobody's, in time":    {until: noon, lives: true},
		"nobody's, and busy":   {until: noon, err: busy, gives: busy},
		"nobody's, a newer":    {closed: true, until: noon, gives: ErrReplaced},
		"nobody's, a too late": {until: noon.Add(-time.Second), gives: ErrLate},
	} {
		o := &outbox{err: tt.err, codes: codeBook{closed: tt.closed}}
		p := Letter{To: tt.to, Template: "code", Code: "012345", Minutes: 10, At: noon.Add(-5 * time.Minute), Until: tt.until, Asker: store.Account{Platform: "telegram", ID: "4711"}}
		err := mailer(t, o).Send(t.Context(), p)
		if !errors.Is(err, tt.gives) || len(o.sent) != tt.sent {
			t.Errorf("%s: %v, %d sent", name, err, len(o.sent))
		}
		if want := noon.Add(10 * time.Minute); o.codes.expires.Equal(want) != tt.lives {
			t.Errorf("%s: lives until %v", name, o.codes.expires)
		}
	}
}

func TestWhatBecomesOfMailsIsWatched(t *testing.T) {
	for want, err := range map[string]error{MailSent: nil, MailRefused: mail.ErrPermanent, MailNoSender: mail.ErrSender, MailFailed: errors.New("busy")} {
		o := &outbox{err: err}
		got := mailer(t, o).Send(t.Context(), Letter{To: "satu@contoh.go.id", Template: "linked", At: noon})
		if !slices.Equal(o.watched, []string{want}) || errors.Is(got, store.ErrJobCancel) != (want == MailRefused) {
			t.Errorf("%v: watched %q, %v", err, o.watched, got)
		}
	}
}

func TestShortNames(t *testing.T) {
	for name, want := range map[string]string{
		"Budi": "Budi", "Budi Santoso": "Budi S.", "Dr. Ir. Siti Nur Aisyah, M.Si.": "Siti N. A.", "": "", "Ümit Ç": "Ümit Ç.", "H. Agus": "Agus",
	} {
		if got := ShortName(name); got != want {
			t.Errorf("%q became %q, want %q", name, got, want)
		}
	}
}
