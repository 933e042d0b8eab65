package settings

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

func TestTheEnvironmentWinsOverDotenv(t *testing.T) {
	file := filepath.Join(t.TempDir(), ".env")
	if err := os.WriteFile(file, []byte("BSRE_USERNAME=file\nMAIL_FROM=bot@contoh.go.id\nCODE_TTL=\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Load([]string{"BSRE_USERNAME=environment", "ADMINS=telegram:1,mattermost:x"}, file)
	if err != nil {
		t.Fatal(err)
	}
	if s.BSrEUsername != "environment" || s.MailFrom != "bot@contoh.go.id" || s.CodeTTL.Minutes() != 10 || len(s.Admins) != 2 {
		t.Errorf("got %+v", s)
	}
}

func TestEverythingWrongIsNamedAtOnceAndNothingSecret(t *testing.T) {
	_, err := Load([]string{"CODE_TTL=soon", "RESET_DAILY_LIMIT=many", "LOG_LEVEL=loud"}, "none")
	for _, want := range []string{"CODE_TTL: has the wrong form; want a duration", "RESET_DAILY_LIMIT: has the wrong form; want a whole number", "LOG_LEVEL: has the wrong form"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	_, err = Load([]string{"DATA_KEY=hunter2", "TELEGRAM_MODE=pigeon", "BSRE_URL=nowhere", "ADMINS=me", "MATTERMOST_URL=https://chat.contoh.go.id"}, "none")
	for _, want := range []string{"openssl rand -base64 32", "TELEGRAM_MODE: want polling or webhook", "BSRE_URL: want http", "ADMINS: ", "go together"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if strings.Contains(fmt.Sprint(err), "hunter2") {
		t.Error("the error shows the key")
	}
}

func TestServeTellsWhatItMisses(t *testing.T) {
	s, err := Load(nil, "none")
	if err != nil {
		t.Fatal(err)
	}
	err = s.NeedServe()
	for _, want := range []string{"DATA_KEY is not set", "openssl rand", "BSRE_URL is not set", "BSRE_PASSWORD is not set", "SMTP_URL is not set", "MAIL_FROM is not set", "no platform is configured"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	s, err = Load([]string{"DATA_KEY=" + key, "BSRE_URL=http://b", "BSRE_USERNAME=u", "BSRE_PASSWORD=p", "SMTP_URL=smtp://m", "MAIL_FROM=a@b.id", "TELEGRAM_BOT_TOKEN=1:x",
		"BSRE_RESET=call", "BSRE_RESET_URL=http://b/{nik}"}, "none")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.NeedServe(); err != nil {
		t.Errorf("all is there: %v", err)
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	s, err := Load([]string{"DATA_KEY=" + key, "BSRE_PASSWORD=hunter2", "MATTERMOST_COMMAND_TOKENS=hunter2,hunter2", "SMTP_URL=smtp://u:hunter2@m"}, "none")
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("settings", "all", s, "one", s.BSrEPassword)
	shown := fmt.Sprintf("%v %+v %#v %s", s, s, s, s.BSrEPassword) + log.String()
	if strings.Contains(shown, "hunter2") || strings.Contains(shown, key) {
		t.Errorf("a secret shows: %s", shown)
	}
}

var row = regexp.MustCompile("(?m)^\\| `([A-Z_]+)` \\| (.*) \\| (.*) \\|$")

// The README's table and .env.example name every setting with its default,
// and nothing else.
func TestTheREADMEAndTheExampleNameEverySetting(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string]Doc)
	for _, m := range row.FindAllStringSubmatch(string(readme), -1) {
		got[m[1]] = Doc{Name: m[1], Meaning: m[2], Default: strings.Trim(m[3], "`")}
	}
	example, err := os.ReadFile("../../.env.example")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range List() {
		if d.Default == "" {
			d.Default = "none"
		}
		if got[d.Name] != d {
			t.Errorf("README: has %+v, want %+v", got[d.Name], d)
		}
		delete(got, d.Name)
		if !regexp.MustCompile(`(?m)^#? ?` + d.Name + `=`).Match(example) {
			t.Errorf(".env.example does not name %s", d.Name)
		}
	}
	for name := range got {
		t.Errorf("README names %s, which is no setting", name)
	}
}
