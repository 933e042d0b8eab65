package app_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"resetpin/bot/telegram/telegramtest"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"resetpin/bot/app"
	"resetpin/bot/settings"
	"resetpin/handlers/bsre/bsretest"
	"resetpin/handlers/mail/mailtest"
	"resetpin/store"
)

// check runs the doctor and gives its lines and whether all was well.
func (w *world) check() (string, bool) {
	w.t.Helper()
	s, err := settings.Load(w.environment(), "none")
	if err != nil {
		w.t.Fatal(err)
	}
	w.clock.advance(31 * time.Second) // the sign-on's, too: the last one-time code is used up
	var out bytes.Buffer
	err = app.Check(context.Background(), s, w.from, &out)
	return out.String(), err == nil
}

// lineOf gives the doctor's line about one thing.
func lineOf(out, name string) string {
	for l := range strings.SplitSeq(out, "\n") {
		if strings.Contains(l, " "+name+" ") {
			return l
		}
	}
	return ""
}

// brokenGuides is a folder in which somebody made a mistake.
func brokenGuides(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := errors.Join(os.Mkdir(dir+"/about", 0o700), os.WriteFile(dir+"/about/010-what.id.md", []byte("rusak"), 0o600)); err != nil {
		t.Fatal(err)
	}
	return dir
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
	w.telegram.Group(-4001, "Helpdesk")
	w.telegram.Migrate(-4001, -1001557000001)
	w.telegram.Group(-1001557000002, "Helpdesk")
	w.telegram.SetRights(-1001557000002, telegramtest.GroupRights{Forum: true})
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
		{name: "no such help desk", line: "Telegram", want: "HELPDESK_TELEGRAM_CHAT", extra: "HELPDESK_TELEGRAM_CHAT=-100424242"},
		{name: "help desk became a supergroup", line: "Telegram", want: "whose id is -1001557000001", extra: "HELPDESK_TELEGRAM_CHAT=-4001"},
		{name: "help desk without the right", line: "Telegram", want: "Manage topics", extra: "HELPDESK_TELEGRAM_CHAT=-1001557000002"},
		{name: "broken guides", line: "guides", want: "about/010-what.id.md:1: begin with front matter", extra: "GUIDES_DIR=" + brokenGuides(t)},
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

func TestASettingThatCannotBeUsedIsToldAsOne(t *testing.T) {
	w := newWorld(t)
	w.stop()
	noPEM := t.TempDir() + "/ca.pem"
	if err := os.WriteFile(noPEM, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"BSRE_CA_FILE=/no/such/file": "BSRE_CA_FILE", "RESET_SITE_CA_FILE=" + noPEM: "RESET_SITE_CA_FILE", "SMTP_URL=smtp://hunter2@h?tls=perhaps": "SMTP_URL",
		"BSRE_PORTAL_URL=http://portal.contoh.go.id": "BSRE_PORTAL_INSECURE", "BSRE_SSO_URL=http://beid.contoh.go.id/token": "BSRE_PORTAL_INSECURE",
		"GUIDES_DIR=/no/such/folder": "GUIDES_DIR", "TELEGRAM_BOT_TOKEN=hunter2": "bot token", "DATABASE_URL=sqlite:/no/such/file": "no such file",
	} {
		w.extra = []string{line, "RESET_SITE_LOOK=true"}
		s, err := settings.Load(w.environment(), "none")
		if err != nil {
			t.Fatal(err)
		}
		_, err = app.Build(t.Context(), s, app.Options{})
		var wrong settings.Wrong
		// The folder of a database may be a disk that is not there yet.
		if err == nil || errors.As(err, &wrong) == strings.HasPrefix(line, "DATABASE_URL") || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", line, err)
		}
	}
}

func TestTheDoctorWithNothingConfigured(t *testing.T) {
	s, err := settings.Load([]string{"RESET_SITE_LOOK=false"}, "none")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := app.Check(t.Context(), s, app.Surroundings{}, &out); err == nil {
		t.Error("all is well with nothing configured")
	}
	for _, want := range []string{
		"WRONG  settings     DATA_KEY is not set", "WRONG  settings     BSRE_URL is not set", "WRONG  settings     no platform is configured",
		"WRONG  database     DATA_KEY is not set", "WRONG  BSrE status  not tried", "WRONG  BSrE reset   not tried", "WRONG  mail         not tried",
		"ok     reset site   not looked at",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
}

func TestAnOperatorLogsInOnce(t *testing.T) {
	w := newWorld(t)
	w.stop()
	w.extra = []string{"BSRE_PORTAL_TOTP_SECRET="}
	if out, _ := w.check(); !strings.Contains(lineOf(out, "BSrE reset"), "bsre login") {
		t.Errorf("before the login: %s", out)
	}
	login := func(typed string) (string, error) {
		w.load()
		key, err := w.settings.Key()
		if err != nil {
			t.Fatal(err)
		}
		db, err := store.Open(t.Context(), w.settings.DatabaseURL.Reveal(), store.Options{Key: key})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = db.Close(context.Background()) }()
		var out bytes.Buffer
		err = app.BSrELogin(t.Context(), w.settings, db, strings.NewReader(typed), &out)
		return out.String(), err
	}
	if _, err := login(""); err == nil || !strings.Contains(err.Error(), "no code was typed") {
		t.Errorf("nothing typed: %v", err)
	}
	if _, err := login("000 000\n"); err == nil || strings.Contains(err.Error(), "000") {
		t.Errorf("a wrong code: %v", err)
	}
	code, err := totp.GenerateCode(totpSecret, w.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	out, err := login(code[:3] + " " + code[3:] + "\n")
	if err != nil || !strings.Contains(out, "operator's authenticator") || !strings.Contains(out, "Logged in") {
		t.Errorf("the right code, in two groups as authenticators show it: %v, %q", err, out)
	}
	if out, _ := w.check(); !strings.HasPrefix(lineOf(out, "BSrE reset"), "ok") {
		t.Errorf("after the login: %s", out)
	}
}

// A sender that is refused after the text is seen with a real mail only.
func TestTheDoctorSendsOneMail(t *testing.T) {
	w := newWorld(t)
	w.stop()
	send := func() (string, error) {
		s, err := settings.Load(w.environment(), "none")
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		err = app.SendTestMail(t.Context(), s, "admin@contoh.go.id", &out)
		return out.String(), err
	}
	if out, err := send(); err != nil || !strings.HasPrefix(out, "ok     test mail    the mail server took a mail to admin@contoh.go.id") || len(w.mail.Inbox("admin@contoh.go.id")) != 1 {
		t.Errorf("%s, %v", out, err)
	}
	w.mail.SetMode(mailtest.ModeSender, 0)
	if out, _ := w.check(); !strings.HasPrefix(lineOf(out, "mail"), "ok") {
		t.Errorf("without a mail nothing is to be seen: %s", out)
	}
	if out, err := send(); err == nil || !strings.HasPrefix(out, "WRONG  test mail") || !strings.Contains(out, "5.7.60") || !strings.Contains(out, "MAIL_FROM") {
		t.Errorf("%s, %v", out, err)
	}
}
