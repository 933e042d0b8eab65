package app_test

import "testing"

// A question names somebody. Who is linked as somebody else meanwhile must
// not answer it for them.
func TestAnOldQuestionIsAboutWhomItNamed(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		first := linked(t, w, p, "ISSUE")
		p.Types("/resetpin")
		reset := sees(t, p, "Lanjutkan?")
		p.Types("/unlink")
		unlink := sees(t, p, "Putuskan akun ini dari "+first.Name)
		p.Types("/unlink")
		sees(t, p, "Putuskan akun ini dari "+first.Name)
		p.Presses("Ya, putuskan")
		sees(t, p, "Sudah diputuskan")

		second := sample(t, "phone")
		p.Types("/link " + second.NIP)
		sees(t, p, "sedang dikirim")
		p.Types(w.code(second.Email, 1))
		sees(t, p, "Berhasil", second.Name)

		p.PressesOld(reset.ID, "Ya, kirim link")
		sees(t, p, "tentang NIP lain", "Tidak ada yang direset")
		if n := w.bsre.ResetsOf(first.NIK) + w.bsre.ResetsOf(second.NIK); n != 0 {
			t.Errorf("%d resets by an old question", n)
		}
		p.PressesOld(unlink.ID, "Ya, putuskan")
		sees(t, p, "Putuskan akun ini dari "+second.Name)
		p.Types("/link")
		sees(t, p, "sudah terhubung", second.Name)
	})
}
