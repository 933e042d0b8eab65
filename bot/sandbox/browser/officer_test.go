package browser_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestBrowserBothSides plays the employee and the officer who helps them, in a
// real browser on the sandbox's page.
func TestBrowserBothSides(t *testing.T) {
	b, w := openStage(t)
	b.open(w.sandbox.URL)
	for _, step := range []struct {
		name string
		run  func(v visit)
	}{
		{"a ticket on Telegram", func(v visit) { v.link(); aTicket(v, "1") }},
		{"and one on Mattermost, taken on Telegram", aTicketAcross},
		{"a small phone's width, in the dark", officerOnPhone},
		{"a changed number", aChangedNumber},
	} {
		if !t.Run(step.name, func(t *testing.T) { step.run(visit{tab: b.as(t), stage: w}) }) {
			return
		}
	}
}

// plays is the employee, or the officer.
func (v visit) plays(role string) {
	v.t.Helper()
	v.click(`#roles [data-role="` + role + `"]`)
	v.until("the side of the "+role, `document.querySelector("#chat").dataset.role === "`+role+`"`)
}

// waits until something waits on the other side.
func (v visit) waits(role string) {
	v.t.Helper()
	v.until("something waits for the "+role, `document.querySelector('#roles [data-role="`+role+`"]').classList.contains("waits")`)
}

// talks waits until there are so many.
func (v visit) talks(n int) {
	v.t.Helper()
	v.until("talks", fmt.Sprintf(`document.querySelectorAll("#threads button").length === %d + 1`, n))
}

// talk opens one of the officer's talks.
func (v visit) talk(which string) {
	v.t.Helper()
	chosen := `document.querySelector("#threads button` + strings.ReplaceAll(which, `"`, `'`) + `")`
	v.until("the talk "+which, chosen)
	v.text(chosen + `.click()`)
	v.until("the talk "+which, chosen+`.getAttribute("aria-pressed") === "true"`)
}

// shows waits until the words stand somewhere in the conversation.
func (v visit) shows(words string) {
	v.t.Helper()
	v.until("the chat shows "+words, `document.querySelector("#messages").innerText.includes(`+quote(words)+`)`)
}

// aTicket is a talk from the call to the answer to "Terbantu?".
func aTicket(v visit, number string) {
	v.say("mau bicara dengan orang")
	v.hears("Bicara dengan petugas")
	v.say("layar saya putih")
	v.hears("Tiket #" + number)
	v.waits("officer")
	v.plays("officer")
	v.shows("Tiket #" + number)
	v.shows("layar saya putih")
	v.press("Ambil")
	v.shows("Dipegang")
	v.hears("memegang tiket ini")
	v.say("Selamat pagi, saya bantu ya")
	v.waits("employee")
	v.shot("desktop-officer")
	v.plays("employee")
	v.hears("Selamat pagi, saya bantu ya")
	v.say("terima kasih banyak bu")
	v.plays("officer")
	v.hears("terima kasih banyak bu")
	v.press("Tutup tiket")
	v.press("Selesai")
	v.shows("Ditutup: Selesai")
	v.plays("employee")
	v.hears("Terbantu?")
	v.press("Ya")
	v.hears("Terima kasih")
}

// aTicketAcross is an employee on Mattermost whom an officer on Telegram helps.
func aTicketAcross(v visit) {
	v.choosePlatform("mattermost")
	v.say("mau bicara dengan orang")
	v.hears("Bicara dengan petugas")
	v.press("Kirim ke petugas")
	v.hears("sudah dikirim ke petugas") // the number stands behind a sign that nobody sees, so that it is no hashtag
	v.plays("officer")
	v.talks(2)
	v.talk(`:nth-child(2)`)
	v.shows("Belum ada yang memegang")
	v.say("@resetpin nama Bu Satu")
	v.hears("Pegawai melihat Anda sebagai Bu Satu")
	v.choosePlatform("telegram")
	v.talks(2)
	v.talk(`:nth-child(2)`)
	v.shows("Tiket #2")
	v.press("Ambil")
	v.hears("memegang tiket ini")
	v.say("Halo dari Telegram")
	v.choosePlatform("mattermost")
	v.talks(2)
	v.talk(`:nth-child(2)`)
	v.shows("di tempat petugas yang lain")
	v.shot("mattermost-officer")
	v.plays("employee")
	v.hears("Halo dari Telegram")
	v.press("Sudah beres")
	v.choosePlatform("telegram")
}

func officerOnPhone(v visit) {
	v.size(360, 740)
	v.dark(true)
	v.plays("officer")
	v.talk(`[data-thread=""]`)
	v.say("/antrian")
	v.hears("Tidak ada tiket yang terbuka")
	v.talk(`:nth-child(3)`)
	v.shows("Ditutup: Selesai")
	wide := v.text(`[document.documentElement, ...document.querySelectorAll("body *:not(#threads *)")].filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.id || e.className || e.tagName)`)
	if wide != "" || v.text(`document.documentElement.scrollWidth - innerWidth`) != "0" {
		v.fail("the officer's side is wider than a phone: %s", wide)
	}
	v.shot("phone-officer")
	v.dark(false)
	v.plays("employee")
	v.size(1280, 900)
}

// aChangedNumber is the way of an employee whose number an officer changes in
// BSrE's portal.
func aChangedNumber(v visit) {
	v.click(`[data-person="phone"] .choose`)
	v.link()
	v.say("/resetpin")
	v.hears("Nomor yang tercatat")
	v.press("Nomor saya sudah ganti")
	v.press("Kirim nomor baru")
	v.hears("Nomor WhatsApp Anda sudah ganti?")
	v.press("Kirim nomor saya")
	v.hears("Tiket #3")
	v.talks(3)
	v.plays("officer")
	v.talk(`:nth-child(2)`)
	v.shows("nomor baru")
	v.press("Ambil")
	v.hears("memegang tiket ini")
	v.press("Langkah di portal")
	v.hears("Mengganti nomor HP di portal")
	v.text(`document.querySelector("#number").value = [...document.querySelectorAll("#messages code")].map((e) => e.innerText).find((text) => /^62\d+$/.test(text))`)
	v.click(`#portal button`)
	v.until("the portal has the new number", `document.querySelector("#whatsapp-number").textContent === document.querySelector("#number").value`)
	v.press("Nomor sudah diganti")
	v.press("Ya, lakukan")
	v.hears("BSrE sudah mengirim pesan ke WhatsApp nomor baru")
	v.plays("employee")
	v.hears("Tekan link di WhatsApp")
	v.confirmNumber()
	v.press("Sudah diverifikasi")
	v.hears("BSrE akan mengirim link")
}
