package notice

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/handlers/bsre"
	"resetpin/handlers/talk"
)

var update = flag.Bool("update", false, "write golden files anew")

// TestTheAlbumOfDisturbances keeps all that officers and employees read of what
// is wrong for everybody, on each platform and in each language.
func TestTheAlbumOfDisturbances(t *testing.T) {
	for _, platform := range []string{bot.Telegram, bot.Mattermost} {
		for _, lang := range []string{talk.Indonesian, "en"} {
			file := filepath.Join("testdata", "disturbance."+lang+"."+platform+".golden")
			t.Run(file, func(t *testing.T) {
				d := officers(t)
				d.Kernel.Settings.DefaultLanguage = lang
				got := transcript(t, d, platform, lang)
				if *update {
					if err := os.MkdirAll("testdata", 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				if want, err := os.ReadFile(file); err != nil || string(want) != got {
					t.Errorf("%s is not what is shown now (%v): read what changed with go test ./handlers/notice -run Album -update and git diff", file, err)
				}
			})
		}
	}
}

func transcript(t *testing.T, d *desk, platform, lang string) string {
	t.Helper()
	var b strings.Builder
	show := func(who string, r bot.Reply) {
		for _, m := range r.Messages {
			fmt.Fprintf(&b, "── %s\n%s\n", who, strings.TrimSpace(m.Text))
			for _, row := range m.Buttons {
				for _, button := range row {
					fmt.Fprintf(&b, "[%s] ", button.Text)
				}
				b.WriteString("\n")
			}
		}
	}
	told := 0
	unasked := func() {
		all := d.Unasked()
		for _, r := range all[told:] {
			show("officers are told", r)
		}
		told = len(all)
	}
	does := func(run talk.Handler, u bot.Update) bot.Reply {
		t.Helper()
		r := d.in(u)
		r.Account.Platform, r.Lang = platform, lang
		answer, err := run(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		show("the officer", answer)
		unasked()
		return answer
	}
	types := func(text string) bot.Reply {
		t.Helper()
		fmt.Fprintf(&b, "\n════ /gangguan %s\n", text)
		return does(d.h.officers, bot.Update{Kind: bot.KindCommand, Command: command, Text: text})
	}
	presses := func(label string, r bot.Reply, name talk.Name) bot.Reply {
		t.Helper()
		fmt.Fprintf(&b, "\n════ %s\n", label)
		return does(d.h.Capability().RoomPresses[name], bot.Update{Kind: bot.KindAction, Action: d.Button(r.Messages[0], name).Action})
	}
	employees := func() {
		for _, l := range []string{talk.Indonesian, "en"} {
			fmt.Fprintf(&b, "── an employee reads above an answer (%s)\n%s\n", l, strings.TrimSpace(d.told(l, talk.AboutReset)))
		}
	}
	types("")
	for _, wrong := range []string{"on Kirim PIN Anda", "on buka https://palsu.contoh.test/a", "on sampai 25.99 dirawat", "on " + strings.Repeat("x", 400), "off"} {
		types(wrong)
	}
	on := types("on portal sejak 08.15 sampai 14.30 Portal sedang dirawat.")
	employees()
	types("on semua Sedang dirawat. | Under maintenance.")
	types("")
	presses("the button that ends it", on, end)
	presses("once more", on, end)
	types("off")

	b.WriteString("\n════ what the bot sees by itself\n")
	for _, who := range []string{"a", "b", "c"} {
		d.Kernel.Met(t.Context(), talk.Portal, who, bsre.ErrUnavailable)
	}
	unasked()
	seen := d.Unasked()[told-1]
	types("")
	presses("it is told at once", seen, announce)
	employees()
	presses("nobody is to be told", seen, hide)
	b.WriteString("\n════ it is over\n")
	d.Now = d.Now.Add(calm + time.Minute)
	d.Kernel.Met(t.Context(), talk.Portal, "d", nil)
	look(t, d.h)
	unasked()
	return b.String()
}
