package talk

import (
	"strings"
	"testing"
	"time"

	"resetpin/bot"
)

const resetPath = "/email/user/passphrase/reset/0123456789abcdef0123456789abcdef"

// The guard looks at the whole text of commands and where others read along,
// and tells there what matters there.
func TestGuardLooksEverywhere(t *testing.T) {
	h := testKernel(t)
	for name, tt := range map[string]struct {
		command, text string
		public        bool
		walking       bool
		want          string // in the notice; empty: let through
	}{
		"a PIN in a channel":            {text: "PIN saya Garuda#1945", public: true, want: "Ganti** PIN itu"},
		"a reset link in a group":       {text: "https://esign-bsre.bssn.go.id" + resetPath, public: true, want: "link baru"},
		"a fake in a group":             {text: "https://esign-bsre.bssn.go.id.palsu.test" + resetPath, public: true, want: "link palsu"},
		"talk in a group":               {text: "melatiputih", public: true, walking: true},
		"a PIN behind a slash":          {command: "pin", text: "Melati2024", want: "PIN atau kata sandi"},
		"a PIN as a command":            {command: "melati2024", walking: true, want: "PIN atau kata sandi"},
		"a PIN after a command":         {command: "resetpin", text: "Melati2024", walking: true, want: "PIN atau kata sandi"},
		"a link after a command":        {command: "link", text: "https://esign-bsre.bssn.go.id" + resetPath, want: "kunci"},
		"a command in a group":          {command: "status", text: "pin saya Melati2024", public: true, want: "Hapus"},
		"a PIN beside an address":       {text: "https://reset-pin.example/lupa-pin Melati2024", walking: true, want: "PIN atau kata sandi"},
		"a NIP after a command":         {command: "link", text: "19880505 201212 2 991", walking: true},
		"an old NIP after a command":    {command: "link", text: "470012345", walking: true},
		"a word after a command":        {command: "start", text: "resetpin", walking: true},
		"an unknown command, no walk":   {command: "melati"},
		"a wrapped link":                {text: "https://www.google.com/url?q=https://esign-bsre.bssn.go.id" + resetPath, want: "dibungkus"},
		"a wrapped link in a group":     {text: "https://www.google.com/url?q=https://esign-bsre.bssn.go.id" + resetPath, public: true, want: "link baru"},
		"a fake behind a genuine words": {text: "https://esign-bsre.bssn.go.id" + resetPath + " atau https://bit.ly/3x", want: "kunci"},
	} {
		r := typedText(h, tt.text, tt.walking, "")
		r.Private = !tt.public
		if tt.command != "" {
			r.Kind, r.Command = bot.KindCommand, tt.command
		}
		reply, _, taken := judged(h, r)
		if taken != (tt.want != "") {
			t.Errorf("%s: taken %v", name, taken)
			continue
		}
		if taken && (!strings.Contains(reply.Remove.Done.Text, tt.want) || strings.Contains(reply.Remove.Done.Text, "0123456789abcdef") || strings.Contains(reply.Remove.Done.Text, "Melati2024")) {
			t.Errorf("%s: %s", name, reply.Remove.Done.Text)
		}
	}
}

// What a link is decides what is said, and never its words.
func TestLinksAreToldApart(t *testing.T) {
	h := testKernel(t)
	for text, want := range map[string]string{
		"https://tte-kementerian.example/reset-pin":              "Saya tidak mengenal alamat `tte-kementerian.example`",
		"tte-kementerian.example/reset":                          "Saya tidak mengenal alamat `tte-kementerian.example`",
		"https://wa.me/6281200001111?text=reset%20pin":           "Saya tidak mengenal alamat `wa.me`",
		"isi https://forms.example/d/e/1FAIpQ/viewform ya":       "Saya tidak mengenal alamat `forms.example`",
		"https://portal-bsre.bssn.go.id/":                        "milik BSrE",
		"https://bit.ly/reset-pin":                               "tidak tahu ke mana",
		"https://www.google.com/url?q=https://forms.example/pin": "Saya tidak mengenal alamat `forms.example`",
		"lupa pin":                    "",
		"emailnya osd@bssn.go.id?":    "",
		"sari.contoh@contoh.go.id":    "",
		"jam 10.30 tgl 01.02.2026":    "",
		"situs esign-bsre.bssn.go.id": "",
	} {
		reply, told := h.aboutLinks(typedText(h, text, false, ""))
		switch {
		case told != (want != ""):
			t.Errorf("%q: told %v", text, told)
		case told && (!strings.Contains(reply.Messages[0].Text, want) || strings.Contains(reply.Messages[0].Text, "1FAIpQ")):
			t.Errorf("%q: %s", text, reply.Messages[0].Text)
		}
	}
}

// Each kind of notice is said once a minute to an account, and again for the
// update that it was for.
func TestNoticesAreFew(t *testing.T) {
	n := newNotices()
	now := time.Now()
	sari, budi := bot.Account{Platform: bot.Telegram, ID: "1"}, bot.Account{Platform: bot.Telegram, ID: "2"}
	for i, tt := range []struct {
		account bot.Account
		kind    string
		update  string
		after   time.Duration
		want    bool
	}{
		{sari, "pin", "1", 0, true}, {sari, "pin", "2", time.Second, false}, {sari, "pin", "1", time.Second, true}, {sari, "fake", "3", time.Second, true},
		{budi, "pin", "4", time.Second, true}, {sari, "pin", "5", 59 * time.Second, false}, {sari, "pin", "6", time.Minute, true},
	} {
		if got := n.allow(noticed{tt.account, tt.kind}, tt.update, now.Add(tt.after)); got != tt.want {
			t.Errorf("%d: %v", i, got)
		}
	}
	for i := range 3 * noticesKept {
		n.allow(noticed{bot.Account{ID: strings.Repeat("x", i%7) + time.Duration(i).String()}, "pin"}, "", now.Add(time.Duration(i)*time.Second))
	}
	if len(n.last) > noticesKept+1 {
		t.Errorf("%d are remembered", len(n.last))
	}
}
