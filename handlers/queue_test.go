package handlers

import (
	"context"
	"resetpin/handlers/talk"
	"strings"
	"testing"
	"time"

	"resetpin/handlers/bsre"
	"resetpin/store"
)

// busy is a portal whose queue the test decides.
type busy struct {
	bsre.Resetter
	people int
	err    error
	asked  int
}

func (b *busy) Queue() (int, time.Duration) { return b.people, time.Duration(b.people) * b.Turn() }
func (b *busy) Turn() time.Duration         { return 1300 * time.Millisecond }

func (b *busy) Lookup(context.Context, bsre.Person) (bsre.Subject, error) {
	b.asked++
	return bsre.Subject{UID: "u", Serial: "s", Email: "satu@contoh.go.id", PhoneVerified: true, EndDate: time.Date(2027, 6, 19, 0, 0, 0, 0, wita)}, b.err
}

func (b *busy) Glance(ctx context.Context, p bsre.Person) (bsre.Subject, error) {
	return b.Lookup(ctx, p)
}

// fine is an eSign Client Service for which all is well.
type fine struct{ value string }

func (f fine) Status(context.Context, bsre.Person) (bsre.Status, error) {
	return bsre.Status{Value: f.value}, nil
}

func newBusy(t *testing.T, people int) (*late, *busy) {
	t.Helper()
	l, b := newLate(t, 9, 0), &busy{people: people}
	l.status.Client, l.portal.Resetter = fine{"ISSUE"}, b
	return l, b
}

func (l *late) reset() string {
	l.t.Helper()
	return l.press(talk.ResetNew.With("")).Messages[0].Text
}

// The bot's own queue is told as a queue: the place, about how long, and the
// question comes by itself when the turn has come.
func TestTheQueueIsToldAsAQueue(t *testing.T) {
	l, b := newBusy(t, 11)
	l.db.jobs = nil
	if got := l.reset(); !strings.Contains(got, "Anda urutan ke-12**, kira-kira 15 detik") || strings.Contains(got, "tidak bisa dihubungi") {
		t.Errorf("told %q", got)
	}
	if b.asked != 0 || len(l.db.jobs) != 1 || l.db.jobs[0].Kind != "prepare" {
		t.Fatalf("asked %d times, jobs %+v", b.asked, l.db.jobs)
	}
	l.until(l.now)
	l.heard("Lanjutkan?")
	if b.asked != 1 {
		t.Errorf("asked %d times", b.asked)
	}
	b.people = 0
	if got := l.reset(); !strings.Contains(got, "Lanjutkan?") {
		t.Errorf("with nobody before them they are told %q", got)
	}
	b.people = 200
	if got := l.reset(); !strings.Contains(got, "kira-kira 5 menit") {
		t.Errorf("told %q", got)
	}
	l.now = l.now.Add(time.Hour) // the bot was away
	l.until(l.now)
	l.heard("Pertanyaan ini sudah lama")
}

// What stands in the way of a reset is said as it is.
func TestWhatStandsInTheWayIsSaid(t *testing.T) {
	l, b := newBusy(t, 0)
	for err, want := range map[error]string{
		bsre.ErrUnavailable: "tidak bisa dihubungi", bsre.ErrCredentials: "petugas harus membuka lagi akses", bsre.ErrNotFound: "tidak menampilkan data Anda",
		bsre.ErrNoCertificate: "sertifikat tanda tangan yang aktif", bsre.ErrAmbiguous: "lebih dari satu data",
	} {
		b.err = err
		if got := l.reset(); !strings.Contains(got, want) {
			t.Errorf("%v: told %q, want %q", err, got, want)
		}
	}
}

// The end of a certificate is looked up while nobody waits, is there the next
// time, and never stands beside a status that contradicts it.
func TestTheEndIsNeverWaitedForAndNeverContradicts(t *testing.T) {
	l, b := newBusy(t, 0)
	told := func() string { return l.press(talk.Cmd.With("status")).Messages[0].Text }
	if got := told(); strings.Contains(got, "Berlaku sampai") || b.asked != 0 {
		t.Errorf("told %q after %d lookups", got, b.asked)
	}
	l.lookUpEnds()
	if err := l.db.SetPrompt(t.Context(), store.Account(l.me), store.PromptNone, l.now); err != nil { // what is queued is written
		t.Fatal(err)
	}
	if got := told(); !strings.Contains(got, "Berlaku sampai 19-06-2027") || b.asked != 1 {
		t.Errorf("told %q after %d lookups", got, b.asked)
	}
	for _, status := range []string{"NOT_REGISTERED", "NO_CERTIFICATE", "EXPIRED", "REVOKE", "SUSPEND"} {
		l.status.Client = fine{status}
		if got := told(); strings.Contains(got, "2027") {
			t.Errorf("%s: told %q", status, got)
		}
	}
	l.status.Client, l.now = fine{"EXPIRED"}, l.now.AddDate(2, 0, 0)
	if got := told(); !strings.Contains(got, "Masa berlakunya berakhir 19-06-2027") {
		t.Errorf("told %q", got)
	}
}

// lookUpEnds lets the ends of certificates be looked up until one is kept.
func (l *late) lookUpEnds() {
	l.t.Helper()
	ctx, cancel := context.WithCancel(l.t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.w.LookUpEnds(ctx)
	}()
	for kept := (store.Certificate{}); kept.Looked.IsZero(); {
		var err error
		if kept, err = l.db.Certificate(ctx, "198001012005011001"); err != nil {
			l.t.Fatal(err)
		}
	}
	cancel()
	<-done
}
