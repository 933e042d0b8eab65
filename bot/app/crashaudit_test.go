package app_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"resetpin/handlers/bsre/bsretest"
	"resetpin/store"
)

// Whatever the moment at which the bot is killed, the audit trail has a line
// for every link that was made and for every one that was taken away.
func TestEveryLinkHasItsLineWhenTheBotIsKilled(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "LOG_LEVEL=debug")
	w.stop()
	w.showLog()
	people := make(map[string]person)
	for i, e := range bsretest.Samples() {
		people[e.NIP] = w.telegramPerson(int64(9000 + i))
	}
	moments := rand.New(rand.NewPCG(3, 4))
	now := spawn(t, "bot", w.log, w.environment()...)
	kill := func() {
		time.Sleep(time.Duration(moments.IntN(50)) * time.Millisecond)
		now.kill()
		now = spawn(t, "bot", w.log, w.environment()...)
	}
	const rounds = 2 // codes of an hour
	codes := make(map[string]string)
	for range rounds {
		each := func(f func(e bsretest.Person, p person)) {
			for _, e := range bsretest.Samples() {
				f(e, people[e.NIP])
			}
		}
		each(func(e bsretest.Person, p person) { p.Types("/link " + e.NIP) })
		each(func(e bsretest.Person, _ person) {
			old := codes[e.NIP] // its mail comes twice when the bot was killed while it was sent
			eventually(t, "a new code", func() bool { codes[e.NIP] = w.code(e.Email, 1); return codes[e.NIP] != old })
		})
		each(func(e bsretest.Person, p person) { p.Types(codes[e.NIP]) })
		kill()
		each(func(e bsretest.Person, p person) { sees(t, p, "Berhasil", e.Name) })
		each(func(e bsretest.Person, p person) {
			p.Types("/unlink")
			sees(t, p, "Putuskan akun ini dari "+e.Name)
		})
		each(func(_ bsretest.Person, p person) { p.Presses("Ya, putuskan") })
		kill()
		each(func(_ bsretest.Person, p person) { sees(t, p, "Sudah diputuskan") })
	}
	now.end()
	for nip := range people {
		if got := w.trail(nip, "link", "done"); got != rounds {
			t.Errorf("%s was linked %d times, and the audit trail says %d", nip, rounds, got)
		}
		if got := w.trail(nip, "unlink", "done"); got != rounds {
			t.Errorf("%s was unlinked %d times, and the audit trail says %d", nip, rounds, got)
		}
	}
}

// trail counts lines of the audit trail while the bot does not run.
func (w *world) trail(nip, action string, outcomes ...string) (n int) {
	w.t.Helper()
	w.database(func(db *store.Store) {
		for e, err := range db.Events(w.t.Context(), time.Time{}, nip) {
			if err != nil {
				w.t.Fatal(err)
			}
			for _, o := range outcomes {
				if e.Action == action && e.Outcome == o {
					n++
				}
			}
		}
	})
	return n
}

// resetsOf gives an employee's resets while the bot does not run.
func (w *world) resetsOf(nip string) (resets []store.Reset) {
	w.t.Helper()
	w.database(func(db *store.Store) {
		var err error
		if resets, err = db.Resets(w.t.Context(), nip, 1000); err != nil {
			w.t.Fatal(err)
		}
	})
	return resets
}

func (w *world) database(look func(*store.Store)) {
	w.t.Helper()
	key, err := w.settings.Key()
	if err != nil {
		w.t.Fatal(err)
	}
	db, err := store.Open(w.t.Context(), w.settings.DatabaseURL.Reveal(), store.Options{Key: key})
	if err != nil {
		w.t.Fatal(err)
	}
	look(db)
	if err := db.Close(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}
