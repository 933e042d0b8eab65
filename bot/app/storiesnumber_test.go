package app_test

import (
	"strings"
	"testing"
	"time"
)

// newNumber is the number that the employees of these stories have now.
const newNumber = "6281399990000"

// Somebody's WhatsApp number is another than BSrE's. They hand the new one over,
// an officer changes it in the portal, and the walk goes on by itself, to the
// new PIN's mail.
func TestAChangedNumber(t *testing.T) {
	byButton := func(t *testing.T, w *world) func() {
		return func() {
			t.Helper()
			p := w.telegram.User(7001, "", "")
			p.SetNumber(newNumber)
			eventually(t, "the button of a contact", func() bool { return len(w.telegram.Keyboard(p.Chat())) == 2 })
			p.SendContact(w.telegram.User(7999, "Orang lain", "id"))
			if _, err := p.PressKey("Kirim nomor saya"); err != nil {
				t.Fatal(err)
			}
			eventually(t, "the end of the button", func() bool { return len(w.telegram.Keyboard(p.Chat())) == 0 })
		}
	}
	t.Run("telegram", func(t *testing.T) {
		w, desk := withForum(t)
		p := w.telegramPerson(7001)
		aNumberChanges(t, w, p, &inForum{desk: desk, id: 901}, byButton(t, w), "akun Telegramnya sendiri")
	})
	t.Run("mattermost", func(t *testing.T) {
		w, desk := withChannel(t)
		p := w.mattermostPerson("sari")
		aNumberChanges(t, w, p, desk, func() { p.Types("+62 813-9999-0000") }, "belum dibuktikan")
	})
	t.Run("across", func(t *testing.T) {
		w, desk := withChannel(t)
		p := w.telegramPerson(7001)
		aNumberChanges(t, w, p, desk, byButton(t, w), "akun Telegramnya sendiri")
	})
}

func aNumberChanges(t *testing.T, w *world, p person, rina officer, handsOver func(), proof string) {
	t.Helper()
	e := linked(t, w, p, "phone")
	p.Types("/resetpin")
	sees(t, p, "Ketik nomor", "62*********10")
	p.Presses("Nomor saya sudah ganti")
	p.Presses("Kirim nomor baru")
	sees(t, p, "Nomor WhatsApp Anda sudah ganti?", e.Name, "62*********10")
	handsOver()
	sees(t, p, "•••0000 diteruskan")
	sees(t, p, "Tiket #1")

	rina.opens(1, "#1 "+e.Name)
	reads(t, w, rina, "62*********10", newNumber, proof)
	rina.presses("Ambil")
	reads(t, w, rina, "memegang tiket ini")
	rina.presses("Langkah di portal")
	reads(t, w, rina, "Mengganti nomor HP di portal BSrE")
	w.bsre.EditNumber(e.NIK, newNumber)
	rina.presses("Nomor sudah diganti")
	rina.presses("Ya, lakukan")
	reads(t, w, rina, "BSrE masih mencatat nomor lain") // the change was not approved yet
	if n := len(w.bsre.WhatsApps(e.NIK)); n > 0 {
		t.Errorf("the old number got %d messages", n)
	}
	if all := show(p); strings.Contains(all, "sudah mengganti nomor") {
		t.Errorf("the employee is led on too early: %s", all)
	}
	w.bsre.ApproveNumber(e.NIK)
	w.clock.advance(2 * time.Minute)
	rina.presses("Nomor sudah diganti")
	rina.presses("Ya, lakukan")
	reads(t, w, rina, "BSrE sudah mengirim pesan ke WhatsApp nomor baru")
	sees(t, p, "Petugas sudah mengganti nomor HP Anda", "BSrE mengirim pesan ke WhatsApp")
	messages := w.bsre.WhatsApps(e.NIK)
	if len(messages) != 1 || messages[0].Phone != newNumber {
		t.Fatalf("messages by WhatsApp: %+v", messages)
	}
	w.open(messages[0].Link)
	p.Presses("Sudah diverifikasi")
	sees(t, p, "sudah terverifikasi", "Lanjutkan?")
	if n := w.bsre.ResetsOf(e.NIK); n != 0 {
		t.Errorf("%d resets without the employee's press", n)
	}
	p.Presses("Ya, kirim link")
	sees(t, p, "berhasil dikirim")
	for _, line := range []string{`resetpin_tickets_opened_total{reason="number"} 1`, `resetpin_tickets{state="taken"} 1`} {
		if body := string(w.get("/metrics")); !strings.Contains(body, line) {
			t.Errorf("the metrics lack %s: %v", line, w.metric("resetpin_ticket"))
		}
	}
}
