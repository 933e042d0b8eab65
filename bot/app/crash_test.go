package app_test

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"resetpin/handlers/bsre/bsretest"
)

// crashes is how often the bot is killed, shared out to worlds that run side
// by side.
const (
	crashes     = 50
	crashWorlds = 5
)

// outcomes are the ends of a reset in words; each is the truth about what
// BSrE was asked. No step of the guide says one of them.
var outcomes = []string{"berhasil dikirim ke email", "mungkin sedang dikirim", "Tidak ada link yang dikirim"}

// mayBeSaid tells whether an outcome is the truth about n resets.
func mayBeSaid(outcome string, n int) bool {
	switch outcome {
	case outcomes[0]:
		return n == 1
	case outcomes[2]:
		return n == 0
	}
	return true
}

// asked are commands that can be told apart by their answers.
var asked = map[string]string{"/start": "Halo", "/help": "Yang bisa saya bantu", "/privasi": "Data Anda", "/bahasa": "Pilih bahasa"}

// A bot that is killed at any moment answers everything when it is back, and
// has asked BSrE at most once for each confirmation.
func TestNothingIsLostOrDoneTwiceWhenTheBotIsKilled(t *testing.T) {
	tally := make(chan string, crashes)
	t.Run("worlds", func(t *testing.T) {
		for n := range crashWorlds {
			t.Run(strconv.Itoa(n), func(t *testing.T) {
				t.Parallel()
				killOften(t, n, tally)
			})
		}
	})
	close(tally)
	ends := make(map[string]int)
	for what := range tally {
		ends[what]++
	}
	t.Logf("how the resets ended: %v", ends)
}

// killOften is one world's share of the crashes. Its number decides at which
// moments they come.
func killOften(t *testing.T, world int, tally chan<- string) {
	w := newWorld(t, "RESET_COOLDOWN=0s", "LOG_LEVEL=debug")
	p := w.telegramPerson(7001)
	e := linked(t, w, p, "ISSUE")
	p.Types("/status") // the portal's session begins
	sees(t, p, "Sertifikat aktif")
	w.stop()
	w.showLog()

	const rounds = crashes / crashWorlds
	moments := rand.New(rand.NewPCG(uint64(world), 2))
	now := spawn(t, "bot", w.log, w.environment()...)
	for round := range rounds {
		askForConfirmation(t, p)
		w.bsre.SetFor(bsretest.PlacePortal, "passphrase/reset", slownesses[round%len(slownesses)], time.Duration(moments.IntN(150))*time.Millisecond)
		before := w.bsre.ResetsOf(e.NIK)
		crowd := w.crowd(int64(8000 + 10*round))
		p.Presses("Ya, kirim link")
		// The moments are spread evenly over the time in which all is done.
		time.Sleep(time.Duration((round*crashWorlds+world)*400/crashes) * time.Millisecond)
		now.kill()
		if round%3 == 2 { // and again while it comes up
			now = spawn(t, "bot", w.log, w.environment()...)
			time.Sleep(time.Duration(moments.IntN(120)) * time.Millisecond)
			now.kill()
		}
		now = spawn(t, "bot", w.log, w.environment()...)
		told := seesOne(t, p, outcomes)
		tally <- told
		crowd.answered()
		n := w.bsre.ResetsOf(e.NIK) - before
		if n > 1 || !mayBeSaid(told, n) {
			t.Fatalf("BSrE did it %d times for one confirmation, and the employee was told %q", n, told)
		}
	}
	now.end()
	if n := w.bsre.ResetsOf(e.NIK); n > rounds {
		t.Errorf("%d resets for %d confirmations", n, rounds)
	}
	resets := len(w.resetsOf(e.NIP))
	if asked, ended := w.trail(e.NIP, "reset", "requested"), w.trail(e.NIP, "reset", "sent", "unknown", "refused"); asked != resets || ended != resets {
		t.Errorf("%d resets; the audit trail says that %d were asked for and %d ended", resets, asked, ended)
	}
}

// showLog shows the end of the bot's log when the test fails.
func (w *world) showLog() {
	w.t.Cleanup(func() {
		if w.t.Failed() {
			log := w.log.String()
			w.t.Logf("the end of the bot's log:\n%s", log[max(0, len(log)-6000):])
		}
	})
}

// slownesses are how BSrE answers the call that resets: a slow or lost answer
// leaves more moments at which nobody knows.
var slownesses = []bsretest.Mode{bsretest.ModeSlow, bsretest.ModeOK, bsretest.ModeLost, bsretest.ModeSlow, bsretest.ModeSlow}

// askForConfirmation brings a linked person to the question whether to reset;
// while BSrE is out of reach they ask again.
func askForConfirmation(t *testing.T, p person) {
	t.Helper()
	const question, running, down, closed = "Lanjutkan?", "belum selesai", "tidak bisa dihubungi", "belum bisa dipakai"
	for range 50 {
		p.Types("/resetpin")
		answer := seesOne(t, p, []string{question, running, down, closed})
		if answer == running {
			p.Presses("Minta link baru")
			answer = seesOne(t, p, []string{question, down, closed})
		}
		if answer == question {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("a reset does not become possible again; the chat ends with\n%s", show(p))
}

// seesOne waits for a message with one of the words and tells which.
func seesOne(t *testing.T, p person, words []string) string {
	t.Helper()
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		for _, l := range p.News() {
			for _, word := range words {
				if l.Bot && strings.Contains(l.Text, word) {
					return word
				}
			}
		}
	}
	t.Fatalf("waited for one of %q; the chat ends with\n%s", words, show(p))
	return ""
}

// crowd is some people who write at once.
type crowd struct {
	t      *testing.T
	people []person
}

// crowd lets four newcomers type all commands at once.
func (w *world) crowd(first int64) *crowd {
	c := &crowd{t: w.t}
	for n := range int64(4) {
		c.people = append(c.people, w.telegramPerson(first+n))
	}
	for command := range asked {
		for _, p := range c.people {
			p.Types(command)
		}
	}
	return c
}

// answered waits until each of them has an answer to each command.
func (c *crowd) answered() {
	c.t.Helper()
	eventually(c.t, "an answer to each command of everybody", c.has)
}

// has tells whether each of them has an answer to each command.
func (c *crowd) has() bool {
	for _, p := range c.people {
		for _, words := range asked {
			if !slices.ContainsFunc(p.Chat(), func(l line) bool { return l.Bot && strings.Contains(l.Text, words) }) {
				return false
			}
		}
	}
	return true
}
