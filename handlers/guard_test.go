package handlers

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/bsre"
	"resetpin/store"
)

func testHandlers(t testing.TB) *Handlers {
	t.Helper()
	texts, err := LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	in, err := loadIntents()
	if err != nil {
		t.Fatal(err)
	}
	return &Handlers{intents: in, commands: commandTable(), Config: Config{Texts: texts, Settings: Settings{ResetSites: []string{"esign-bsre.bssn.go.id"}, DefaultLanguage: Indonesian}}}
}

func typedText(h *Handlers, text string, walking bool, prompt store.Prompt) request {
	now := time.Now()
	r := request{Update: bot.Update{Origin: bot.Origin{Account: bot.Account{Platform: bot.Telegram, ID: "1"}, Message: "7", Private: true}, Kind: bot.KindText, Text: text},
		texts: h.Texts, language: Indonesian, now: now}
	r.session.Prompt, r.session.PromptAt = prompt, now
	if walking {
		r.session.Walk = store.Walk{ID: 1, State: store.WalkActive}
	}
	return r
}

func TestGuardTakesWhatCanBeAPIN(t *testing.T) {
	h := testHandlers(t)
	tests := []struct {
		text    string
		walking bool
		prompt  store.Prompt
		want    bool
	}{
		{"Garuda#1945", true, "", true},
		{"garuda1945", true, "", true},
		{"88112233", true, "", true},
		{"885522", true, "", true},
		{"88 55 22 11", true, "", false}, // each part is short; a PIN with blanks is not one that BSrE takes
		{"MelatiPutih", true, "", true},
		{"melatiputih", true, "", true},
		{"pinnya Garuda#1945 ya", true, "", true},
		{"pin saya: Melati77", false, "", true},
		{"passphrase baru saya adalah Melati77!", false, "", true},
		{"PIN=12345678", false, "", true},

		{"Garuda#1945", false, "", false}, // nobody walks: it may be anything
		{"lupa pin", true, "", false},
		{"pin salah", true, "", false},
		{"terimakasih", true, "", false},
		{"Terima kasih banyak!!!", true, "", false},
		{"bagaimana", true, "", false},
		{"BERHASIL", true, "", false},
		{"sudah", true, "", false},
		{"ok", true, "", false},
		{"emailnya belum ada juga", true, "", false},
		{"sari.contoh@contoh.go.id", true, "", false},
		{"jam 10.30 tadi", true, "", false},
		{"23/11/2026", true, "", false},
		{"pin 5 kali salah", true, "", false},
		{"saya lupa pin sejak 2024", false, "", false},
		{"770026", true, store.PromptCode, false},
		{"770026", true, "", true},
		{"198805052012122991", true, store.PromptNIP, false},
		{"0812-0000-1001", true, store.PromptPhone, false},
		{"", true, "", false},
	}
	for _, tt := range tests {
		reply, event, taken := h.guard(typedText(h, tt.text, tt.walking, tt.prompt))
		if taken != tt.want {
			t.Errorf("%q (walking %v, prompt %q): taken %v, want %v", tt.text, tt.walking, tt.prompt, taken, tt.want)
		}
		if taken && (reply.Remove == nil || reply.Remove.Message != "7" || len(reply.Messages) > 0) {
			t.Errorf("%q: the reply removes nothing: %+v", tt.text, reply)
		}
		if taken && (event != store.Event{Action: "guard", Outcome: "pin"}) {
			t.Errorf("%q: the audit trail says %+v", tt.text, event)
		}
		if taken && tt.text != "" && strings.Contains(reply.Remove.Done.Text, tt.text) {
			t.Errorf("%q: the reply repeats it", tt.text)
		}
	}
}

func TestGuardTakesResetLinksAtAnyTime(t *testing.T) {
	h := testHandlers(t)
	const key = "0123456789abcdef0123456789abcdef"
	for text, want := range map[string]string{
		"https://esign-bsre.bssn.go.id/email/user/passphrase/reset/" + key:                "Alamatnya asli",
		"ini https://esign-bsre.bssn.go.id.palsu.test/email/user/passphrase/reset/" + key: "link palsu",
	} {
		reply, event, taken := h.guard(typedText(h, text, false, ""))
		if fake := want == "link palsu"; taken && (event.Outcome == "fake") != fake || event.Action != "guard" || (event.Detail != "") != fake {
			t.Errorf("%q: the audit trail says %+v", text, event)
		}
		if !taken || !strings.Contains(reply.Remove.Done.Text, want) || strings.Contains(reply.Remove.Done.Text, key) {
			t.Errorf("%q: taken %v, %+v", text, taken, reply.Remove)
		}
	}
	if _, _, taken := h.guard(typedText(h, "lihat https://www.kemenkeu.go.id/berita ya", false, "")); taken {
		t.Error("an ordinary link is taken")
	}
}

func TestGuardLooksBehindWordsAndButtons(t *testing.T) {
	h := testHandlers(t)
	const path = "/email/user/passphrase/reset/0123456789abcdef0123456789abcdef"
	const genuine = "https://esign-bsre.bssn.go.id" + path
	for _, tt := range []struct{ text, hidden, want string }{
		{"Reset PIN Anda di sini", "https://esign-bsre.bssn.go.id.palsu.test" + path, "link palsu"},
		{"Reset PIN Anda di sini", genuine, "Alamatnya asli"},
		{genuine, "https://palsu.test/masuk", "Alamatnya `palsu.test`, bukan"},
		{genuine, genuine, "Alamatnya asli"},
		{"berita hari ini", "https://www.kemenkeu.go.id/berita", ""},
	} {
		r := typedText(h, tt.text, false, "")
		r.Links = []string{tt.hidden}
		reply, _, taken := h.guard(r)
		if taken != (tt.want != "") || taken && !strings.Contains(reply.Remove.Done.Text, tt.want) {
			t.Errorf("%q behind %q: taken %v, %+v", tt.hidden, tt.text, taken, reply.Remove)
		}
	}
}

func FuzzPlainWords(f *testing.F) {
	for _, s := range []string{"lupa pin", "cek status tte", "PIN salah!!", "", "🙂", "a\x00b", strings.Repeat("pin ", 200)} {
		f.Add(s)
	}
	h := testHandlers(f)
	f.Fuzz(func(t *testing.T, s string) {
		intent := h.intents.find(s)
		if intent != "" && intent != intentThanks && h.findCommand(intent) == nil {
			t.Errorf("%q leads to %q, which is no command", s, intent)
		}
		if reply, _, taken := h.guard(typedText(h, s, true, "")); taken && utf8.RuneCountInString(s) > 40 && strings.Contains(reply.Remove.Done.Text, s) {
			t.Errorf("%q is repeated", s)
		}
	})
}

func TestPlainWords(t *testing.T) {
	in := testHandlers(t).intents
	for text, want := range map[string]string{
		"lupa pin": "resetpin", "Lupa PIN DS": "resetpin", "reset passphrase": "resetpin", "mau ganti pasphrase": "resetpin", "pin salah": "resetpin",
		"PIN ditolak terus": "resetpin", "forgot my pin": "resetpin", "resetpin": "resetpin",
		"cek status tte": "status", "status sertifikat saya": "status", "sertifikat expired?": "status", "cek masa berlaku sertifikat": "status", "check certificate": "status",
		"hubungkan akun": "link", "panduan": "panduan", "caranya gimana": "panduan", "bantuan": "help", "halo": "help", "makasih banyak": "thanks",
		"putuskan akun": "unlink", "ganti bahasa": "bahasa", "english please": "bahasa", "privasi": "privasi",
		"sudah makan": "", "": "", "pin": "",
	} {
		if got := in.find(text); got != want {
			t.Errorf("%q leads to %q, want %q", text, got, want)
		}
	}
}

func TestPlainWordsFindTheirGuide(t *testing.T) {
	in := testHandlers(t).intents
	for text, want := range map[string]string{
		"Email ini palsu?": "phishing", "link mencurigakan": "phishing", "is this mail fake?": "phishing",
		"verifikasi nomor HP": "phone", "cara verifikasi WA": "phone",
		"perpanjang sertifikat": "renew", "mau perpanjangan TTE": "renew", "renew my certificate": "renew",
		"cara aktivasi sertifikat": "activate", "email aktivasi mana": "activate",
		"saya belum punya sertifikat": "nocert", "no certificate": "nocert",
		"apa itu tanda tangan digital": "about", "what is BSrE": "about",
		"lupa pin": "", "cek status sertifikat": "", "verifikasi akun": "", "panduan": "", "sertifikat kedaluwarsa": "",
	} {
		if got := in.match(text).Guide; got != want {
			t.Errorf("%q leads to the guide %q, want %q", text, got, want)
		}
	}
	library, err := guides.Load(guides.Builtin())
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range in.rules {
		if _, ok := library.Guide(rule.Guide); rule.Guide != "" && !ok {
			t.Errorf("plain words lead to the guide %q, which does not exist", rule.Guide)
		}
	}
}

func TestPressesFitAndComeBack(t *testing.T) {
	for _, p := range []press{{1, 0, "next", ""}, {99_999_999, 400, "page", "unregistered"}, {5, 35, "guide", "about"}} {
		arg := p.arg()
		if got, ok := parsePress(arg); !ok || got != p {
			t.Errorf("%+v became %q and came back as %+v", p, arg, got)
		}
		signed, err := bot.NewSigner(make([]byte, 32)).Sign(bot.Account{Platform: bot.Telegram, ID: "123456789012"}, bot.Action{Name: "walk", Arg: arg}, time.Now())
		if err != nil || len(signed) > 64 {
			t.Errorf("%q: %d bytes, %v", signed, len(signed), err)
		}
	}
	for _, bad := range []string{"", ".", "1.2", "1.2.", "x y.2.n", "1.zzzzzzzzz.n", "1.2.?"} {
		if _, ok := parsePress(bad); ok {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestMaskedAddressStaysReadable(t *testing.T) {
	if got := bsre.Mask("sari.contoh@contoh.go.id"); strings.Contains(got, "sari.contoh") || !strings.HasSuffix(got, "@contoh.go.id") {
		t.Errorf("got %q", got)
	}
}
