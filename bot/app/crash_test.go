package app_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"resetpin/handlers/bsre/bsretest"
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
// has asked BSrE at most once for each confirmation. On Mattermost nothing is
// read twice; Telegram knows no repeat of a message, and what was sent there and
// not yet noted as sent is sent again.
func TestNothingIsLostOrDoneTwiceWhenTheBotIsKilled(t *testing.T) {
	t.Logf("the moments come of -seed %d", *seed)
	for _, k := range kindsOfCrash() {
		t.Run(k.String(), func(t *testing.T) {
			t.Parallel()
			sum := &fates{ends: make(map[string]int)}
			t.Run("worlds", func(t *testing.T) {
				for n := range k.worlds() {
					t.Run(strconv.Itoa(n), func(t *testing.T) {
						t.Parallel()
						killOften(t, k, n, sum)
					})
				}
			})
			t.Logf("%v: %v", k, sum)
		})
	}
}

// killOften is one world's share of the kills. Its number decides, with the
// seed, at which moments they come.
func killOften(t *testing.T, k crashKind, number int, sum *fates) {
	w, h := k.world(t)
	p := k.person(w, "pegawai", 7001)
	e := linked(t, w, p, "ISSUE")
	p.Types("/status") // the portal's session begins
	sees(t, p, "Sertifikat aktif")
	moments := rand.New(rand.NewPCG(*seed, uint64(number)))
	var everybody []*crowd
	for round := range k.rounds() {
		askForConfirmation(t, p)
		w.bsre.SetFor(bsretest.PlacePortal, "passphrase/reset", slownesses[round%len(slownesses)], time.Duration(moments.IntN(150))*time.Millisecond)
		before := w.bsre.ResetsOf(e.NIK)
		people := k.crowd(w, round)
		everybody = append(everybody, people)
		p.Presses("Ya, kirim link")
		time.Sleep(time.Duration(moments.IntN(400)) * time.Millisecond)
		h.killSome(moments, round)
		back := time.Now()
		told := seesOne(t, p, outcomes)
		people.answered()
		took := time.Since(back)
		sum.add(h.kills(), told, took)
		if n := w.bsre.ResetsOf(e.NIK) - before; n > 1 || !mayBeSaid(told, n) {
			t.Fatalf("BSrE did it %d times for one confirmation, and the employee was told %q", n, told)
		}
		if *kills > 0 && took > longestAfterRestart {
			t.Errorf("in round %d somebody waited %v after the restart", round, took)
		}
	}
	h.end()
	answers, doubled := 0, 0
	for _, c := range everybody {
		n := c.count()
		answers, doubled = answers+n, doubled+n-len(c.people)*len(asked)
	}
	sum.answered(answers, doubled)
	if k.platform != "telegram" && doubled > 0 {
		t.Errorf("%d of %d answers are there twice", doubled, answers)
	}
	if n := w.bsre.ResetsOf(e.NIK); n > k.rounds() {
		t.Errorf("%d resets for %d confirmations", n, k.rounds())
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
