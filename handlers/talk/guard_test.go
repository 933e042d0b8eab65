package talk

import (
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"resetpin/bot"
	"resetpin/handlers/understand/understandtest"
	"resetpin/store"
)

// testKernel has the built-in texts, and two commands.
func testKernel(t testing.TB) *Kernel {
	t.Helper()
	texts, err := LoadTexts(os.DirFS("../texts"))
	if err != nil {
		t.Fatal(err)
	}
	k := New(Config{Sentences: understandtest.Builtin(), Texts: texts, Settings: Settings{ResetSites: []string{"esign-bsre.bssn.go.id"}, ResetSenders: []string{"osd@bssn.go.id"}, DefaultLanguage: Indonesian}})
	k.table = &Table{commands: []Command{{Name: "link"}, {Name: "resetpin"}, {Name: "status"}, {Name: "start"}}}
	return k
}

func typedText(k *Kernel, text string, walking bool, prompt store.Prompt) Request {
	now := time.Now()
	r := Request{Update: bot.Update{Origin: bot.Origin{Account: bot.Account{Platform: bot.Telegram, ID: "1"}, Message: "7", Private: true}, Kind: bot.KindText, Text: text},
		Texts: k.Texts, Lang: Indonesian, Now: now}
	r.Session.Prompt, r.Session.PromptAt = prompt, now
	if walking {
		r.Session.Walk = store.Walk{ID: 1, Guide: ResetGuide, Step: "pin", State: store.WalkActive}
	}
	return r
}

func TestGuardTakesWhatCanBeAPIN(t *testing.T) {
	h := testKernel(t)
	tests := []struct {
		text    string
		walking bool
		prompt  store.Prompt
		want    bool
	}{
		{"Garuda#1945", true, "", true},
		{"garuda1945", true, "", true},
		{"88112233", true, "", true},
		{"saya pakai 12345678 tapi ditolak", true, "", true},
		{"tadi saya isi Bali2024 ditolak", true, "", true},
		{"Kopi Toraja Pagi 9", true, "", true},
		{"kucing hitam lompat pagar 7", true, "", true},
		{"PINnya kucing hitam lompat pagar 7 ya", true, "", true},
		{"sawah-Hijau-9-pagi", true, "", true},
		{"pin saya sawah-Hijau-9-pagi sudah saya catat", true, "", true},
		{"melati sore hujan 42", true, "", true},
		{"pinnya Garuda#1945 ya", true, "", true},
		{"pin saya: Melati77", false, "", true},
		{"pin saya Melati2024", false, "", true},
		{"passphrase baru saya adalah Melati77!", false, "", true},
		{"passphrase lama saya kopiLuwak_90 mau ganti", false, "", true},
		{"pin baru saya melati hujan biru 42", false, "", true},
		{"pin baru saya kopi toraja pagi 9", false, "", true},
		{"pin saya bambang ganteng 77", false, "", true},
		{"passwordnya Rahasia Negara 45", false, "", true},
		{"pin saya 12345678 kok salah", false, "", true},
		{"PIN=12345678", false, "", true},
		{"Garuda#1945", false, "", true}, // letters, digits and a sign: nothing else is written so

		{"88 55 22 11", true, "", false}, // each part is short; a PIN with blanks is not one that BSrE takes
		{"blm muncul2 sampe skrg", true, "", false},
		{"halamannya ga kebuka2", true, "", false},
		{"kodenya NET::ERR_CERT_AUTHORITY_INVALID", true, "", false},
		{"SEC_ERROR_UNKNOWN_ISSUER", true, "", false},
		{"ERR_SSL_PROTOCOL_ERROR", true, "", false},
		{`{"error":"Passphrase anda salah","status_code":2031}`, true, "", false},
		{"Proses signing gagal : User tidak terdaftar 2011", true, "", false},
		{"Chrome versi 120.0.6099.130", true, "", false},
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
		{"ND-45/KPP.12/2025 gagal di-ttd karena pin", false, "", false},
		{"0812 0000 1001", true, "", false},
		{"770026", true, store.PromptCode, false},
		{"198805052012122991", true, store.PromptNIP, false},
		{"0812-0000-1001", true, store.PromptPhone, false},
		{"", true, "", false},
	}
	for _, tt := range tests {
		reply, event, taken := judged(h, typedText(h, tt.text, tt.walking, tt.prompt))
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
	h := testKernel(t)
	const key = "0123456789abcdef0123456789abcdef"
	for text, want := range map[string]string{
		"https://esign-bsre.bssn.go.id/email/user/passphrase/reset/" + key:                "Alamatnya asli",
		"ini https://esign-bsre.bssn.go.id.palsu.test/email/user/passphrase/reset/" + key: "link palsu",
	} {
		reply, event, taken := judged(h, typedText(h, text, false, ""))
		if fake := want == "link palsu"; taken && (event.Outcome == "fake") != fake || event.Action != "guard" || (event.Detail != "") != fake {
			t.Errorf("%q: the audit trail says %+v", text, event)
		}
		if !taken || !strings.Contains(reply.Remove.Done.Text, want) || strings.Contains(reply.Remove.Done.Text, key) {
			t.Errorf("%q: taken %v, %+v", text, taken, reply.Remove)
		}
	}
	if _, _, taken := judged(h, typedText(h, "lihat https://www.kemenkeu.go.id/berita ya", false, "")); taken {
		t.Error("an ordinary link is taken")
	}
}

func TestGuardLooksBehindWordsAndButtons(t *testing.T) {
	h := testKernel(t)
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
		reply, _, taken := judged(h, r)
		if taken != (tt.want != "") || taken && !strings.Contains(reply.Remove.Done.Text, tt.want) {
			t.Errorf("%q behind %q: taken %v, %+v", tt.hidden, tt.text, taken, reply.Remove)
		}
	}
}

// judged is what the guard does with a message, understood as Handle does.
func judged(h *Kernel, r Request) (bot.Reply, store.Event, bool) {
	r.Understood = h.understand(r)
	return h.guard(r)
}

func FuzzPlainWords(f *testing.F) {
	for _, s := range []string{"lupa pin", "cek status tte", "PIN salah!!", "", "🙂", "a\x00b", strings.Repeat("pin ", 200)} {
		f.Add(s)
	}
	h := testKernel(f)
	f.Fuzz(func(t *testing.T, s string) {
		if reply, _, taken := judged(h, typedText(h, s, true, "")); taken && utf8.RuneCountInString(s) > 40 && strings.Contains(reply.Remove.Done.Text, s) {
			t.Errorf("%q is repeated", s)
		}
	})
}

// A platform that the texts say nothing special of has words too.
func TestWhatCannotBeRemovedIsSaidOnEveryPlatform(t *testing.T) {
	k := testKernel(t)
	for platform, want := range map[string]string{bot.Telegram: "tekan lama", bot.Mattermost: "menu", "terminal": "hapus sendiri"} {
		r := typedText(k, "x", false, "")
		r.Account.Platform = platform
		if got := removal(r, "guard.pin").Remove.Failed.Text; !strings.Contains(got, want) || strings.Contains(got, "guard.") {
			t.Errorf("%s: %s", platform, got)
		}
	}
}
