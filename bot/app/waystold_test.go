package app_test

import (
	"strings"
	"time"

	"resetpin/handlers/bsre/bsretest"
	"resetpin/handlers/mail/mailtest"
)

// asks confirms the question and comes to the first step.
func (v *traveller) asks() {
	v.t.Helper()
	v.presses("Ya, kirim link", step(v.t, "mail"))
}

// follows presses what leads on, from one button up to another or the end.
func (v *traveller) follows(from, to string) {
	v.t.Helper()
	steps := []struct{ button, words string }{
		{"Emailnya ada", step(v.t, "link")}, {"Sudah saya tekan", step(v.t, "address")}, {"Alamatnya sama", step(v.t, "warning")},
		{"Halaman BSrE terbuka", step(v.t, "pin")}, {"Sudah saya kirim", step(v.t, "login")}, {"Tertulis berhasil", step(v.t, "done")},
		{"Berhasil", "Selesai"},
	}
	on := false
	for _, s := range steps {
		if on = on || s.button == from; !on {
			continue
		}
		next := s.button
		for range 10 {
			l := v.presses(next, s.words, "Langkah ", whichBrowser)
			if strings.Contains(l.Text, s.words) {
				break
			}
			next = l.Buttons[0] // of a step that was put between
			if strings.Contains(l.Text, whichBrowser) {
				next = v.browser
			}
		}
		if s.button == to {
			return
		}
	}
}

const whichBrowser = "Browser apa"

// greeted opens the chat by Telegram's own button, wants a reset, and says who
// they are.
func (v *traveller) greeted(w *world, status string) {
	v.t.Helper()
	v.toll.presses++ // "Start"
	v.glance()
	v.Types("/start")
	v.await([]string{"mereset PIN DS"})
	v.presses("Reset PIN", "Ketik NIP")
	v.identified(w, status)
}

func ways() []way {
	return []way{
		{"shortest", func(v *traveller, w *world) bool {
			v.greeted(w, "ISSUE")
			v.asks()
			v.follows("Emailnya ada", "")
			return true
		}},
		{"phone55", func(v *traveller, w *world) bool {
			// Presses the big blue button all the same, and has an empty page.
			v.greeted(w, "ISSUE")
			v.asks()
			v.follows("Emailnya ada", "Sudah saya tekan")
			v.presses("Ada masalah", "Apa yang terjadi")
			v.presses("Halaman kosong", "Tidak apa-apa")
			v.presses("Kembali ke langkah", step(v.t, "address"))
			v.follows("Alamatnya sama", "")
			return true
		}},
		{"hurried", func(v *traveller, w *world) bool {
			e := sample(v.t, "ISSUE")
			v.types("lupa pin", "NIP")
			v.types("nip saya "+e.NIP, "kode", "Kode")
			v.types("kodenya "+w.code(e.Email, 1), "Berhasil")
			v.types("ya", step(v.t, "mail"))
			v.types("sudah", step(v.t, "link"), "Langkah ", whichBrowser)
			inIndonesian().comesTo(v.t, v, "mail", "link")
			v.types("udah saya klik", whichBrowser, "Langkah ")
			inIndonesian().comesTo(v.t, v, "link", "address")
			v.types("halaman kosong", "Tidak apa-apa")
			v.types("lanjut", step(v.t, "address"))
			v.follows("Alamatnya sama", "")
			return true
		}},
		{"english", func(v *traveller, w *world) bool {
			v.greeted(w, "ISSUE")
			v.asks()
			v.browser = "Firefox" // the wrong one
			v.follows("Emailnya ada", "Sudah saya tekan")
			v.types("is this warning safe?", "only if both are the same")
			v.presses("Back to my step", "Firefox warns")
			v.types("Your connection is not private", "only if both are the same")
			v.presses("Back to my step", "Firefox warns")
			v.presses("The picture differs", "Which browser")
			v.presses("Chrome on Android", "Chrome warns")
			v.presses("It is the same", "Pass the browser's warning")
			for !strings.Contains(last(v).Text, "Done!") {
				v.presses(last(v).Buttons[0])
			}
			return true
		}},
		{"expired", func(v *traveller, w *world) bool {
			v.types("lupa pin", "NIP")
			v.identified(w, "EXPIRED")
			v.types("saya mau reset saja")
			v.types("/status", "tidak menerima PIN apa pun")
			v.presses("Cara memperpanjang", "Langkah 1")
			v.presses("Memang sudah lewat", "Mohon diperpanjang")
			v.presses("Hubungi bantuan", "Helpdesk, ekstensi 1234")
			v.types("mau bicara dengan orang")
			return true // knows why, and whom to tell what
		}},
		{"number", func(v *traveller, w *world) bool {
			e := sample(v.t, "phone")
			v.types("lupa pin", "NIP")
			v.identified(w, "phone")
			v.presses("Apa itu verifikasi?", "Cukup sekali saja")
			v.types("081234567890", "berbeda")
			v.types(e.Phone, "Kembali agar aman")
			v.presses("Sudah diverifikasi", "Apa yang terjadi?")
			v.presses("Ada peringatan di browser", "hanya bila keduanya cocok")
			w.open(w.bsre.WhatsApps(e.NIK)[0].Link)
			v.presses("Sudah diverifikasi", "sudah terverifikasi")
			v.asks()
			v.follows("Emailnya ada", "")
			return true
		}},
		{"lost-place", func(v *traveller, w *world) bool {
			v.greeted(w, "ISSUE")
			v.asks()
			v.follows("Emailnya ada", "Emailnya ada")
			v.presses("Berhenti dulu", "berhenti di "+strings.ToLower(step(v.t, "link")))
			v.types("/start", strings.ToLower(step(v.t, "link")))
			w.clock.advance(6 * time.Minute)
			v.types("/resetpin", "Pakai link itu dulu")
			v.presses("Minta link baru", "membuatnya mati")
			v.asks()
			v.follows("Emailnya ada", "")
			v.types("masih salah pin", "PIN lama", "PIN barunya ditolak")
			return true
		}},
		{"by-ear", func(v *traveller, w *world) bool {
			v.toll.presses++
			v.Types("/start")
			v.await([]string{"mereset PIN DS"})
			v.presses("Bantuan", "Yang bisa")
			v.presses("Teks saja, tanpa gambar", "tanpa gambar")
			v.presses("Reset PIN", "Ketik NIP")
			v.identified(w, "ISSUE")
			v.asks()
			v.follows("Emailnya ada", "")
			for _, l := range v.Chat() {
				if l.Bot && strings.HasPrefix(l.Text, "✅") {
					v.t.Errorf("a sign begins %q", l.Text)
				}
			}
			return true
		}},
		{"outage", func(v *traveller, w *world) bool {
			e := sample(v.t, "ISSUE")
			w.mail.SetMode(mailtest.ModeDown, 0)
			v.types("lupa pin", "NIP")
			v.types(e.NIP)
			v.types("kodenya belum masuk")
			w.mail.SetMode(mailtest.ModeOK, 0)
			w.bsre.Set(bsretest.PlaceAPI, bsretest.ModeDown, 0)
			v.types(w.code(e.Email, 1), "tidak bisa dihubungi")
			v.presses("Coba lagi", "tidak bisa dihubungi")
			w.bsre.Set(bsretest.PlaceAPI, bsretest.ModeOK, 0)
			w.clock.advance(6 * time.Minute)
			v.presses("Coba lagi", "Lanjutkan?")
			v.asks()
			v.follows("Emailnya ada", "")
			return true
		}},
		{"fraud", func(v *traveller, w *world) bool {
			v.greeted(w, "ISSUE")
			v.asks()
			v.types("email palsu", "Email yang asli")
			v.presses("Kembali ke langkah", step(v.t, "mail"))
			v.types("ada yang telepon minta pin saya", "ciri penipuan")
			v.presses("Mengenali email palsu", "Langkah 1")
			v.presses("Berhenti dulu", "berhenti")
			v.presses("Lanjutkan reset PIN", step(v.t, "mail"))
			v.types("saya sudah telanjur kasih pin", "Segera reset PIN", "Tutup halamannya")
			v.types("/panduan", step(v.t, "mail"))
			v.follows("Emailnya ada", "")
			return true
		}},
		{"unregistered", func(v *traveller, w *world) bool {
			v.types("lupa pin", "NIP")
			v.identified(w, "NOT_REGISTERED")
			v.presses("Cara mendaftar", "belum terdaftar")
			v.presses("Lanjut", "mohon didaftarkan", "Mohon didaftarkan")
			v.presses("Ada masalah", "Apa yang terjadi")
			v.presses("Saya sudah punya", "NIK")
			return true // knows why, and whom to tell what
		}},
		{"not-activated", func(v *traveller, w *world) bool {
			e := sample(v.t, "NEW")
			v.types("lupa pin", "NIP")
			v.identified(w, "NEW")
			v.presses("Cara mengaktifkan", "Langkah 1")
			v.presses("Emailnya ada", "Langkah 2")
			v.presses("Sudah selesai", "Langkah 3")
			v.presses("Statusnya sudah aktif", "belum diaktivasi")
			w.bsre.Change(e.NIK, func(p *bsretest.Person) { p.Status = "ISSUE" })
			v.presses("Statusnya sudah aktif", "Sertifikat aktif")
			return true
		}},
		{"old-phone", func(v *traveller, w *world) bool {
			v.greeted(w, "ISSUE")
			v.asks()
			v.follows("Emailnya ada", "Alamatnya sama")
			v.presses("Ada masalah", "Apa yang terjadi")
			v.presses("Tidak ada Lanjutkan", "Lanjut")
			v.presses("Kembali ke langkah", step(v.t, "warning"))
			v.presses("Halaman BSrE terbuka", step(v.t, "pin"))
			w.clock.advance(time.Hour) // the browser is closed
			v.types("/start", strings.ToLower(step(v.t, "pin")))
			v.presses("Lanjutkan panduan", "Browser sudah tertutup?")
			v.presses("Sudah saya kirim", step(v.t, "login"))
			v.presses("Ditolak", "belum berubah")
			v.presses("Isi PIN lagi", step(v.t, "pin"))
			v.presses("Sudah saya kirim", step(v.t, "login"))
			v.presses("Tertulis berhasil", step(v.t, "done"))
			v.presses("Belum ada dokumen", "Tidak apa-apa")
			v.presses("Nanti saja", "Selesai")
			return true
		}},
	}
}
