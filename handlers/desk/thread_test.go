package desk

import (
	"strings"
	"testing"

	"resetpin/bot"
	"resetpin/store"
	"resetpin/store/storetest"
)

// An officer writes before it is noted which ticket the thread is about: the word
// is carried. In a thread of officers' own nothing is, and nobody waits for it a
// second time.
func TestAWordThatComesBeforeItsThreadIsNotedIsCarried(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		n := w.opened(caller)
		w.press(rina, take, n)
		w.heard(caller)
		writes := func(thread, text string) bot.Reply {
			return w.do(w.room, w.by(rina, bot.Update{Origin: bot.Origin{Chat: w.place.ID, Thread: thread}, Kind: bot.KindText, Text: text}))
		}
		w.db.late = func() {
			if err := s.KeepThread(t.Context(), store.Account(w.place), n, "t"+n); err != nil {
				t.Error(err)
			}
		}
		writes("t"+n, "Selamat pagi")
		if got := w.heard(caller); !strings.Contains(got, "Selamat pagi") {
			t.Errorf("the employee hears %q", got)
		}
		writes("t999", "Siapa makan siang?")
		looks := 0
		var count func()
		count = func() { looks++; w.db.late = count }
		count()
		looks = 0
		writes("t999", "Saya")
		if got := w.heard(caller); got != "" || looks != 1 {
			t.Errorf("the employee hears %q, and a thread of officers was looked for %d times", got, looks)
		}
	})
}
