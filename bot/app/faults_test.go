package app_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"resetpin/handlers/bsre/bsretest"
)

// technical are words that tell an employee nothing, and whoever attacks the
// bot too much.
var technical = regexp.MustCompile(`(?i)\b(https?|error|time-?out|json|eof|tcp|connection|context|deadline|panic|null|nil|unmarshal|invalid|unexpected|` +
	`internal|server|gateway|bad|request|unavailable|unauthorized|too many|refused|dial|html|nginx|sql|token|api|[45]\d\d)\b|[<>{}]|\b127\.0\.0\.1\b`)

// kind fails when the bot ever said something technical in this chat.
func kind(t *testing.T, p person) {
	t.Helper()
	for _, l := range p.Chat() {
		if word := technical.FindString(l.Text); l.Bot && word != "" {
			t.Errorf("the bot says %q to an employee: %q", word, l.Text)
		}
	}
}

// hasty are the settings of a bot that does not wait long for BSrE.
var hasty = []string{"BSRE_TIMEOUT=600ms", "RESET_COOLDOWN=0s"}

const slowness = 3 * time.Second // of BSrE: longer than the bot waits

// eachTrouble tells a story for every way in which BSrE fails.
func eachTrouble(t *testing.T, tell func(t *testing.T, w *world, p person, trouble bsretest.Mode)) {
	t.Helper()
	for _, trouble := range bsretest.Modes() {
		if trouble == bsretest.ModeOK {
			continue
		}
		t.Run(string(trouble), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, hasty...)
			p := w.telegramPerson(7001)
			w.showLog()
			tell(t, w, p, trouble)
			kind(t, p)
		})
	}
}

// heal ends all trouble.
func (w *world) heal() {
	for _, place := range []bsretest.Place{bsretest.PlaceAPI, bsretest.PlacePortal, bsretest.PlaceSSO} {
		w.bsre.Set(place, bsretest.ModeOK, 0)
	}
}

// recovers asks again until the answer is a good one: somebody who waits a
// moment gets what they want, and nobody needs to mend the bot.
func recovers(t *testing.T, p person, command, words string) line {
	t.Helper()
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		p.Types(command)
		var answer line
		eventually(t, "an answer", func() bool {
			for _, l := range p.News() {
				if l.Bot {
					answer = l
				}
			}
			return answer.Bot
		})
		if strings.Contains(answer.Text, words) {
			return answer
		}
	}
	t.Fatalf("%s does not recover; the chat ends with\n%s", command, show(p))
	return line{}
}

func TestTheStatusWhileBSrEIsInTrouble(t *testing.T) {
	t.Parallel()
	eachTrouble(t, func(t *testing.T, w *world, p person, trouble bsretest.Mode) {
		e := linked(t, w, p, "ISSUE")
		w.bsre.Set(bsretest.PlaceAPI, trouble, slowness)
		down := []string{"tidak bisa dihubungi", "Coba lagi sekitar pukul"}
		closed, way := "tidak bisa dihubungi", "Coba lagi"
		if trouble == bsretest.ModeLogin { // which is nothing that waiting mends
			down, closed, way = []string{"tidak bisa masuk"}, "petugas harus membuka lagi akses", "Hubungi bantuan"
		}
		p.Types("/status")
		offers(t, sees(t, p, append(down, "belum bisa dicek")...), "Coba lagi")
		p.Types("/resetpin")
		offers(t, sees(t, p, closed, "Tidak ada yang berubah"), way)

		w.heal()
		recovers(t, p, "/status", "Sertifikat aktif")
		w.clock.advance(2 * time.Hour)
		w.bsre.Set(bsretest.PlaceAPI, trouble, slowness)
		p.Types("/status")
		offers(t, sees(t, p, append(down, "terakhir yang saya tahu", "Sertifikat aktif")...), "Coba lagi")

		w.heal()
		l := recovers(t, p, "/resetpin", "Lanjutkan?")
		offers(t, l, "Ya, kirim link")
		if n := w.bsre.ResetsOf(e.NIK); n != 0 {
			t.Errorf("%d resets that nobody confirmed", n)
		}
	})
}

// Nothing is at the service's address, or only the other API: that is no word
// of BSrE's on anybody, and the log tells what to look at.
func TestAnAddressWithNothingBehindItTellsNobodysStatus(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hasty...)
	p := w.telegramPerson(7001)
	linked(t, w, p, "ISSUE")
	recovers(t, p, "/status", "Berlaku sampai")
	w.bsre.SetAPIs("v1")
	p.Types("/status")
	sees(t, p, "tidak bisa dihubungi", "terakhir yang saya tahu", "Sertifikat aktif")
	p.Types("/resetpin")
	sees(t, p, "tidak bisa dihubungi", "Tidak ada yang berubah")
	for _, l := range p.Chat() {
		if strings.Contains(l.Text, "Belum terdaftar") {
			t.Errorf("told %q", l.Text)
		}
	}
	if log := w.log.String(); !strings.Contains(log, "BSRE_URL and BSRE_API") {
		t.Errorf("the log does not name what to look at:\n%s", log)
	}
	kind(t, p)
}

func TestTheStatusStaysWhileThePortalIsInTrouble(t *testing.T) {
	t.Parallel()
	eachTrouble(t, func(t *testing.T, w *world, p person, trouble bsretest.Mode) {
		linked(t, w, p, "ISSUE")
		recovers(t, p, "/status", "Berlaku sampai")
		w.clock.advance(6 * time.Minute) // past the end of the portal's token
		w.bsre.Set(bsretest.PlaceSSO, trouble, slowness)
		p.Types("/status")
		sees(t, p, "Sertifikat aktif", "Berlaku sampai")
		p.Types("/resetpin")
		sees(t, p, "tidak bisa dihubungi", "Tidak ada yang berubah")
		w.heal()
		w.clock.advance(2 * time.Minute) // an operator's refused login is let rest
		recovers(t, p, "/resetpin", "Lanjutkan?")
		w.bsre.Set(bsretest.PlacePortal, trouble, slowness)
		p.Types("/resetpin")
		if trouble == bsretest.ModeLogin { // which is nothing that waiting mends
			offers(t, sees(t, p, "petugas harus membuka lagi akses", "Tidak ada yang berubah"), "Hubungi bantuan")
		} else {
			sees(t, p, "tidak bisa dihubungi", "Tidak ada yang berubah")
		}
		p.Types("/status")
		sees(t, p, "Sertifikat aktif")
		w.heal()
		recovers(t, p, "/resetpin", "Lanjutkan?")
	})
}

// ends are the outcomes of a confirmed reset in words, with those that only
// a refusal has.
var ends = append([]string{"menolak permintaan"}, outcomes...)

func TestAConfirmedResetWhileThePortalIsInTrouble(t *testing.T) {
	t.Parallel()
	eachTrouble(t, func(t *testing.T, w *world, p person, trouble bsretest.Mode) {
		e := linked(t, w, p, "ISSUE")
		confirmed := func(part string) string {
			t.Helper()
			before := w.bsre.ResetsOf(e.NIK)
			askForConfirmation(t, p)
			w.bsre.SetFor(bsretest.PlacePortal, part, trouble, slowness)
			p.Presses("Ya, kirim link")
			end := seesOne(t, p, ends)
			n := w.bsre.ResetsOf(e.NIK) - before
			if n > 1 || !mayBeSaid(end, n) || end == ends[0] && n != 0 {
				t.Errorf("BSrE did it %d times, and the employee was told %q", n, end)
			}
			return end
		}
		if end := confirmed(""); end != outcomes[2] {
			t.Errorf("the portal was not reached, and the employee was told %q", end)
		}
		w.heal()
		t.Logf("the call that resets met %s: %q", trouble, confirmed("passphrase/reset"))

		w.heal()
		before := w.bsre.ResetsOf(e.NIK)
		askForConfirmation(t, p)
		p.Presses("Ya, kirim link")
		sees(t, p, "berhasil dikirim")
		if n := w.bsre.ResetsOf(e.NIK) - before; n != 1 {
			t.Errorf("BSrE was asked %d times", n)
		}
	})
}
