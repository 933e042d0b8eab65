package app_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"resetpin/store"
)

// The settings of the help desk reach whoever asks for a person: on a closed day
// they hear when somebody reads, and how long the talk is kept, and so long it is.
func TestTheHelpDesksSettingsReachPeople(t *testing.T) {
	wib := time.FixedZone("WIB", 7*60*60)
	today := time.Now().In(wib)
	closed := []string{today.Format(time.DateOnly), today.AddDate(0, 0, 1).Format(time.DateOnly)}
	w, desk := withForum(t, "HELPDESK_HOURS=Mon-Sun 08:00-16:00", "HELPDESK_CLOSED="+strings.Join(closed, ","), "TICKET_RETENTION=240h")
	p, rina := w.telegramPerson(7001), &inForum{desk: desk, id: 901}
	e := linked(t, w, p, "ISSUE")
	p.Types("/privasi")
	sees(t, p, "dihapus 10 hari sesudah selesai", "nomor HP baru")
	p.Types("mau bicara dengan orang")
	sees(t, p, "dihapus 10 hari sesudah selesai")
	p.Types("layar saya putih semua")
	opens := today.AddDate(0, 0, 2).Format("02-01-2006") + " 08.00 WIB"
	sees(t, p, "Petugas membacanya mulai "+opens)

	rina.opens(1, "#1 "+e.Name)
	rina.presses("Ambil")
	sees(t, p, "menangani tiket #1")
	p.Types("mohon dibantu")
	reads(t, w, rina, "mohon dibantu")
	rina.presses("Tutup tiket")
	rina.presses("Selesai")
	sees(t, p, "masalahnya sudah selesai")
	kept := func() (words int, facts bool) {
		t.Helper()
		key, err := w.settings.Key()
		if err != nil {
			t.Fatal(err)
		}
		db, err := store.Open(context.Background(), w.settings.DatabaseURL.Reveal(), store.Options{Key: key})
		if err != nil {
			t.Fatal(err)
		}
		said, err := db.TicketWords(context.Background(), 1)
		if err != nil {
			t.Fatal(err)
		}
		ticket, err := db.Ticket(context.Background(), 1)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		return len(said), ticket.Facts != nil
	}
	w.clock.advance(9 * 24 * time.Hour)
	w.restart()
	if words, facts := kept(); words != 1 || !facts {
		t.Errorf("after 9 days %d words and the facts (%v) are kept", words, facts)
	}
	w.clock.advance(25 * time.Hour)
	w.restart()
	eventually(t, "the words are gone", func() bool { words, facts := kept(); return words == 0 && !facts })
}
