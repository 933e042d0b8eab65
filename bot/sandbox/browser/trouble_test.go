package browser_test

import (
	"strings"
)

func breakBSrE(v visit) {
	v.trouble("api", "down")
	v.trouble("portal", "down")
	v.say("/status")
	v.hears("BSrE sedang tidak bisa dihubungi")
	v.shot("desktop-down")
	v.click("#heal")
	v.say("/status")
	v.hears("Sertifikat aktif")
}

// trouble chooses a kind of trouble in the panel.
func (v visit) trouble(place, kind string) {
	v.t.Helper()
	v.text(`(() => { const s = document.querySelector("#trouble-` + place + `"); s.value = ` + quote(kind) + `; s.dispatchEvent(new Event("change")) })()`)
}

// startAnew ends the sandbox under the open page: the page comes back by
// itself, and the bot still knows the employee.
func startAnew(v visit) {
	if err := v.sandbox.Close(); err != nil {
		v.t.Fatal(err)
	}
	v.until("the page tells that it waits", `document.querySelector("#link.lost")`)
	v.start(v.t, strings.TrimSuffix(strings.TrimPrefix(v.sandbox.URL, "http://"), "/"))
	v.until("the page is back, with an empty chat", `document.querySelector("#link:not(.lost)") && !document.querySelector("#messages li")`)
	v.click("#start")
	v.hears("Halo, Sari Contoh")
}

// restartChat is on a phone's page after the others.
func restartChat(v visit) {
	v.click("#restart")
	v.click("#ask .strong")
	v.until("an empty chat", `!document.querySelector("#messages li") && document.querySelector("#start").checkVisibility()`)
	v.shot("phone-start")
	v.click("#start")
	v.hears("Halo")
}

func lookAtPhone(v visit) {
	v.size(390, 844)
	v.say("/status")
	v.hears("Sertifikat aktif")
	v.shot("phone-status")
	for _, name := range []string{"mail", "whatsapp", "people", "outside", "chat"} {
		v.click(`#tabs [data-tab="` + name + `"]`)
		v.until("the tab "+name, `document.querySelector('[data-panel="`+name+`"]').checkVisibility()`)
		wide := v.text(`[document.documentElement, ...document.querySelectorAll("body *")].filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.id || e.className || e.tagName)`)
		if wide != "" || v.text(`document.documentElement.scrollWidth - innerWidth`) != "0" {
			v.fail("the tab %s is wider than a phone: %s", name, wide)
		}
		if name != "chat" && name != "whatsapp" {
			v.shot("phone-" + name)
		}
	}
}

// verifyPhone is the way of an employee whose number BSrE has not verified.
func verifyPhone(v visit) {
	v.panel("people")
	v.click(`[data-person="phone"] .choose`)
	v.link()
	v.say("/resetpin")
	v.hears("Nomor yang tercatat")
	v.say(v.text(`document.querySelector("#whatsapp-number").textContent`))
	v.hears("Tekan link di WhatsApp")
	v.until("the message waits behind its tab", `document.querySelector('#tabs [data-tab="whatsapp"] .badge').textContent === "1"`)
	v.panel("whatsapp")
	v.shot("phone-whatsapp")
	v.confirmNumber()
	v.panel("chat")
	v.press("Sudah diverifikasi")
	v.hears("BSrE akan mengirim link")
}

// confirmNumber follows BSrE's link in WhatsApp to its site.
func (v visit) confirmNumber() {
	v.click("#whatsapps a")
	site := v.find(false, "https://"+resetHost+":")
	site.size(1000, 860)
	passWarning(site)
	site.until("the number is verified", `document.body.innerText.includes("berhasil diverifikasi")`)
	site.leave()
}
