package app_test

import (
	"strings"
	"testing"
)

// An officer does all that officers can do, and all that they may try: the
// employee hears of each, and neither a reset nor a link comes of it, nor is a
// NIK shown.
func TestWhatNoOfficerCanDo(t *testing.T) {
	onDesk(t, anOfficerTries)
}

func anOfficerTries(t *testing.T, w *world, p person, rina officer) {
	t.Helper()
	e := linked(t, w, p, "ISSUE")
	p.Types("/resetpin")
	sees(t, p, "BSrE akan mengirim link", "Lanjutkan?") // an officer might want to press it
	p.Types("mau bicara dengan orang")
	p.Presses("Kirim ke petugas")
	rina.opens(1, "#1 "+e.Name)
	rina.presses("Ambil")
	sees(t, p, "menangani tiket #1")
	for _, command := range []string{"resetpin", "status", "link " + e.NIP, "unlink"} {
		rina.calls(command)
	}
	rina.types("Ya, kirim link")
	sees(t, p, "Ya, kirim link") // carried as words, and no more
	rina.calls("pegawai " + e.NIP)
	reads(t, w, rina, "Lihat data pegawai dengan NIP")
	if all := strings.Join(rina.texts(), "\n"); strings.Contains(all, "Akun terhubung") {
		t.Errorf("shown before it was confirmed: %s", all)
	}
	rina.presses("Ya, lihat datanya")
	reads(t, w, rina, e.Name, "Akun terhubung")
	sees(t, p, "melihat data pegawai Anda")
	for _, deed := range []struct{ button, asks, told string }{
		{"Tanyakan lagi ke BSrE", "ke BSrE sekarang?", "menanyakan status sertifikat"},
		{"Bebaskan NIP ini", "Bebaskan NIP ", "membuka lagi permintaan kode untuk NIP"},
		{"Bebaskan chat ini", "Bebaskan chat ", "membuka lagi permintaan kode untuk chat ini"},
		{"Putuskan akun chat", "Putuskan akun chat ini", "memutuskan akun chat ini"},
		{"Kirim kode baru", "Kirim kode baru ke email", "meminta kode baru untuk Anda"},
	} {
		rina.presses("Tindakan")
		rina.presses(deed.button)
		reads(t, w, rina, deed.asks) // the question before has such a button too, until it is answered
		rina.presses("Ya, lakukan")
		sees(t, p, deed.told)
	}
	reads(t, w, rina, "Kode baru dikirim ke email kedinasan")
	code := w.code(e.Email, 2)
	rina.types(code) // whoever reads it in the mailbox is not the account that asked
	sees(t, p, code)
	rina.calls("pegawai " + e.NIP)
	rina.presses("Ya, lihat datanya")
	reads(t, w, rina, "Akun terhubung: –")
	if n := w.bsre.ResetsOf(e.NIK); n != 0 {
		t.Errorf("BSrE was asked for %d resets", n)
	}
	if all := strings.Join(rina.texts(), "\n"); strings.Contains(all, e.NIK) || strings.Contains(all, e.Email) {
		t.Errorf("officers are shown more than they need: %s", all)
	}
	p.Types(code)
	sees(t, p, "Berhasil", e.Name)
}
