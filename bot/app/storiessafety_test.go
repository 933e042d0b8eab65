package app_test

import (
	"strings"
	"testing"
	"time"
)

func TestWhatMustNotStandInTheChatIsTakenOut(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		w.letDelete()
		linked(t, w, p, "ISSUE")
		p.Types("/resetpin")
		p.Presses("Ya, kirim link")
		sees(t, p, step(t, "mail"))
		for _, secret := range []string{"Garuda#1945x", "PIN saya: Melati77", "88112233", "pin baru saya kopi toraja pagi 9"} {
			id := p.Types(secret)
			sees(t, p, "PIN atau kata sandi", "pilihlah PIN lain", "sudah saya hapus")
			offers(t, sees(t, p, "Bukan PIN?", "Anda sedang di langkah 1"), "Lanjutkan panduan", "Ada masalah")
			gone(t, p, id)
			w.clock.advance(time.Minute) // each kind of notice is said once a minute
		}
		asked := p.Types("melatikusuma")
		sees(t, p, "Apakah itu PIN Anda?")
		if !there(p, asked) {
			t.Error("a word that may be anything was taken out of the chat")
		}
		id := p.Types("https://" + w.settings.ResetSite[0] + "/email/user/passphrase/reset/0123456789abcdef0123456789abcdef")
		offers(t, sees(t, p, "kunci", "Alamatnya asli"), "Lanjutkan panduan", "Ada masalah")
		p.Presses("Lanjutkan panduan")
		sees(t, p, step(t, "mail"))
		gone(t, p, id)
		id = p.Types("saya dapat ini https://esign-bsre.bssn.go.id.example.com/email/user/passphrase/reset/0123456789abcdef0123456789abcdef")
		offers(t, sees(t, p, "link palsu", "esign-bsre.bssn.go.id.example.com"), "Lanjutkan panduan", "Sudah telanjur", "Hubungi bantuan")
		gone(t, p, id)
		for _, harmless := range []string{"terima kasih", "bagaimana ini", "ok", "emailnya belum ada"} {
			id := p.Types(harmless)
			eventually(t, "an answer", func() bool { return last(p).Bot })
			time.Sleep(50 * time.Millisecond)
			if !there(p, id) {
				t.Errorf("%q was taken out of the chat", harmless)
			}
		}
	})
}

// last is the newest message of a chat.
func last(p person) line {
	chat := p.Chat()
	return chat[len(chat)-1]
}

func gone(t *testing.T, p person, id string) {
	t.Helper()
	if there(p, id) {
		t.Errorf("the message stands in the chat still")
	}
}

func there(p person, id string) bool {
	for _, l := range p.Chat() {
		if l.ID == id {
			return true
		}
	}
	return false
}

func TestAGroupGetsOnlyTheWayToThePrivateChat(t *testing.T) {
	w := newWorld(t)
	w.telegram.Group(-5000, "Kantor")
	u := w.telegram.User(7001, "Pegawai", "id").In(-5000)
	u.Type("/resetpin")
	eventually(t, "an answer in the group", func() bool {
		for _, m := range w.telegram.Messages(-5000) {
			if m.Bot && len(m.Buttons) == 1 && strings.Contains(m.Buttons[0][0].URL, "?start=resetpin") {
				return true
			}
		}
		return false
	})
}

// In a channel of Mattermost no button opens an address: what is said there
// must not speak of one.
func TestAChannelIsToldWhatOnlyTheCallerSees(t *testing.T) {
	t.Parallel()
	w := newWorldWithMattermost(t)
	square := w.mattermost.Channel(w.mattermost.TeamID(), "town-square")
	w.mattermost.JoinChannel(square, w.mattermostBot)
	p := w.mattermost.Person("pegawai")
	eventually(t, "readiness", func() bool { return w.ready() == "[]" })
	for words, want := range map[string]string{"@resetpin status": "Tulis /statusds di sini", "@resetpin halo": "Tulis /resetpin di sini", "@resetpin link": "Tulis /resetpin link di sini"} {
		id, err := p.Type(square, words)
		if err != nil {
			t.Fatal(err)
		}
		said := ""
		eventually(t, want, func() bool {
			for _, post := range p.Thread(square, id) {
				said = plain(t, post.Text)
			}
			return strings.Contains(said, want)
		})
		if strings.Contains(said, "tombol") {
			t.Errorf("there is no button, and it says %q", said)
		}
	}
}

func TestDeepLinksLeadToTheirPlace(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		linked(t, w, p, "ISSUE")
		p.Types("/start status")
		sees(t, p, "Sertifikat aktif")
		p.Types("/start resetpin")
		sees(t, p, "Lanjutkan?")
		p.Types("/start link")
		sees(t, p, "sudah terhubung")
	})
}

// Days after the reset the new PIN is still in mind, and typed by mistake.
func TestTheGuardLooksHardForDaysAfterAReset(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		w.letDelete()
		linked(t, w, p, "ISSUE")
		p.Types("/resetpin")
		p.Presses("Ya, kirim link")
		sees(t, p, step(t, "mail"))
		walksTo(t, p, "done")
		p.Presses("Berhasil")
		sees(t, p, "Selamat bekerja")

		w.clock.advance(48 * time.Hour)
		p.Types("/status")
		sees(t, p, "Sertifikat aktif")
		harmless := p.Types("hati2 di jalan")
		eventually(t, "an answer", func() bool { return last(p).Bot })
		if !there(p, harmless) {
			t.Error("a harmless sentence was taken out of the chat")
		}
		secret := p.Types("sawah-Hijau-9-kerbau")
		sees(t, p, "PIN atau kata sandi", "sudah saya hapus")
		gone(t, p, secret)

		w.clock.advance(48 * time.Hour)
		p.Types("/status")
		sees(t, p, "Sertifikat aktif")
		file := p.Types("surat-Tugas-9-kantor")
		eventually(t, "an answer", func() bool { return last(p).Bot })
		if !there(p, file) {
			t.Error("the guard looks as hard for ever")
		}
	})
}
