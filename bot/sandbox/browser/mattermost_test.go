package browser_test

import (
	"regexp"
	"testing"
)

// TestBrowserMattermost is an employee who links the account and asks for the
// status on Mattermost, in a real browser on the sandbox's page.
func TestBrowserMattermost(t *testing.T) {
	b, w := openStage(t)
	b.open(w.sandbox.URL)
	for _, step := range []struct {
		name string
		run  func(p visit)
	}{
		{"each platform keeps its own chat", switchPlatform},
		{"link with a dialog and the code from the inbox", linkByDialog},
		{"ask for the status", askStatusBySlash},
		{"the other chat is as it was", lookBack},
		{"what was there already does not come in anew", nothingComesAnew},
		{"a small phone's width", mattermostOnPhone},
		{"restart the chat", restartMattermost},
	} {
		if !t.Run(step.name, func(t *testing.T) { step.run(visit{tab: b.as(t), stage: w}) }) {
			return
		}
	}
}

// choosePlatform switches with the keyboard.
func (v visit) choosePlatform(name string) {
	v.t.Helper()
	selector := `#platforms [data-platform="` + name + `"]`
	v.keys(selector, "\r")
	v.until("the platform "+name, `document.querySelector('`+selector+`').ariaPressed === "true"`)
}

func switchPlatform(v visit) {
	v.click("#start")
	v.hears("Halo")
	v.choosePlatform("mattermost")
	v.until("an empty chat", `!document.querySelector("#messages li") && document.querySelector("#text").checkVisibility()`)
	v.shot("mattermost-start")
	v.say("/resetpi")
	v.until("Mattermost knows no such command", `document.querySelector("#refusal").innerText.includes("resetpi") && document.querySelector("#text").value === "/resetpi"`)
	v.text(`document.querySelector("#text").value = ""`)
}

func linkByDialog(v visit) {
	v.say("halo")
	v.hears("Halo")
	v.press("Hubungkan akun")
	v.until("the dialog", `document.querySelector("#form[open] input")`)
	v.keys("#form input", "123\r")
	v.until("what is wrong with it", `document.querySelector("#form input").getAttribute("aria-invalid") === "true"`)
	v.shot("mattermost-dialog")
	v.text(`document.querySelector("#form input").value = document.querySelector("#you .nip").innerText`)
	v.keys("#form input", "\r")
	v.until("the dialog is closed", `!document.querySelector("#form[open]")`)
	v.hears("email kedinasan")
	v.openMail("Kode")
	code := regexp.MustCompile(`\b\d{6}\b`).FindString(v.mailFrame().text(`document.body.innerText`))
	v.say(code)
	v.hears("Berhasil")
}

func askStatusBySlash(v visit) {
	v.say("/statusds")
	v.hears("Sertifikat aktif")
	v.shot("mattermost-status")
}

func lookBack(v visit) {
	v.choosePlatform("telegram")
	v.hears("Halo")
	v.until("nothing of the other chat", `!document.querySelector("#messages").innerText.includes("Sertifikat aktif")`)
	v.choosePlatform("mattermost")
	v.hears("Sertifikat aktif")
}

// nothingComesAnew watches the messages move while the person looks at another
// chat, another panel, and back.
func nothingComesAnew(v visit) {
	v.text(`(() => {
		window.came = window.turns = 0;
		document.addEventListener("animationstart", (event) => { if (event.animationName === "come") came++; });
		const turn = () => { turns++; requestAnimationFrame(turn); };
		requestAnimationFrame(turn);
	})()`)
	rested := func() { // a few pictures later, what begins to move has begun
		v.t.Helper()
		v.until("some pictures", `turns > `+v.text(`turns`)+` + 5`)
	}
	v.choosePlatform("telegram")
	v.hears("Halo")
	rested()
	v.choosePlatform("mattermost")
	v.hears("Sertifikat aktif")
	rested()
	v.size(360, 740)
	for _, panel := range []string{"mail", "chat"} {
		v.click(`#tabs [data-tab="` + panel + `"]`)
		rested()
	}
	v.size(1280, 900)
	if n := v.text(`came`); n != "0" {
		v.t.Errorf("%s messages came in anew", n)
	}
	v.say("bantuan")
	v.until("a new message comes in", `came > 0`)
	v.hears("Yang bisa saya bantu")
	v.until("it has come", `!document.querySelector(".message.new")`)
}

func mattermostOnPhone(v visit) {
	v.size(360, 740)
	v.say("/resetpin")
	v.press("Ya, kirim link")
	v.until("the mail is announced", `document.querySelector("#messages").innerText.includes("berhasil dikirim ke email")`)
	v.until("the walk begins", lastMessage+`.querySelector(".key.primary")`)
	v.until("its picture", `[...document.querySelectorAll("#messages .picture img")].at(-1)?.naturalWidth > 200`)
	wide := v.text(`[document.documentElement, ...document.querySelectorAll("body *")].filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.id || e.className || e.tagName)`)
	if wide != "" || v.text(`document.documentElement.scrollWidth - innerWidth`) != "0" {
		v.fail("the chat is wider than a phone: %s", wide)
	}
	v.shot("phone-mattermost")
}

func restartMattermost(v visit) {
	v.click("#restart")
	v.click("#ask .strong")
	v.until("an empty chat", `!document.querySelector("#messages li") && document.querySelector("#text").checkVisibility()`)
	v.say("halo")
	v.hears("Halo")
}
