package telegram

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-telegram/bot/models"

	"resetpin/bot"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares got with a file of testdata, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs:\n--- got\n%s\n--- want\n%s", path, got, want)
	}
}

// TestRendering renders testdata/*.md into the .html beside each.
func TestRendering(t *testing.T) {
	files, err := filepath.Glob("testdata/*.md")
	if err != nil || len(files) == 0 {
		t.Fatal("no Markdown in testdata", err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".md")
		golden(t, name+".html", Format(string(source)).HTML()+"\n")
	}
}

func plainSign(act bot.Action) (string, error) { return act.Name + "~" + act.Arg, nil }

// TestMessages renders whole messages: keyboard, picture, split.
func TestMessages(t *testing.T) {
	many := bot.Message{Text: "Banyak tombol", Buttons: [][]bot.Button{{}}}
	for range 10 {
		many.Buttons[0] = append(many.Buttons[0], bot.Button{Text: "x", Action: bot.Action{Name: "x"}})
	}
	for name, m := range map[string]bot.Message{
		"status": {
			Text: "🟢 **Aktif**\nUser sudah terdaftar\n\nBerlaku sampai _12 Maret 2028_.",
			Buttons: [][]bot.Button{
				{{Text: "🔑 Reset PIN", Action: bot.Action{Name: "reset"}, Style: bot.StylePrimary}},
				{{Text: "Situs BSrE", URL: "https://bsre.bssn.go.id/?a=1&b=2"}, {Text: strings.Repeat("panjang ", 20), Action: bot.Action{Name: "long", Arg: "1"}}},
				{{Text: "Batalkan", Action: bot.Action{Name: "no"}, Style: bot.StyleDanger}},
			},
		},
		"buttons-only": {Buttons: [][]bot.Button{{{Text: " ", Action: bot.Action{Name: "x"}}}}},
		"copy": {Text: "Cari pengirim", Buttons: [][]bot.Button{{
			{Text: "Salin pengirim", Copy: "osd@bssn.go.id"}, {Text: "Lanjut", Action: bot.Action{Name: "next"}},
		}}},
		"contact":      {Text: "Nomor baru Anda?", Contact: &bot.Contact{Text: "Kirim nomor saya", Cancel: "Batal"}, Buttons: [][]bot.Button{{{Text: "Batal", Action: bot.Action{Name: "no"}}}}},
		"settled":      {Text: "Terima kasih.", Settled: true},
		"many-buttons": many,
		"picture":      {Text: "Klik **Lanjutan**", Picture: &bot.Picture{Name: "a.png", Alt: "layar"}},
	} {
		all, err := parts(m, plainSign)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var b strings.Builder
		for _, p := range all {
			board, err := json.MarshalIndent(p.markup(), "", " ")
			if err != nil {
				t.Fatal(err)
			}
			b.WriteString(p.HTML() + "\n" + string(board) + "\n")
		}
		golden(t, "message-"+name+".txt", b.String())
	}
}

// TestMapping turns testdata/updates/*.json into the bot's updates.
func TestMapping(t *testing.T) {
	signer := bot.NewSigner([]byte("0123456789abcdef0123456789abcdef"))
	now := time.Unix(1_800_000_000, 0).UTC()
	mine, err := signer.Sign(account(77), bot.Action{Name: "reset.go", Arg: "42"}, now)
	if err != nil {
		t.Fatal(err)
	}
	group, err := signer.Sign(account(-500), bot.Action{Name: "help", Arg: "1"}, now)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("testdata/updates/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no updates in testdata", err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.NewReplacer("SIGNED-FOR-77", mine, "SIGNED-FOR-GROUP", group).Replace(string(source))
		w, err := decode([]byte(text))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		u, err := mapper{signer: signer, username: "resetpin_bot", now: now}.update(w)
		u.At = u.At.UTC()
		u.Action.At = u.Action.At.UTC()
		got, merr := json.MarshalIndent(u, "", "  ")
		if merr != nil {
			t.Fatal(merr)
		}
		if err != nil {
			got = []byte(err.Error())
			if u.Handle != "" {
				got = append(got, " (answers "+u.Handle+")"...)
			}
		}
		golden(t, "updates/"+strings.TrimSuffix(filepath.Base(file), ".json")+".golden", string(got)+"\n")
	}
}

func TestCommands(t *testing.T) {
	for text, want := range map[string][3]string{
		"/start":                      {"start", "", ""},
		"/Start@Resetpin_Bot abc":     {"start", "abc", "Resetpin_Bot"},
		"/link 19850101 201001 1 001": {"link", "19850101 201001 1 001", ""},
		"/link\n198501012010011001":   {"link", "198501012010011001", ""},
		"/link\u00a0123":              {"link", "123", ""},
		"/":                           {},
		"/ start":                     {},
		"/reset-pin":                  {},
		"/@bot":                       {},
		"start":                       {},
		"":                            {},
		"/" + strings.Repeat("a", 65): {},
		"/lupa/pin":                   {},
	} {
		name, args, botName := splitCommand(text)
		if got := [3]string{name, args, botName}; got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestSplitting(t *testing.T) {
	for name, markdown := range map[string]string{
		"words":        strings.Repeat("kata ", 3000),
		"one word":     strings.Repeat("a", 9000),
		"emoji":        strings.Repeat("👍", 5000),
		"marks":        "**" + strings.Repeat("tebal _miring_ ", 1000) + "**",
		"links":        strings.Repeat(`[tautan](https://a.example/`+strings.Repeat("x", 2000)+`) `, 400),
		"paragraphs":   strings.Repeat(strings.Repeat("kalimat ", 50)+"\n\n", 30),
		"bold limit":   strings.Repeat("x", MaxText-1) + " **tebal**",
		"many marks":   strings.Repeat("**a** ", 250),
		"fits exactly": strings.Repeat("x", MaxText),
	} {
		whole := Format(markdown)
		var joined strings.Builder
		bold := 0
		for i, p := range whole.split(MaxText) {
			if n := length16(p.Text); n > MaxText || n == 0 || len(p.Entities) > maxEntities {
				t.Errorf("%s: piece %d shows %d units with %d entities", name, i, n, len(p.Entities))
			}
			for _, e := range p.Entities {
				if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > length16(p.Text) {
					t.Errorf("%s: piece %d has %+v in %d units", name, i, e, length16(p.Text))
				}
				if e.Type == models.MessageEntityTypeBold {
					bold++
				}
			}
			joined.WriteString(p.Text)
		}
		if name == "many marks" && bold != 250 {
			t.Errorf("%d of 250 bold words are left", bold)
		}
		squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if squeeze(joined.String()) != squeeze(whole.Text) {
			t.Errorf("%s: text was lost", name)
		}
	}
	if n := len(Format(strings.Repeat("x", MaxText)).split(MaxText)); n != 1 {
		t.Errorf("what fits is split into %d", n)
	}
}

// TestAddressesAreNoLinks: what is there to be read and compared is code.
func TestAddressesAreNoLinks(t *testing.T) {
	for markdown, want := range map[string]string{
		"Email: na•••h@contoh.go.id.":                         "Email: <code>na•••h@contoh.go.id</code>.",
		"Pengirim: **osd@bssn.go.id**":                        "Pengirim: <code>osd@bssn.go.id</code>",
		"**Hanya dari esign-bsre.bssn.go.id ya**":             "<b>Hanya dari </b><code>esign-bsre.bssn.go.id</code><b> ya</b>",
		"(esign-bsre.bssn.go.id/email/x?y=1), lalu":           "(<code>esign-bsre.bssn.go.id/email/x?y=1</code>), lalu",
		"103.20.1.9:8443/x dan 10.30":                         "<code>103.20.1.9:8443/x</code> dan 10.30",
		"https://a.id/b?c=d.id dan [situs b.id](http://b.id)": `https://a.id/b?c=d.id dan <a href="http://b.id">situs b.id</a>`,
		"`a.id` BSrE.Terima kasih":                            "<code>a.id</code> BSrE.Terima kasih",
		"> kutipan a.id":                                      "<blockquote>kutipan <code>a.id</code></blockquote>",
		"https://a.id":                                        "https://a.id",
	} {
		if got := Format(markdown).HTML(); got != want {
			t.Errorf("%q\n got %s\nwant %s", markdown, got, want)
		}
	}
}

func TestLengths(t *testing.T) {
	for text, want := range map[string]int{"": 0, "halo": 4, "**halo**": 4, "👍": 2, "a & b": 5, "[x](https://a.example)": 1} {
		if got := Length(text); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
	if got := cutText(strings.Repeat("👍", 100), 64); length16(got) > 64 || !strings.HasSuffix(got, "👍…") {
		t.Errorf("cut to %d: %s", length16(got), got)
	}
}
