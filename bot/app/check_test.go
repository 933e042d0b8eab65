package app_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"resetpin/bot/app"
	"resetpin/bot/settings"
	"resetpin/handlers/bsre/bsretest"
	"resetpin/handlers/mail/mailtest"
)

// check runs the doctor and gives its lines and whether all was well.
func (w *world) check() (string, bool) {
	w.t.Helper()
	s, err := settings.Load(w.environment(), "none")
	if err != nil {
		w.t.Fatal(err)
	}
	var out bytes.Buffer
	err = app.Check(context.Background(), s, &out)
	return out.String(), err == nil
}

// lineOf gives the doctor's line about one thing.
func lineOf(out, name string) string {
	for l := range strings.SplitSeq(out, "\n") {
		if strings.Contains(l, "  "+name+" ") {
			return l
		}
	}
	return ""
}

func TestTheDoctorTellsWhatIsWrongAndHowToMendIt(t *testing.T) {
	w := newWorld(t)
	w.stop()
	out, _ := w.check()
	for _, name := range []string{"settings", "database", "BSrE status", "BSrE reset", "mail", "Telegram"} {
		if l := lineOf(out, name); !strings.HasPrefix(l, "ok") {
			t.Errorf("all is well, yet: %q", l)
		}
	}
	tests := []struct {
		name, line, want string
		wrong            func()
		extra            string
	}{
		{name: "wrong password", line: "BSrE status", want: "BSRE_PASSWORD", extra: "BSRE_PASSWORD=hunter2"},
		{name: "BSrE down", line: "BSrE status", want: "BSRE_URL", wrong: func() { w.bsre.Set(bsretest.PlaceAPI, bsretest.ModeDown, 0) }},
		{name: "mail refuses the login", line: "mail", want: "SMTP_URL", extra: "SMTP_URL=smtp://bot:hunter2@" + w.mail.Addr()},
		{name: "mail down", line: "mail", want: "SMTP_URL", wrong: func() { w.mail.SetMode(mailtest.ModeDown, 0) }},
		{name: "wrong bot token", line: "Telegram", want: "TELEGRAM_BOT_TOKEN", extra: "TELEGRAM_BOT_TOKEN=1:hunter2"},
		{name: "wrong key", line: "database", want: "DATA_KEY", extra: "DATA_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},
		{name: "no employees", line: "database", want: "employees import", extra: "DATABASE_URL=sqlite:" + t.TempDir() + "/empty.db"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.wrong != nil {
				tt.wrong()
			}
			if tt.extra != "" {
				w.extra = []string{tt.extra}
			}
			out, fine := w.check()
			if l := lineOf(out, tt.line); fine || !strings.HasPrefix(l, "WRONG") || !strings.Contains(l, tt.want) {
				t.Errorf("got %q, want it WRONG with %q\n%s", l, tt.want, out)
			}
			if strings.Contains(out, "hunter2") {
				t.Errorf("a secret shows: %s", out)
			}
			w.extra = nil
			w.bsre.Set(bsretest.PlaceAPI, bsretest.ModeOK, 0)
			w.bsre.Set(bsretest.PlacePortal, bsretest.ModeOK, 0)
			w.mail.SetMode(mailtest.ModeOK, 0)
		})
	}
}
