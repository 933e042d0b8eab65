package app_test

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"resetpin/store"
)

// rush is people who are all linked, on one platform.
type rush []person

// platformRush gives linked people of the crowd on a platform of the story.
func (w *world) platformRush(n int) rush {
	w.t.Helper()
	var out rush
	if w.mattermost != nil {
		for _, p := range w.linkedCrowd(n) {
			out = append(out, p)
		}
		return out
	}
	w.employCrowd(n)
	for i := range n {
		id := int64(20000 + i)
		w.link(store.Account{Platform: "telegram", ID: strconv.FormatInt(id, 10)}, crowdPerson(i).NIP)
		out = append(out, w.telegramPerson(id))
	}
	return out
}

// Forty people ask at once, and BSrE's portal takes one call after the other
// with a gap between: each is told a queue or served, and nobody an outage;
// who confirms a reset meanwhile is served before those who only ask.
func TestFortyAskAtOnce(t *testing.T) {
	const people = 40
	for name, onMattermost := range map[string]bool{"telegram": false, "mattermost": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := emptyWorld(t, nil)
			w.gap = 100 * time.Millisecond // a quarter of the real pace
			if onMattermost {
				w.addMattermost()
			}
			w.persons = samplesAndCrowd(people + 1)
			w.inhabit()
			all := w.platformRush(people + 1)
			first, rest := all[people], all[:people]
			first.Types("/resetpin")
			sees(t, first, "Lanjutkan?")
			var typing sync.WaitGroup
			for _, p := range rest {
				typing.Go(func() { p.Types("/resetpin") })
			}
			eventually(t, "a queue that is told", func() bool { w.get("/metrics"); return rest.queued() > people/4 })
			typing.Wait()
			first.Presses("Ya, kirim link")
			eventually(t, "the reset of who confirmed", func() bool { return w.bsre.ResetsOf(crowdPerson(people).NIK) == 1 })
			if n := rest.asked(); n > people/2 {
				t.Errorf("%d of %d who only ask were served before a reset", n, people)
			} else {
				t.Logf("a reset was done after %d of %d lookups; %d were told their place", n, people, rest.queued())
			}
			sees(t, first, "Langkah 1 dari")
			for i, p := range rest {
				eventually(t, fmt.Sprintf("the question for person %d", i), func() bool { return tells(p, "Lanjutkan?") > 0 })
			}
			for i, p := range rest {
				if n := tells(p, "Lanjutkan?"); n != 1 {
					t.Errorf("person %d was asked %d times", i, n)
				}
				if tells(p, "tidak bisa dihubungi") > 0 || tells(p, "gangguan") > 0 {
					t.Errorf("person %d was told of an outage:\n%s", i, show(p))
				}
			}
			for _, problem := range w.bsre.Problems() {
				t.Error(problem)
			}
		})
	}
}

// queued counts who was told a place in the queue.
func (r rush) queued() (n int) {
	for _, p := range r {
		n += min(tells(p, "Anda urutan ke-"), 1)
	}
	return n
}

// asked counts who was asked whether to go on.
func (r rush) asked() (n int) {
	for _, p := range r {
		n += min(tells(p, "Lanjutkan?"), 1)
	}
	return n
}

// tells counts the bot's messages with such words.
func tells(p person, words string) (n int) {
	for _, l := range p.Chat() {
		if l.Bot && strings.Contains(l.Text, words) {
			n++
		}
	}
	return n
}
