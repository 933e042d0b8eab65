package app_test

import (
	"strings"
	"testing"
	"time"

	"resetpin/handlers/bsre/bsretest"
)

// Officers announce that something is wrong for everybody: each answer it
// concerns says so, in the reader's language, until they take it down.
func TestOfficersAnnounceADisturbance(t *testing.T) {
	onDesk(t, func(t *testing.T, w *world, p person, rina officer) {
		linked(t, w, p, "ISSUE")
		rina.says("gangguan on portal sampai 23.59 Portal BSrE sedang dirawat. | BSrE's portal is being looked after.")
		heard(t, w, rina, "Pengumuman dipasang", "Portal BSrE sedang dirawat", "being looked after")
		p.Types("/resetpin")
		sees(t, p, "Pengiriman link reset sedang terganggu", "Diperkirakan selesai", "sedang dirawat", "Lanjutkan?")
		p.Types("qwxyz plonk")
		sees(t, p, "sedang dirawat")
		p.Types("/status")
		if l := sees(t, p, "Sertifikat aktif"); strings.Contains(l.Text, "dirawat") {
			t.Errorf("told with what it does not concern: %s", l.Text)
		}
		w.stop()
		w.start() // it outlives the process
		p.Types("/bahasa")
		sees(t, p, "Pilih bahasa")
		p.Presses("English")
		p.Types("/resetpin")
		sees(t, p, "does not work as usual", "is being looked after")
		rina.says("gangguan off")
		heard(t, w, rina, "Pengumuman dicabut")
		p.Types("/resetpin")
		if l := sees(t, p, "Continue?"); strings.Contains(l.Text, "looked after") {
			t.Errorf("told after the end: %s", l.Text)
		}
		for outcome, want := range map[string]int{"on": 1, "off": 1} {
			if n := w.trail("", "disturbance", outcome); n != want {
				t.Errorf("the audit trail has %d lines %q", n, outcome)
			}
		}
		p.Types("/gangguan on Semua rusak")
		if all := show(p); strings.Contains(all, "Semua rusak") && strings.Contains(all, "dipasang") {
			t.Errorf("an employee announces: %s", all)
		}
	}, hasty...)
}

// BSrE fails several people: officers are told once, and employees who ask as
// soon as an officer says so; its end is told once.
func TestOfficersAreToldWhatFailsSeveralPeople(t *testing.T) {
	onDesk(t, func(t *testing.T, w *world, p person, rina officer) {
		linked(t, w, p, "ISSUE")
		others := w.linkedOthers(2)
		w.bsre.Set(bsretest.PlaceAPI, bsretest.ModeDown, 0)
		p.Types("/status")
		sees(t, p, "tidak bisa dihubungi")
		for _, other := range others {
			other.Types("/status")
			if l := sees(t, other, "tidak bisa dihubungi"); strings.Contains(l.Text, "terganggu") {
				t.Errorf("told before an officer said so: %s", l.Text)
			}
		}
		heard(t, w, rina, "Status di BSrE", "3 orang")
		rina.touches("Umumkan sekarang")
		heard(t, w, rina, "diberitahukan kepada pegawai")
		p.Types("/status")
		sees(t, p, "Layanan BSrE sedang terganggu", "Petugas sudah diberi tahu", "tidak bisa dihubungi")
		w.heal()
		recovers(t, p, "/status", "Sertifikat aktif")
		w.clock.advance(3 * time.Minute)
		p.Types("/status")
		sees(t, p, "Sertifikat aktif")
		heard(t, w, rina, "melayani lagi")
		told := 0
		for _, text := range rina.hears() {
			if strings.Contains(text, "Status di BSrE") {
				told++
			}
		}
		if told != 2 { // the message that was pressed, and its end
			t.Errorf("officers are told %d times:\n%s", told, strings.Join(rina.hears(), "\n--\n"))
		}
	}, hasty...)
}

// linkedOthers are people on Telegram who are linked to other sample
// employees.
func (w *world) linkedOthers(n int) []person {
	w.t.Helper()
	var out []person
	for _, e := range bsretest.Samples() {
		if len(out) == n {
			break
		}
		if e.NIP == sample(w.t, "ISSUE").NIP {
			continue
		}
		p := w.telegramPerson(int64(7101 + len(out)))
		w.links(p, e)
		out = append(out, p)
	}
	return out
}
