package settings

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

func load(t *testing.T, environ ...string) Settings {
	t.Helper()
	s, err := Load(environ, "none")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func dotenv(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), ".env")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestTheEnvironmentWinsOverDotenv(t *testing.T) {
	file := dotenv(t, "BSRE_USERNAME=file\r\nMAIL_FROM=bot@contoh.go.id\nBSRE_PASSWORD='pa$$word #1'\nCODE_TTL=\nexport BSRE_API=v1\n# a note\n")
	s, err := Load([]string{"BSRE_USERNAME=environment", "ADMINS=telegram:1,mattermost:x", "LOG_LEVEL=debug", "LINK_TTL=0", "PATH=/bin"}, file)
	if err != nil {
		t.Fatal(err)
	}
	if s.BSrEUsername != "environment" || s.MailFrom != "bot@contoh.go.id" || s.CodeTTL != 10*time.Minute || len(s.Admins) != 2 ||
		s.BSrEPassword.Reveal() != "pa$$word #1" || s.BSrEAPI != "v1" || s.LogLevel != slog.LevelDebug || s.LinkTTL != 0 {
		t.Errorf("got %+v", s)
	}
}

// An empty value in the environment is not set, and so the file's is not
// meant either: that is how a setting of the file is switched off.
func TestAnEmptyValueInTheEnvironmentIsTheDefault(t *testing.T) {
	s, err := Load([]string{"BSRE_API="}, dotenv(t, "BSRE_API=v1\n"))
	if err != nil || s.BSrEAPI != "v2" {
		t.Errorf("got %q, %v", s.BSrEAPI, err)
	}
}

func TestDefaults(t *testing.T) {
	s := load(t)
	want := Settings{
		DatabaseURL: "sqlite:resetpin.db", ListenAddr: "127.0.0.1:8080", TelegramMode: "polling", MattermostReset: "resetpin", MattermostStatus: "statusds",
		BSrEAPI: "v2", BSrEReset: "portal", BSrETimeout: 10 * time.Second, PortalURL: "https://portal-bsre.bssn.go.id",
		SSOURL: "https://beid.bssn.go.id/realms/external-service/protocol/openid-connect/token", CallMethod: "POST",
		CodeTTL: 10 * time.Minute, LinkTTL: 4320 * time.Hour, ResetCooldown: 5 * time.Minute, ResetDailyLimit: 3,
		ResetSiteLook: true, TimeZone: "WIB",
		DefaultLanguage: "id", Retention: 8760 * time.Hour, TicketRetention: 720 * time.Hour, LogFormat: "text",
	}
	if !slices.Equal(s.ResetSite, []string{"esign-bsre.bssn.go.id"}) || !slices.Equal(s.ResetSenders, []string{"osd@bssn.go.id"}) {
		t.Errorf("got %q, %q", s.ResetSite, s.ResetSenders)
	}
	s.ResetSite, s.ResetSenders = nil, nil
	if got, want := reveal(s), reveal(want); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// reveal prints settings with what is secret in them.
func reveal(s Settings) string {
	type open Settings
	return fmt.Sprintf("%q %q %+v", s.DatabaseURL.Reveal(), s.DataKey.Reveal(), open(s))
}

func TestWhatPeopleLeaveAroundAValueIsTakenAway(t *testing.T) {
	s := load(t, "RESET_SITE=esign-bsre.bssn.go.id, other.go.id ,", "ADMINS= telegram:1 , mattermost:x", "MATTERMOST_COMMAND_TOKENS=a, b",
		"PUBLIC_URL=https://bot.contoh.go.id/ ", "BSRE_URL=http://10.0.0.1:8080/", "BSRE_PASSWORD= blanks are meant \n", "DATA_KEY= "+key+" ")
	if !slices.Equal(s.ResetSite, []string{"esign-bsre.bssn.go.id", "other.go.id"}) || !slices.Equal(s.Admins, []string{"telegram:1", "mattermost:x"}) ||
		!slices.Equal(s.MattermostCommandTokens, []Secret{"a", "b"}) || s.PublicURL != "https://bot.contoh.go.id" || s.BSrEURL != "http://10.0.0.1:8080" {
		t.Errorf("got %+v", s)
	}
	if s.BSrEPassword.Reveal() != " blanks are meant " {
		t.Errorf("the password is %q", s.BSrEPassword.Reveal())
	}
	if k, err := s.Key(); err != nil || len(k) != 32 {
		t.Errorf("key: %d bytes, %v", len(k), err)
	}
}

func TestWrongValues(t *testing.T) {
	for set, want := range map[string]string{
		"CODE_TTL=soon":                                 "CODE_TTL: has the wrong form; want a duration such as 10s, 15m or 24h",
		"CODE_TTL=0":                                    "CODE_TTL: want more than 0",
		"LINK_TTL=-1h":                                  "LINK_TTL: want 0 or more",
		"BSRE_TIMEOUT=10":                               "BSRE_TIMEOUT: has the wrong form",
		"RESET_DAILY_LIMIT=many":                        "RESET_DAILY_LIMIT: has the wrong form; want a whole number",
		"RESET_DAILY_LIMIT=0":                           "RESET_DAILY_LIMIT: want 1 to 20",
		"RESET_DAILY_LIMIT=21":                          "RESET_DAILY_LIMIT: want 1 to 20",
		"CODE_TTL=61m":                                  "CODE_TTL: want more than 0 and at most 1h",
		"LOG_LEVEL=loud":                                "LOG_LEVEL: has the wrong form; want debug, info, warn or error",
		"MATTERMOST_TRUST_EMAIL=ya":                     "MATTERMOST_TRUST_EMAIL: has the wrong form; want true or false",
		"DATA_KEY=hunter2":                              "DATA_KEY: want 32 bytes in base64; make one with: openssl rand -base64 32",
		"DATABASE_URL=hunter2.db":                       "DATABASE_URL: want sqlite:FILE or postgres://",
		"DATABASE_URL=mysql://u:hunter2@h/d":            "DATABASE_URL: want sqlite:FILE or postgres://",
		"LISTEN_ADDR=8080":                              "LISTEN_ADDR: want HOST:PORT",
		"LISTEN_ADDR=:99999":                            "LISTEN_ADDR: want HOST:PORT",
		"TELEGRAM_MODE=pigeon":                          "TELEGRAM_MODE: want polling or webhook",
		"TELEGRAM_WEBHOOK_SECRET=hunter2 !":             "TELEGRAM_WEBHOOK_SECRET: want 1 to 256 of",
		"MATTERMOST_RESET_COMMAND=/resetpin":            "MATTERMOST_RESET_COMMAND: want a word without the slash",
		"MATTERMOST_STATUS_COMMAND=resetpin":            "MATTERMOST_STATUS_COMMAND: want another word",
		"BSRE_URL=nowhere":                              "BSRE_URL: want http://HOST or https://HOST",
		"BSRE_RESET_URL=ftp://gateway/{nik}":            "BSRE_RESET_URL: want http://HOST or https://HOST",
		"BSRE_RESET_METHOD=P0ST":                        "BSRE_RESET_METHOD: want GET, POST",
		"BSRE_PORTAL_TOTP_SECRET=hunter2!":              "BSRE_PORTAL_TOTP_SECRET: want the authenticator's secret in base32",
		"SMTP_URL=mail.contoh.go.id:587":                "SMTP_URL: want smtp://USER:PASSWORD@HOST:587",
		"SMTP_URL=smtp://u:hunter2/#@mail.contoh.go.id": "SMTP_URL: want smtp://USER:PASSWORD@HOST:587",
		"MAIL_FROM=bot":                                 "MAIL_FROM: want an address",
		"RESET_SITE=https://esign-bsre.bssn.go.id/":     "RESET_SITE: want the host of BSrE's reset page, without https://",
		"LINK_WRAPPERS=https://mail.contoh.go.id/x":     "LINK_WRAPPERS: want hosts",
		"RESET_SENDERS=osd":                             "RESET_SENDERS: want addresses",
		"HELPDESK_TELEGRAM_CHAT=@helpdesk":              "HELPDESK_TELEGRAM_CHAT: want the chat's id",
		"ADMINS=me":                                     `ADMINS: account "me": want PLATFORM:ID`,
		"BSRE_PORTAL_URL=https://":                      "BSRE_PORTAL_URL: want http",
		"BSRE_API=v3":                                   "BSRE_API: want v2 or v1",
	} {
		_, err := Load([]string{set}, "none")
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v, want %q alone", set, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the error shows it: %v", set, err)
		}
	}
}

func TestEverythingWrongIsNamedAtOnce(t *testing.T) {
	_, err := Load([]string{"CODE_TTL=soon", "RESET_DAILY_LIMIT=0", "TELEGRAM_MODE=pigeon", "ADMINS=me", "DATA_KEY=x"}, "none")
	if err == nil || strings.Count(err.Error(), "\n") != 4 {
		t.Errorf("want five lines, got %v", err)
	}
}

func TestABadDotenvTellsWhereAndShowsNothing(t *testing.T) {
	_, err := Load(nil, dotenv(t, "MAIL_FROM=bot@contoh.go.id\nBSRE_PASSWORD: hunter2\nhunter2\n"))
	if err == nil || !strings.Contains(err.Error(), "see line 3") || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v", err)
	}
	if _, err := Load(nil, t.TempDir()); err == nil || !strings.Contains(err.Error(), "read settings: ") {
		t.Errorf("a folder: %v", err)
	}
}

func complete(more ...string) []string {
	return append([]string{
		"DATA_KEY=" + key, "BSRE_URL=http://b", "BSRE_USERNAME=u", "BSRE_PASSWORD=p", "SMTP_URL=smtp://m", "MAIL_FROM=a@b.id",
		"BSRE_RESET=call", "BSRE_RESET_URL=http://b/{nik}", "TELEGRAM_BOT_TOKEN=1:x",
	}, more...)
}

func TestServeTellsWhatItMisses(t *testing.T) {
	tests := []struct {
		environ []string
		want    []string // in this order, and nothing else
	}{
		{nil, []string{"DATA_KEY is not set", "BSRE_URL is not set", "BSRE_USERNAME is not set", "BSRE_PASSWORD is not set", "SMTP_URL is not set", "MAIL_FROM is not set", "no platform is configured", "BSRE_RESET=portal needs"}},
		{complete(), nil},
		{complete("BSRE_RESET_URL="), []string{"BSRE_RESET=call needs BSRE_RESET_URL"}},
		{complete("BSRE_RESET=portal"), []string{"BSRE_RESET=portal needs BSRE_PORTAL_USERNAME and BSRE_PORTAL_PASSWORD"}},
		{complete("BSRE_RESET=portal", "BSRE_PORTAL_USERNAME=o", "BSRE_PORTAL_PASSWORD=p"), nil},
		{complete("MATTERMOST_URL=https://chat.contoh.go.id"), []string{"MATTERMOST_URL and MATTERMOST_BOT_TOKEN go together", "PUBLIC_URL is not set"}},
		{complete("TELEGRAM_BOT_TOKEN=", "MATTERMOST_BOT_TOKEN=t"), []string{"MATTERMOST_URL and MATTERMOST_BOT_TOKEN go together"}},
		{complete("TELEGRAM_BOT_TOKEN=", "MATTERMOST_BOT_TOKEN=t", "MATTERMOST_URL=http://m", "PUBLIC_URL=http://bot"), nil},
		{complete("TELEGRAM_MODE=webhook"), []string{"TELEGRAM_MODE=webhook needs PUBLIC_URL"}},
		{complete("TELEGRAM_MODE=webhook", "PUBLIC_URL=http://bot"), []string{"PUBLIC_URL: Telegram's webhook wants https://"}},
		{complete("TELEGRAM_MODE=webhook", "PUBLIC_URL=http://bot", "TELEGRAM_API_URL=http://127.0.0.1:1"), nil},
		{complete("TELEGRAM_MODE=webhook", "PUBLIC_URL=https://bot"), nil},
	}
	for _, tt := range tests {
		var lines []string
		if err := load(t, tt.environ...).NeedServe(); err != nil {
			lines = strings.Split(err.Error(), "\n")
		}
		if !slices.EqualFunc(lines, tt.want, strings.HasPrefix) {
			t.Errorf("%q: got %q, want %q", tt.environ, lines, tt.want)
		}
	}
	if err := load(t).NeedServe(); !strings.Contains(err.Error(), "openssl rand -base64 32") {
		t.Errorf("the command that makes a key is not told: %v", err)
	}
}

func TestOtherCommandsTellWhatTheyMiss(t *testing.T) {
	for want, err := range map[string]error{
		"DATA_KEY is not set":                          load(t, "BSRE_PORTAL_USERNAME=o", "BSRE_PORTAL_PASSWORD=p").NeedLogin(),
		"BSRE_RESET=portal needs BSRE_PORTAL_USERNAME": load(t, "DATA_KEY="+key).NeedLogin(),
		"BSRE_RESET is not portal":                     load(t, complete()...).NeedLogin(),
	} {
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if err := load(t, "DATA_KEY="+key, "BSRE_PORTAL_USERNAME=o", "BSRE_PORTAL_PASSWORD=p").NeedLogin(); err != nil {
		t.Errorf("all is there: %v", err)
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	s := load(t, "DATA_KEY="+key, "BSRE_PASSWORD=hunter2", "MATTERMOST_COMMAND_TOKENS=hunter2,hunter2", "SMTP_URL=smtp://u:hunter2@m",
		"TELEGRAM_BOT_TOKEN=1:hunter2", "MATTERMOST_BOT_TOKEN=hunter2", "TELEGRAM_WEBHOOK_SECRET=hunter2", "BSRE_PORTAL_PASSWORD=hunter2",
		"BSRE_PORTAL_TOTP_SECRET=JBSWY3DP", "DATABASE_URL=postgres://u:hunter2@h/d")
	var shown strings.Builder
	for _, handler := range []slog.Handler{slog.NewTextHandler(&shown, nil), slog.NewJSONHandler(&shown, nil)} {
		log := slog.New(handler)
		log.Info("settings", "all", s, "pointer", &s, "one", s.BSrEPassword, "list", s.MattermostCommandTokens, "in", struct{ P Secret }{s.BSrEPassword})
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%10.3s"} {
		fmt.Fprintf(&shown, verb+verb+verb, s.BSrEPassword, s.MattermostCommandTokens, s)
	}
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	shown.Write(data)
	for _, secret := range []string{"hunter2", fmt.Sprintf("%x", "hunter2"), fmt.Sprintf("%X", "hunter2"), key, "JBSWY3DP"} {
		if strings.Contains(shown.String(), secret) {
			t.Errorf("%s shows in %s", secret, shown.String())
		}
	}
	if !strings.Contains(shown.String(), "[secret]") || s.BSrEPassword.Reveal() != "hunter2" {
		t.Error("a secret is not there at all")
	}
}

// The file is what people paste passwords into: each way is one line of
// testdata/passwords.env.
func TestAPasswordThatIsCutIsTold(t *testing.T) {
	const file = "testdata/passwords.env"
	want := []Doubt{{3, "BSRE_PASSWORD", "$"}, {4, "SMTP_URL", "#"}, {8, "BSRE_PORTAL_PASSWORD", "$"}, {11, "MAIL_FROM", "$"}}
	if got := Doubts(file); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	text := fmt.Sprint(Doubts(file))
	if strings.Contains(text, "Rah") || !strings.Contains(text, "line 3: of BSRE_PASSWORD only a part is used, since it has a $ in it: put the value into single quotes") {
		t.Errorf("got %s", text)
	}
	if Doubts("none") != nil || Doubts(dotenv(t, "'")) != nil {
		t.Error("a file that cannot be read has doubts")
	}
}

func TestAFileOfWindowsIsRead(t *testing.T) {
	s, err := Load(nil, dotenv(t, "\ufeffBSRE_USERNAME=esign\r\nBSRE_PASSWORD='Rah$IA #9'\r\nMAIL_FROM=bot@contoh.go.id\r\n"))
	if err != nil || s.BSrEUsername != "esign" || s.BSrEPassword.Reveal() != "Rah$IA #9" || s.MailFrom != "bot@contoh.go.id" {
		t.Errorf("got %+v, %v", s, err)
	}
	if names := Unknown(dotenv(t, "\ufeffBSRE_USERNAME=esign\r\n")); names != nil {
		t.Errorf("unknown: %q", names)
	}
}

func TestProxiesComeFromTheFileToo(t *testing.T) {
	for _, tt := range []struct {
		environ []string
		file    string
		want    string
	}{
		{nil, "HTTPS_PROXY=http://proxy:3128\nno_proxy=10.0.0.0/8,.local\n", "http://proxy:3128 10.0.0.0/8,.local"},
		{[]string{"https_proxy=http://other:3128"}, "HTTPS_PROXY=http://proxy:3128\n", "http://other:3128 "},
		{[]string{"HTTPS_PROXY="}, "https_proxy=http://proxy:3128\n", " "},
	} {
		file := dotenv(t, tt.file)
		s, err := Load(tt.environ, file)
		if err != nil || Unknown(file) != nil {
			t.Fatal(err, Unknown(file))
		}
		got := make(map[string]string)
		if err := s.ExportProxy(func(name, value string) error { got[name] = value; return nil }); err != nil {
			t.Fatal(err)
		}
		if text := got["HTTPS_PROXY"] + " " + got["NO_PROXY"]; text != tt.want {
			t.Errorf("%q with %q: got %q, want %q", tt.environ, tt.file, text, tt.want)
		}
	}
	if _, err := Load([]string{"HTTPS_PROXY=ftp://u:hunter2@h"}, "none"); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v", err)
	}
}
