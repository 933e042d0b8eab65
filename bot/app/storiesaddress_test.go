package app_test

import (
	"context"
	"strings"
	"testing"

	"resetpin/handlers/bsre/bsretest"
	"resetpin/handlers/desk"
	"resetpin/store"
)

// address gives an employee another address in the directory, from another
// process, as an administrator's import does.
func (w *world) address(p bsretest.Person, email string) {
	w.t.Helper()
	p.Email = email
	rows := func(yield func(store.Employee, error) bool) { yield(inDirectory(p), nil) }
	judge := func(e store.ImportEffects) (out store.ImportRecord, _ error) {
		for _, m := range e.Mended {
			out.Jobs = append(out.Jobs, desk.MendedJobs(m, "id")...)
		}
		return out, nil
	}
	w.database(func(db *store.Store) {
		if _, err := db.Import(context.Background(), rows, store.ImportOptions{Judge: judge}); err != nil {
			w.t.Fatal(err)
		}
	})
}

// The code goes to an address that its owner lost long ago. An officer has it
// mended, and the bot calls the person back.
func TestAnOldAddressIsMended(t *testing.T) {
	onDesk(t, anAddressIsMended)
}

func anAddressIsMended(t *testing.T, w *world, p person, rina officer) {
	t.Helper()
	e := sample(t, "ISSUE")
	w.address(e, "lama@contoh.go.id")
	p.Types("/link " + e.NIP)
	sees(t, p, "kode 6 angka sedang dikirim")
	p.Presses("Kode belum masuk")
	p.Presses("Email saya sudah lama")
	sees(t, p, "Email kedinasan saya sudah lama", "dikabari di sini")
	p.Presses("Minta petugas")
	sees(t, p, "belum dihubungkan", "Begitu alamat untuk NIP yang Anda ketik")
	p.Types("email saya yang dulu sudah dihapus")
	sees(t, p, "Tiket #1")
	rina.opens(1, "#1 akun belum terbukti")
	reads(t, w, rina, "belum terbukti", "alamat email lama di data kepegawaian", "sudah dihapus")
	if all := strings.Join(rina.texts(), "\n"); strings.Contains(all, e.Name) || strings.Contains(all, e.NIP) || strings.Contains(all, "lama@") {
		t.Errorf("an unproven ticket shows an employee: %s", all)
	}
	w.notes("1")
	w.address(e, e.Email)
	reads(t, w, rina, "Alamat yang dimaksud tiket #1 sudah berubah")
	offers(t, sees(t, p, "Alamat Anda sudah diperbarui"), "Minta kode baru")
	p.Presses("Minta kode baru")
	p.Types(w.code(e.Email, 1))
	sees(t, p, "Berhasil", e.Name)
}
