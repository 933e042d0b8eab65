package app_test

import (
	"strconv"
	"strings"
	"sync"
	"testing"

	"resetpin/bot/telegram/telegramtest"
	"resetpin/handlers/bsre/bsretest"
)

// asksForAPerson opens a ticket with a sentence.
func asksForAPerson(t *testing.T, p person, sentence string) {
	t.Helper()
	p.Types("mau bicara dengan orang")
	sees(t, p, "Bicara dengan petugas")
	p.Types(sentence)
	sees(t, p, "Tiket #")
}

// aTicketIsTaken opens a ticket, which an officer takes.
func aTicketIsTaken(t *testing.T, w *world, p person, rina officer) bsretest.Person {
	t.Helper()
	e := linked(t, w, p, "ISSUE")
	asksForAPerson(t, p, "emailnya tidak datang")
	rina.opens(1, "#1 "+e.Name)
	rina.presses("Ambil")
	sees(t, p, "menangani tiket #1")
	return e
}

// Somebody deletes a ticket's thread by hand in the middle: what is said next
// opens it anew, and the talk goes on there.
func TestAThreadIsDeletedInTheMiddle(t *testing.T) {
	onDesk(t, func(t *testing.T, w *world, p person, rina officer) {
		e := aTicketIsTaken(t, w, p, rina)
		rina.deletes()
		p.Types("masih ada orang di sana?")
		rina.opens(1, "#1 "+e.Name)
		reads(t, w, rina, "masih ada orang di sana?")
		rina.types("Masih, sebentar ya")
		sees(t, p, "Masih, sebentar ya")
		rina.presses("Tutup tiket")
		rina.presses("Selesai")
		sees(t, p, "Terbantu?")
	})
}

// The officer who has a ticket is put out of the room: the employee hears that
// another one goes on, and what the old one presses or writes does nothing.
func TestAnOfficerIsPutOutInTheMiddle(t *testing.T) {
	onDesk(t, func(t *testing.T, w *world, p person, rina officer) {
		e := linked(t, w, p, "ISSUE")
		budi := rina.colleague()
		asksForAPerson(t, p, "emailnya tidak datang")
		rina.opens(1, "#1 "+e.Name)
		budi.opens(1, "#1 "+e.Name)
		rina.presses("Ambil")
		sees(t, p, "menangani tiket #1")
		rina.leaves()
		eventually(t, "the employee is told", func() bool { return strings.Contains(show(p), "Petugas lain akan melanjutkan") })
		reads(t, w, budi, "menunggu petugas lain")
		eventually(t, "the first message names nobody", func() bool { return strings.Contains(budi.head(), "Belum ada yang memegang") })
		budi.presses("Ambil")
		eventually(t, "the other officer", func() bool { return tells(p, "menangani tiket #1") == 2 })
		budi.types("Saya lanjutkan ya")
		sees(t, p, "Saya lanjutkan ya")
	})
}

// The bot is thrown out of the officers' room: the employee is told once that
// nobody hears them, instead of waiting for an answer.
func TestTheBotIsThrownOutOfTheRoom(t *testing.T) {
	onDesk(t, func(t *testing.T, w *world, p person, rina officer) {
		aTicketIsTaken(t, w, p, rina)
		rina.throwsOut()
		for _, words := range []string{"halo?", "masih ada orang?"} {
			p.Types(words)
		}
		eventually(t, "the employee is told", func() bool { return tells(p, "Chat petugas sedang tidak bisa dihubungi") == 1 })
		p.Types("/status") // all else goes on
		sees(t, p, "Sertifikat aktif")
		if n := tells(p, "Chat petugas sedang tidak bisa dihubungi"); n != 1 {
			t.Errorf("told %d times", n)
		}
		eventually(t, "the log", func() bool { return strings.Contains(w.log.String(), "a call for help was lost") })
	})
}

// Two officers press at the same moment, at three employees' tickets: each
// ticket has one of them, and each employee hears of one.
func TestTwoOfficersAndThreeEmployees(t *testing.T) {
	onDesk(t, func(t *testing.T, w *world, p person, rina officer) {
		budi := rina.colleague()
		linked(t, w, p, "ISSUE")
		people := append([]person{p}, w.linkedOthers(2)...)
		for i, one := range people {
			asksForAPerson(t, one, "masalah ke-"+strconv.Itoa(i+1))
		}
		rina.says("antrian")
		for _, o := range []officer{rina, budi} {
			heard(t, w, o, "3 tiket terbuka")
		}
		for i, one := range people {
			var both sync.WaitGroup
			for _, o := range []officer{rina, budi} {
				both.Go(func() { o.touches("Ambil #" + strconv.Itoa(i+1)) })
			}
			both.Wait()
			eventually(t, "an officer", func() bool { return tells(one, "menangani tiket #"+strconv.Itoa(i+1)) > 0 })
		}
		if n := w.trail("", "ticket", "taken"); n != len(people) {
			t.Errorf("%d tickets were taken, of %d", n, len(people))
		}
		for i, one := range people {
			if n := tells(one, "menangani tiket"); n != 1 {
				t.Errorf("employee %d hears of %d officers:\n%s", i+1, n, show(one))
			}
		}
	})
}

// A forum in which the bot may make no topics: each ticket is a message there,
// and officers answer it.
func TestAGroupWithoutTheRightToTopics(t *testing.T) {
	t.Parallel()
	w, _ := withForum(t)
	w.telegram.SetRights(deskForum, telegramtest.GroupRights{Forum: true, Admin: true})
	p := w.telegramPerson(7001)
	e := linked(t, w, p, "ISSUE")
	asksForAPerson(t, p, "emailnya tidak datang")
	rina := w.telegram.User(901, "Rina", "id").In(deskForum)
	at := func(words string) (found telegramtest.Message) {
		t.Helper()
		eventually(t, words, func() bool {
			for _, m := range w.telegram.Messages(deskForum) {
				if m.Bot && strings.Contains(m.Text, words) {
					found = m
				}
			}
			return found.ID != 0
		})
		return found
	}
	if _, _, err := rina.Press(at("Tiket #1 · "+e.Name).ID, "Ambil"); err != nil {
		t.Fatal(err)
	}
	sees(t, p, "menangani tiket #1")
	rina.Reply(at("memegang tiket ini").ID, "Boleh saya lihat layarnya?")
	sees(t, p, "Boleh saya lihat layarnya?")
	p.Types("ini layarnya")
	at("ini layarnya")
	if !strings.Contains(w.log.String(), "may make no topics") {
		t.Error("the log does not say which right is missing")
	}
}
