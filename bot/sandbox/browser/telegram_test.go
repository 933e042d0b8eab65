package browser_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"resetpin/bot/sandbox"
	"resetpin/guides/guidestest"
)

// resetHost is the pretend BSrE's site; browsers find *.localhost on this
// machine by themselves.
const resetHost = "esign-bsre.localhost"

// newPIN is what the employee of the story chooses.
const newPIN = "Kopi-Tubruk-2719!"

// TestBrowserWholeWay is the way of an employee who forgot the PIN, in a real
// browser on the sandbox's page.
func TestBrowserWholeWay(t *testing.T) {
	b, w := openStage(t)
	b.open(w.sandbox.URL)

	steps := []struct {
		name string
		run  func(p visit)
	}{
		{"link with the code from the inbox", linkAccount},
		{"ask for the status", askStatus},
		{"ask for the reset", askReset},
		{"a PIN typed during the walk vanishes", typePIN},
		{"open the mail, pass the browser's warning, choose a new PIN", choosePIN},
		{"walk to the end", walkToTheEnd},
		{"BSrE is down", breakBSrE},
		{"a phone's width", lookAtPhone},
		{"the sandbox is started anew", startAnew},
		{"verify the phone by WhatsApp", verifyPhone},
		{"restart the chat", restartChat},
	}
	for _, step := range steps {
		if !t.Run(step.name, func(t *testing.T) { step.run(visit{tab: b.as(t), stage: w}) }) {
			return
		}
	}
}

// stage is the sandbox under the page; it may be replaced by another one.
type stage struct {
	sandbox *sandbox.Sandbox
	dir     string
}

// openStage starts a sandbox and a browser beside it, until the test ends.
func openStage(t *testing.T) (tab, *stage) {
	t.Helper()
	b := openBrowser(t)
	w := &stage{dir: t.TempDir()}
	w.start(t, "127.0.0.1:0")
	t.Cleanup(func() {
		if err := w.sandbox.Close(); err != nil {
			t.Error(err)
		}
	})
	b.size(1280, 900)
	return b, w
}

func (w *stage) start(t *testing.T, addr string) {
	t.Helper()
	var err error
	if w.sandbox, err = sandbox.Start(context.Background(), sandbox.Options{Listen: addr, DataDir: w.dir}); err != nil {
		t.Fatal(err)
	}
}

// visit is a browser on the sandbox's page.
type visit struct {
	tab
	*stage
}

// say types a message into the chat.
func (v visit) say(text string) {
	v.t.Helper()
	v.keys("#text", text+"\r")
}

// hears waits until the newest message of the bot's says the words.
func (v visit) hears(words string) {
	v.t.Helper()
	v.until("the bot says "+words, `[...document.querySelectorAll(".message.theirs:not(.gone)")].at(-1)?.innerText.includes(`+quote(words)+`)`)
}

// press presses the newest button with the words.
func (v visit) press(words string) {
	v.t.Helper()
	mark := `[...document.querySelectorAll(".key")].filter((key) => key.innerText.includes(` + quote(words) + `)).at(-1)`
	v.until("the button "+words, mark)
	v.text(`(() => { document.querySelector("#pressed")?.removeAttribute("id"); const key = ` + mark + `; key.id = "pressed"; key.scrollIntoView({ block: "center" }); return key.innerText })()`)
	v.click("#pressed")
}

func linkAccount(v visit) {
	v.shot("desktop-start")
	v.link()
	v.until("the profile", `document.querySelector("#messages").innerText.includes(document.querySelector("#you .nip").innerText)`)
}

// link begins the chat and links it with the code from the inbox.
func (v visit) link() {
	v.t.Helper()
	v.click("#start")
	v.press("Hubungkan akun")
	v.hears("NIP")
	v.click("#you .nip")
	v.keys("#text", "\r")
	v.hears("email kedinasan")
	v.panel("mail")
	v.openMail("Kode")
	code := regexp.MustCompile(`\b\d{6}\b`).FindString(v.mailFrame().text(`document.body.innerText`))
	if code == "" {
		v.fail("the mail holds no code")
	}
	v.panel("chat")
	v.say(code)
	v.hears("Berhasil")
}

// panel brings a panel into view where only one is at a time.
func (v visit) panel(name string) {
	v.t.Helper()
	v.text(`document.querySelector('#tabs [data-tab="` + name + `"]').click()`)
}

// openMail waits for a mail whose subject begins so, and opens it.
func (v visit) openMail(subject string) {
	v.t.Helper()
	row := `[...document.querySelectorAll("#mails li")].find((row) => row.querySelector(".subject").innerText.startsWith(` + quote(subject) + `))`
	v.text(`document.querySelector("#opened .back")?.click()`)
	v.until("the mail "+subject, row)
	v.click(`[data-mail="` + v.text(row+`.dataset.mail`) + `"] button`)
	v.until("the opened mail", `document.querySelector("#opened iframe")`)
}

// mailFrame is the frame in which the opened mail stands.
func (v visit) mailFrame() tab {
	v.t.Helper()
	return v.find(true, v.text(`document.querySelector("#opened iframe").src`))
}

func askStatus(v visit) {
	v.say("/status")
	v.hears("Sertifikat aktif")
	v.shot("desktop-status")
}

func askReset(v visit) {
	v.say("lupa pin")
	v.press("Ya, kirim link")
	v.until("the mail is announced", `document.querySelector("#messages").innerText.includes("berhasil dikirim ke email")`)
	v.until("the walk begins", `document.querySelector("#messages .message:last-child .key.primary")`)
	v.until("BSrE counts one reset", `document.querySelector("#counts [data-counted=issue] b")?.innerText === "1×"`)
	v.openMail("[eSign] Reset Passphrase")
	v.mailFrame()
	v.shot("desktop-walk")
}

func typePIN(v visit) {
	v.say("Rahasia-9173")
	v.hears("Jangan menuliskannya di sini")
	v.until("the PIN is gone", `!document.body.innerText.includes("Rahasia-9173")`)
}

// choosePIN follows the link of the opened mail with the mouse, as far as the
// login page that nobody needs.
func choosePIN(v visit) {
	frame := v.mailFrame()
	link := frame.text(`document.querySelector("a[href^=https]").href`)
	if !strings.HasPrefix(link, "https://"+resetHost+":") {
		v.fail("the mail's link leads elsewhere")
	}
	var x, y, left, top float64
	where := `(() => { const r = document.querySelector(%q).getBoundingClientRect(); return [r.x + %s, r.y + %s].join(" ") })()`
	scan(v.t, frame.text(fmt.Sprintf(where, "a[href^=https]", "r.width / 4", "r.height / 4")), &x, &y)
	scan(v.t, v.text(fmt.Sprintf(where, "#opened iframe", "0", "0")), &left, &top)
	v.mouse(left+x, top+y)

	site := v.find(false, "https://"+resetHost+":")
	site.size(1000, 860)
	passWarning(site)
	site.until("the page for a new PIN", `document.querySelectorAll("input[type=password]").length === 2`)
	site.text(`document.querySelectorAll("input[type=password]").forEach((field, i) => { field.id ||= "pin" + i; field.dataset.pin = i })`)
	site.keys(`[data-pin="0"]`, newPIN)
	site.keys(`[data-pin="1"]`, newPIN)
	site.shot("passphrase")
	site.keys(`[data-pin="1"]`, "\r")
	site.until("the login page", `document.querySelectorAll("input[type=password]").length === 1`)
	site.shot("login")
	site.leave()
}

// passWarning goes on to a site whose certificate the browser does not trust.
func passWarning(site tab) {
	site.t.Helper()
	site.until("the browser's own warning", `document.querySelector("#details-button")`)
	site.until("its reason", `document.body.innerText.includes("ERR_CERT_AUTHORITY_INVALID")`)
	site.click("#details-button")
	site.until("the way on", `document.querySelector("#proceed-link")?.checkVisibility()`)
	site.shot("warning")
	site.click("#proceed-link")
}

func scan(t *testing.T, text string, x, y *float64) {
	t.Helper()
	if _, err := fmt.Sscan(text, x, y); err != nil {
		t.Fatalf("read a place on the page from %q: %v", text, err)
	}
}

// lastMessage is the newest message of the chat.
const lastMessage = `document.querySelector("#messages .message:last-child")`

// walkToTheEnd presses what the guide suggests, from where the walk stands to
// its end, and looks at the warning's step for every browser on the way.
func walkToTheEnd(v visit) {
	v.say("/panduan")
	v.until("the walk goes on", lastMessage+`?.querySelector(".key.primary")`)
	for range 20 {
		before := v.text(lastMessage + `.innerText`)
		switch {
		case strings.Contains(before, "Browser apa"):
			v.press("Chrome di komputer")
		case strings.Contains(before, guidestest.Progress(v.t, "reset", "warning")) && strings.Contains(before, "browser"):
			v.everyBrowser()
			fallthrough
		default:
			before = v.text(lastMessage + `.innerText`)
			v.press(v.text(lastMessage + `.querySelector(".key.primary").innerText`))
		}
		v.until("the next step", lastMessage+`.innerText !== `+quote(before)+` && !document.querySelector("[aria-busy]")`)
		if strings.Contains(v.text(lastMessage+`.innerText`), guidestest.Progress(v.t, "reset", "done")) {
			break
		}
	}
	v.press("Berhasil")
	v.until("the end", `!`+lastMessage+`.innerText.includes(`+quote(guidestest.Progress(v.t, "reset", "done"))+`)`)
	v.shot("desktop-done")
}

// everyBrowser names each browser in turn, and sees its own words and picture.
func (v visit) everyBrowser() {
	v.t.Helper()
	for _, b := range []struct{ name, words string }{
		{"Chrome di HP Android", "Lanjutkan ke"},
		{"Edge", "Continue to"},
		{"Firefox", "SEC_ERROR_UNKNOWN_ISSUER"},
		{"Safari di Mac", "visit this website"},
		{"Safari di iPhone", "di bawah tombol biru"},
		{"Lainnya", "Browser lain mirip"},
		{"Chrome di komputer", "Proceed to"},
	} {
		v.press("Gambarnya berbeda")
		v.press(b.name)
		v.until("the words for "+b.name, lastMessage+`.innerText.includes(`+quote(b.words)+`)`)
		v.until("the picture for "+b.name, lastMessage+`.querySelector("img")?.naturalWidth > 300`)
		if b.name == "Firefox" {
			v.shot("desktop-firefox")
		}
	}
}
