package app_test

import (
	"strings"
	"testing"
	"time"

	"resetpin/store/storetest"
)

// through lets the bot reach what a setting names over a network that can fall
// silent: connections stay open, and what is sent arrives nowhere.
func (w *world) through(setting, address string) *storetest.Silent {
	w.t.Helper()
	w.stop()
	address, network := storetest.Through(w.t, address)
	w.extra = append(w.extra, setting+"="+address)
	var err error
	if w.settings, err = loadSettings(w.environment()); err != nil {
		w.t.Fatal(err)
	}
	w.stopping = 0
	w.start()
	return network
}

// ends fails when the bot does not end: a silent network holds nobody.
func (w *world) ends() {
	w.t.Helper()
	w.unfinished = true
	over := make(chan error, 1)
	go func() { over <- w.ended() }()
	select {
	case err := <-over:
		w.t.Logf("the bot ended with: %v", err)
	case <-time.After(time.Minute):
		w.t.Error("the bot does not end")
	}
}

// says waits for a line of the log with all of the words.
func (w *world) says(words ...string) {
	w.t.Helper()
	eventually(w.t, "a line of the log with "+strings.Join(words, ", "), func() bool {
		for line := range strings.SplitSeq(w.log.String(), "\n") {
			if holdsAll(line, words) {
				return true
			}
		}
		return false
	})
}

// The network to BSrE swallows what is sent: who asks hears of it, the others
// are answered, and when it is back all goes on.
func TestASilentBSrEHoldsNobodyElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, other := w.telegramPerson(7001), w.telegramPerson(7002)
	linked(t, w, p, "ISSUE")
	network := w.through("BSRE_URL", w.bsre.APIURL())
	network.Silence(true)
	p.Types("/status")
	other.Types("/help")
	sees(t, other, asked["/help"])
	sees(t, p, "tidak bisa dihubungi")
	network.Silence(false)
	recovers(t, p, "/status", "Sertifikat aktif")
	network.Silence(true)
	p.Types("/status")
	w.ends()
}

// The network to the mail server is silent: a code is given up in time, tried again
// and comes, and nobody waits for it.
func TestASilentMailServerHoldsNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, other := w.telegramPerson(7001), w.telegramPerson(7002)
	w.showLog()
	network := w.through("SMTP_URL", "smtp://bot:mail-password@"+w.mail.Addr())
	network.Silence(true)
	e := sample(t, "ISSUE")
	p.Types("/link " + e.NIP)
	sees(t, p, "kode 6 angka sedang dikirim")
	other.Types("/help")
	sees(t, other, asked["/help"])
	w.says("a job", "kind=mail")
	network.Silence(false)
	code := w.code(e.Email, 1)
	sees(t, p, "Pengiriman email sudah pulih") // the mail is there a moment before the bot knows
	p.Types(code)
	sees(t, p, "Berhasil", e.Name)
	network.Silence(true)
	other.Types("/link " + sample(t, "EXPIRED").NIP)
	sees(t, other, "kode 6 angka sedang dikirim")
	w.ends()
}

// The network to Telegram is silent, between a question and its answer: Mattermost
// is served meanwhile, and the answer comes when the network is back.
func TestASilentTelegramHoldsNobodyElse(t *testing.T) {
	t.Parallel()
	w := newWorldWithMattermost(t, "BSRE_TIMEOUT=30s")
	p, other := w.telegramPerson(7001), w.mattermostPerson("pegawai")
	linked(t, w, p, "ISSUE")
	toBSrE := w.through("BSRE_URL", w.bsre.APIURL())
	network := w.through("TELEGRAM_API_URL", w.telegram.URL())
	toBSrE.Silence(true)
	p.Types("/status")
	eventually(t, "the question to BSrE", toBSrE.Holds)
	network.Silence(true)
	toBSrE.Silence(false)
	other.Types("/help")
	sees(t, other, asked["/help"])
	w.says("an answer could not be delivered yet", "platform=telegram")
	network.Silence(false)
	sees(t, p, "Sertifikat aktif")
	network.Silence(true)
	w.ends()
}

// The network to Mattermost is silent: Telegram is served meanwhile.
func TestASilentMattermostHoldsNobodyElse(t *testing.T) {
	t.Parallel()
	w := newWorldWithMattermost(t)
	p, other := w.mattermostPerson("pegawai"), w.telegramPerson(7001)
	network := w.through("MATTERMOST_URL", w.mattermost.URL())
	eventually(t, "the bot to hear", func() bool { return strings.TrimSpace(string(w.get("/readyz"))) == "[]" })
	network.Silence(true)
	other.Types("/help")
	sees(t, other, asked["/help"])
	network.Silence(false)
	p.Types("/help")
	sees(t, p, asked["/help"])
	network.Silence(true)
	w.ends()
}
