package app_test

import (
	"strings"
	"testing"

	"resetpin/store"
)

// What is said in an employee's name goes to an officer in no place where words
// are for one, what is said in an admin's to nobody: a stolen trigger proves who
// acted, and not that they meant it for this bot.
func TestAStolenTriggerSpeaksToNoOfficer(t *testing.T) {
	t.Parallel()
	w, rina := withChannel(t)
	admin := w.mattermostPerson("pimpinan")
	w.stop()
	w.extra = append(w.extra, "ADMINS=mattermost:"+admin.p.ID())
	w.load()
	w.start()
	p := w.mattermostPerson("sari")
	id := store.Account{Platform: "mattermost", ID: p.p.ID()}
	ticket := func() store.LastTicket {
		t.Helper()
		s, err := w.app.Store().Session(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return s.Ticket
	}
	steals := func(from *onMattermost, words string) {
		t.Helper()
		from.look()
		before := ticket()
		if got := w.stolen(from.p.ID(), words); strings.Contains(got, "petugas") {
			t.Errorf("the thief is told %q", got)
		}
		sees(t, from, "tulis itu langsung di sini")
		if after := ticket(); after != before {
			t.Errorf("%q: the ticket was %+v and is %+v", words, before, after)
		}
	}

	linked(t, w, p, "phone")
	p.Types("/resetpin")
	sees(t, p, "Ketik nomor")
	p.Presses("Nomor saya sudah ganti")
	p.Presses("Kirim nomor baru")
	sees(t, p, "Nomor WhatsApp Anda sudah ganti?")
	steals(p, "+62 813-6666-0000") // the thief's own
	p.Types("+62 813-9999-0000")
	sees(t, p, "•••0000 diteruskan")

	rina.opens(1, "#1 "+sample(t, "phone").Name)
	rina.presses("Ambil")
	sees(t, p, "menangani tiket #1")
	steals(p, "nomornya bukan itu, pakai 0813-6666-0000")
	rina.presses("Tutup tiket")
	rina.presses("Selesai")
	sees(t, p, "Terbantu?")
	steals(p, "belum, tolong buka lagi")
	if all := strings.Join(rina.hears(), "\n"); strings.Contains(all, "6666") {
		t.Errorf("officers read %s", all)
	}

	steals(admin, "gangguan on semua Sistem pindah ke alamat lain")
	steals(admin, "telepon "+sample(t, "phone").NIP)
	if all, err := w.app.Store().Disturbances(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("announced: %+v, %v", all, err)
	}
	admin.Types("gangguan on semua Sedang dirawat")
	sees(t, admin, "Pengumuman dipasang", "Sedang dirawat")
}
