package app_test

import (
	"strings"
	"testing"

	"resetpin/handlers/bsre/bsretest"
)

// Who cannot be served because BSrE does not answer can wait to be told, and
// hears once that it does; nothing is done before they press.
func TestToldWhenBSrEAnswersAgain(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		e := linked(t, w, p, "ISSUE")
		w.showLog()
		p.Types("/resetpin") // the bot has logged in at the portal: a login that is cut off waits for the operator's next code
		sees(t, p, "Lanjutkan?")
		before := w.bsre.ResetsOf(e.NIK)
		for _, tt := range []struct{ command, button, then string }{
			{"/status", "Cek status", "Sertifikat aktif"},
			{"/resetpin", "Reset PIN", "Lanjutkan?"},
		} {
			w.bsre.Set(bsretest.PlaceAPI, bsretest.ModeDown, 0)
			p.Types(tt.command)
			offers(t, sees(t, p, "tidak bisa dihubungi"), "Coba lagi", "Kabari saya bila sudah pulih")
			p.Presses("Kabari saya bila sudah pulih")
			offers(t, sees(t, p, "satu kali", "Tidak ada yang dikirim"), "Tidak usah dikabari")
			w.stop()
			w.start() // what people wait for outlives the process
			w.heal()
			sees(t, p, "BSrE sudah menjawab lagi")
			p.Presses(tt.button)
			sees(t, p, tt.then)
		}
		told := 0
		for _, l := range p.Chat() {
			if l.Bot && strings.Contains(l.Text, "BSrE sudah menjawab lagi") {
				told++
			}
		}
		if told != 2 {
			t.Errorf("told %d times, want 2:\n%s", told, show(p))
		}
		if n := w.bsre.ResetsOf(e.NIK); n != before {
			t.Errorf("%d links were sent that nobody pressed for", n)
		}
	}, hasty...)
}
