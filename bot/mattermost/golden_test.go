package mattermost_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"resetpin/bot"
)

var update = flag.Bool("update", false, "write the golden files anew")

// shapes are the forms that a reply may have.
func shapes(t *testing.T) map[string]bot.Reply {
	t.Helper()
	act := func(name string) bot.Action { return bot.Action{Name: name, Arg: "1"} }
	buttons := [][]bot.Button{
		{{Text: "Ya", Action: act("yes"), Style: bot.StylePrimary}, {Text: "Tidak", Action: act("no"), Style: bot.StyleDanger}},
		{{Text: "Nanti", Action: act("later")}, {Text: "Buka [situs]", URL: "https://contoh.go.id/a(b)"}, {Text: " ", Action: act("x")}},
	}
	var dot bytes.Buffer
	if err := png.Encode(&dot, image.NewGray(image.Rect(0, 0, 4, 3))); err != nil {
		t.Fatal(err)
	}
	picture := &bot.Picture{Name: "a/langkah1.png", Data: dot.Bytes, Alt: "Layar *masuk*"}
	return map[string]bot.Reply{
		"empty":      {},
		"text":       say("**Tebal** dan _miring_, `kode`\n\n- satu\n- dua\n\n> kutipan\n\n[situs](https://contoh.go.id)"),
		"texts":      {Messages: []bot.Message{{Text: "satu"}, {Text: "dua"}}},
		"many":       {Messages: []bot.Message{{Text: "1"}, {Text: "2"}, {Text: "3"}, {Text: "4"}}},
		"buttons":    {Messages: []bot.Message{{Text: "Lanjut?", Buttons: buttons}}},
		"only":       {Messages: []bot.Message{{Buttons: buttons[:1]}}},
		"replace":    {Messages: []bot.Message{{Text: "baru", Replace: true, Buttons: buttons[:1]}}},
		"unreplace":  {Messages: []bot.Message{{Text: "baru", Replace: true}, {Text: "lagi"}}},
		"picture":    {Messages: []bot.Message{{Text: "Lihat", Picture: picture, Buttons: buttons[:1]}}},
		"alt":        {Messages: []bot.Message{{Picture: picture}}},
		"repicture":  {Messages: []bot.Message{{Text: "Lihat", Picture: picture, Replace: true}}},
		"notice":     {Notice: "Hanya @channel *ini*"},
		"noticeText": {Notice: "catatan", Messages: []bot.Message{{Text: "teks", Replace: true}}},
		"form":       {Form: &nipForm, Messages: []bot.Message{{Text: "atau tulis NIP"}}},
		"errors":     {Errors: map[string]string{"nip": "**NIP** _itu_ [salah](https://x.id)"}, Messages: []bot.Message{{Text: "NIP itu salah"}}},
		"removed":    {Remove: &bot.Removal{Message: strings.Repeat("r", 26), Done: bot.Message{Text: "dihapus"}, Failed: bot.Message{Text: "hapus sendiri"}}, Messages: []bot.Message{{Text: "hati-hati"}}},
		"long":       say(strings.Repeat("Satu kalimat yang panjang. ", 700)),
	}
}

// TestWhatIsSent shows what the server gets for each shape of reply and each
// way to answer.
func TestWhatIsSent(t *testing.T) {
	t.Parallel()
	for name, r := range shapes(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			for _, way := range []struct {
				name string
				does func(w *world, r bot.Reply) string
			}{
				{"a direct message", (*world).asPosts}, {"a command in a channel", (*world).asChannelAnswer}, {"a command in the direct message", (*world).asDirectAnswer},
				{"a press", (*world).asPressAnswer}, {"a dialog", (*world).asDialogAnswer},
			} {
				w := newWorld(t)
				if _, err := w.bot.Me(w.ctx()); err != nil {
					t.Fatal(err)
				}
				fmt.Fprintf(&out, "== %s\n", way.name)
				answer := way.does(w, r)
				out.WriteString(w.tidy(answer))
			}
			golden(t, name, out.String())
		})
	}
}

// asPosts answers a direct message.
func (w *world) asPosts(r bot.Reply) string {
	n := len(w.mm.Calls())
	to := w.to()
	to.Message = w.types("halo")
	w.deliver(to, r)
	return w.sent(n)
}

func (w *world) asChannelAnswer(r bot.Reply) string { return w.asCommand("town-square", rand26(), r) }

func (w *world) asDirectAnswer(r bot.Reply) string {
	return w.asCommand(directName(w.botID, w.sari.ID()), w.dm, r)
}

func directName(a, b string) string { return min(a, b) + "__" + max(a, b) }

// asCommand answers a slash command.
func (w *world) asCommand(name, channel string, r bot.Reply) string {
	n := len(w.mm.Calls())
	w.engine.answers(r)
	f := w.typed(nil)
	f.Set("channel_id", channel)
	f.Set("channel_name", name)
	f.Set("team_domain", "kantor")
	_, answer := w.sends("POST", "/mattermost/command", formKind, f.Encode())
	return w.sent(n) + "answer " + answer + "\n"
}

// asPressAnswer answers a press in the direct message.
func (w *world) asPressAnswer(r bot.Reply) string {
	press, _ := w.pressed(oneButton)
	press["channel_name"] = directName(w.botID, w.sari.ID())
	n := len(w.mm.Calls())
	w.engine.answers(r)
	_, answer := w.sendsJSON("/mattermost/action", press)
	return w.sent(n) + "answer " + answer + "\n"
}

// asDialogAnswer answers a dialog that was opened from the direct message.
func (w *world) asDialogAnswer(r bot.Reply) string {
	d := w.opens()
	w.until("rest", func() bool { return w.sari.Last(w.dm).Text == "atau tulis" })
	n := len(w.mm.Calls())
	w.engine.answers(r)
	_, answer := w.sendsJSON("/mattermost/dialog", object{"callback_id": d.CallbackID, "state": d.State, "user_id": w.sari.ID(), "channel_id": w.dm, "submission": object{"nip": "1"}})
	return w.sent(n) + "answer " + answer + "\n"
}

// sent gives the calls after the first n.
func (w *world) sent(n int) string {
	var b strings.Builder
	for _, c := range w.mm.Calls()[n:] {
		fmt.Fprintf(&b, "%s %s %d\n%s\n", c.Method, c.Path, c.Code, c.Body)
	}
	return b.String()
}

var (
	randomID  = regexp.MustCompile(`\b[a-z0-9]{26}\b`)
	randomTry = regexp.MustCompile(`"pending_post_id":"[^"]*"`)
	sealText  = regexp.MustCompile(`"s":"[A-Za-z0-9_-]+"`)
	signText  = regexp.MustCompile(`~[0-9a-z]+~[A-Za-z0-9_-]{12}`)
	emptyText = regexp.MustCompile(`^ *"[a-z_]+": (""|0|null|false),?$`)
	trigText  = regexp.MustCompile(`"trigger_id":"[^"]*"`)
	stateText = regexp.MustCompile(`"state":"[^"]*"`)
)

// tidy takes out what differs from run to run, and sets JSON out in lines.
func (w *world) tidy(s string) string {
	s = strings.NewReplacer(w.sari.ID(), "SARI", w.botID, "BOT", w.dm, "DM", w.hook.URL, "http://bot", w.mm.URL(), "http://server").Replace(s)
	for _, c := range []struct {
		what *regexp.Regexp
		by   string
	}{
		{sealText, `"s":"SEAL"`}, {signText, "~TIME~SIGNATURE"}, {stateText, `"state":"STATE"`}, {trigText, `"trigger_id":"TRIGGER"`}, {randomTry, `"pending_post_id":"TRY"`}, {randomID, "ID"},
	} {
		s = c.what.ReplaceAllString(s, c.by)
	}
	var out strings.Builder
	for line := range strings.SplitSeq(strings.TrimSpace(s), "\n") {
		head, body, _ := strings.Cut(line, "{")
		var b bytes.Buffer
		if body != "" && json.Indent(&b, []byte("{"+body), "", " ") == nil {
			line = head + b.String()
		}
		for one := range strings.SplitSeq(line, "\n") {
			switch {
			case one == "", emptyText.MatchString(one): // the library writes every field
				continue
			case len(one) > 1000:
				one = fmt.Sprintf("%s… (%d characters) …%s", one[:100], len([]rune(one)), one[len(one)-100:])
			}
			out.WriteString(one + "\n")
		}
	}
	return out.String()
}

// golden compares with a file, or writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%s", file, got)
	}
}
