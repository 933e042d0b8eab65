package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"resetpin/bot/cli"
	"resetpin/handlers/bsre/bsretest"
)

// onBoth tells a story of an employee who has an account on each platform, from
// either of them.
func onBoth(t *testing.T, tell func(t *testing.T, w *world, here, there person, onThere string)) {
	t.Helper()
	for _, name := range []string{"telegram", "mattermost"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorldWithMattermost(t)
			phone, desk := w.telegramPerson(7001), w.mattermostPerson("pegawai")
			if name == "telegram" {
				tell(t, w, phone, desk, "Mattermost")
			} else {
				tell(t, w, desk, phone, "Telegram")
			}
		})
	}
}

// linkedToo links a second account of an employee.
func linkedToo(t *testing.T, w *world, p person, e bsretest.Person) {
	t.Helper()
	p.Types("/link " + e.NIP)
	sees(t, p, "kode 6 angka sedang dikirim")
	p.Types(w.code(e.Email, 2))
	sees(t, p, "Berhasil", e.Name)
}

// Everybody sees their own links, and cuts one that they do not want.
func TestOnesOwnLinkIsCutFromTheOtherAccount(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world, here, there person, onThere string) {
		e := linked(t, w, here, "ISSUE")
		linkedToo(t, w, there, e)
		sees(t, here, "baru saja dihubungkan")

		here.Types("/link")
		offers(t, sees(t, here, "Akun yang terhubung dengan NIP Anda", "chat ini", onThere), "Putuskan akun "+onThere)
		here.Presses("Putuskan akun " + onThere)
		sees(t, here, "Putuskan akun "+onThere+" (nomor chat", "dari NIP Anda?")
		here.Presses("Batal")
		eventually(t, "the question is taken back", func() bool { return !slices.Contains(last(here).Buttons, "Ya, putuskan") })
		there.Types("/status")
		sees(t, there, "Sertifikat aktif")

		here.Types("/link")
		sees(t, here, "Akun yang terhubung dengan NIP Anda", onThere)
		here.Presses("Putuskan akun " + onThere)
		sees(t, here, "dari NIP Anda?")
		here.Presses("Ya, putuskan")
		sees(t, here, "Akun "+onThere+" itu sudah diputuskan")
		sees(t, there, "tidak lagi terhubung", "dari akun Anda yang lain")
		there.Types("/status")
		sees(t, there, "siapa Anda")
		here.Types("/status")
		sees(t, here, "Sertifikat aktif")
		eventually(t, "the official address hears of it", func() bool {
			for _, m := range w.mail.Inbox(e.Email) {
				if strings.Contains(m.Subject, "diputuskan") {
					return true
				}
			}
			return false
		})
	})
}

// A link that somebody else made is told to the account that was there, and
// cut by its button.
func TestALinkIsToldToTheOtherAccountWhichCutsIt(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world, here, there person, onThere string) {
		e := linked(t, w, here, "ISSUE")
		linkedToo(t, w, there, e)
		told := sees(t, here, "Akun "+onThere+" lain baru saja dihubungkan dengan NIP Anda", "bukan Anda")
		offers(t, told, "Putuskan akun "+onThere)
		here.Presses("Putuskan akun " + onThere)
		sees(t, here, "dari NIP Anda?")
		here.Presses("Ya, putuskan")
		sees(t, here, "Akun "+onThere+" itu sudah diputuskan")
		sees(t, there, "tidak lagi terhubung")
		there.Types("/resetpin")
		sees(t, there, "siapa Anda")
		for _, l := range there.Chat() {
			if l.Bot && strings.Contains(l.Text, "baru saja dihubungkan") {
				t.Error("the new account is told of itself")
			}
		}
	})
}

// An officer cuts all links at the command line, while the bot runs: the chats
// and the official address hear of it.
func TestARevokedLinkIsTold(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world, here, there person, _ string) {
		e := linked(t, w, here, "ISSUE")
		linkedToo(t, w, there, e)
		sees(t, here, "baru saja dihubungkan")
		var said, failed strings.Builder
		code := cli.Run(t.Context(), []string{"links", "revoke", e.NIP}, cli.Env{Stdin: strings.NewReader(""), Stdout: &said, Stderr: &failed, Environ: w.environment(), Operator: "petugas"}, cli.Programs{})
		if code != cli.ExitDone || !strings.Contains(said.String(), "2 chat accounts unlinked. They and the official address will be told.") {
			t.Fatalf("exit %d: %s%s", code, &said, &failed)
		}
		for _, p := range []person{here, there} {
			sees(t, p, "tidak lagi terhubung", "diputuskan oleh petugas")
			p.Types("/status")
			sees(t, p, "siapa Anda")
		}
		eventually(t, "the official address hears of it", func() bool {
			for _, m := range w.mail.Inbox(e.Email) {
				if strings.Contains(m.Subject, "diputuskan") {
					return true
				}
			}
			return false
		})
	})
}

func TestANewAccountTakesThePlaceOfTheOld(t *testing.T) {
	w := newWorld(t)
	first, second := w.telegramPerson(7001), w.telegramPerson(7002)
	e := linked(t, w, first, "ISSUE")
	second.Types("/link " + e.NIP)
	sees(t, second, "sedang dikirim")
	second.Types(w.code(e.Email, 2))
	sees(t, second, "Berhasil")
	sees(t, first, "tidak lagi terhubung")
	eventually(t, "a mail", func() bool {
		for _, m := range w.mail.Inbox(e.Email) {
			if strings.Contains(m.Subject, "sudah terhubung") {
				return true
			}
		}
		return false
	})
	first.Types("/status")
	sees(t, first, "siapa Anda")
}

func TestAnOldLinkIsVerifiedAnew(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		e := linked(t, w, p, "ISSUE")
		w.clock.advance(200 * 24 * time.Hour)
		p.Types("/status")
		sees(t, p, "membuktikan")
		p.Presses("Kirim kode")
		sees(t, p, "sedang dikirim")
		p.Types(w.code(e.Email, 2))
		sees(t, p, "Berhasil")
	})
}
