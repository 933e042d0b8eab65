package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"resetpin/handlers/mail"
	"resetpin/store"
)

var update = flag.Bool("update", false, "write golden files anew")

// outbox keeps what is sent, or refuses it.
type outbox struct {
	sent []mail.Message
	err  error
}

func (o *outbox) Send(_ context.Context, m mail.Message) error {
	o.sent = append(o.sent, m)
	return o.err
}

type oneEmployee struct{ e store.Employee }

func (o oneEmployee) Employee(_ context.Context, nip string) (store.Employee, error) {
	if nip != o.e.NIP {
		return store.Employee{}, store.ErrNotFound
	}
	return o.e, nil
}

var noon = time.Date(2026, 3, 2, 5, 0, 0, 0, time.UTC)

func mailRoom(t *testing.T, o *outbox) *MailRoom {
	t.Helper()
	texts, err := LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	room, err := NewMailRoom(o, oneEmployee{store.Employee{NIP: "198001012005011001", Email: "satu@contoh.go.id"}}, texts, "Helpdesk, ekstensi 1234", time.FixedZone("WIB", 7*60*60), func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	return room
}

func payload(t *testing.T, p mailPayload) []byte {
	t.Helper()
	data, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestEveryMailReadsAsItShould(t *testing.T) {
	for _, lang := range []string{Indonesian, English} {
		for _, template := range []string{"code", "linked", "reset"} {
			o := &outbox{}
			p := mailPayload{NIP: "198001012005011001", Template: template, Language: lang, Platform: "telegram", Code: "012345", Minutes: 10, At: noon}
			if err := mailRoom(t, o).send(t.Context(), payload(t, p)); err != nil {
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
				t.Errorf("%s differs; look, and run go test ./handlers -update\n%s", file, got)
			}
		}
	}
}

func TestWhatIsNotSent(t *testing.T) {
	for name, p := range map[string]mailPayload{
		"the code for a NIP that does not exist": {Template: "code", Code: "012345"},
		"a code that is no longer good":          {To: "satu@contoh.go.id", Template: "code", Code: "012345", Until: noon.Add(-time.Second)},
		"to somebody who left":                   {NIP: "199001012015011001", Template: "linked"},
	} {
		o := &outbox{}
		if err := mailRoom(t, o).send(t.Context(), payload(t, p)); err != nil || len(o.sent) > 0 {
			t.Errorf("%s: %v, %d sent", name, err, len(o.sent))
		}
	}
}

func TestAMailThatIsNeverTakenIsGivenUp(t *testing.T) {
	p := mailPayload{To: "satu@contoh.go.id", Template: "linked", At: noon}
	for _, err := range []error{mail.ErrPermanent, errors.New("busy")} {
		got := mailRoom(t, &outbox{err: err}).send(t.Context(), payload(t, p))
		if got == nil || errors.Is(got, store.ErrJobCancel) != errors.Is(err, mail.ErrPermanent) {
			t.Errorf("%v became %v", err, got)
		}
	}
	if err := mailRoom(t, &outbox{}).send(t.Context(), []byte("{")); !errors.Is(err, store.ErrJobCancel) || strings.Contains(err.Error(), "satu@") {
		t.Errorf("a broken payload: %v", err)
	}
}
