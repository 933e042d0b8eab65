// Package settings reads what an administrator sets, from the environment
// and from .env.
package settings

import (
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"reflect"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
	"github.com/joho/godotenv"
)

// Secret is a value that is never shown: printed or logged it is "[secret]".
type Secret string

// String hides the value.
func (Secret) String() string { return "[secret]" }

// GoString hides the value.
func (Secret) GoString() string { return "[secret]" }

// LogValue hides the value.
func (Secret) LogValue() slog.Value { return slog.StringValue("[secret]") }

// Reveal gives the value to whom it is meant for.
func (s Secret) Reveal() string { return string(s) }

// Settings are all settings by the names of the environment. The tag "doc"
// is what the README says of one.
type Settings struct {
	DatabaseURL Secret `env:"DATABASE_URL" envDefault:"sqlite:resetpin.db" doc:"sqlite:FILE or postgres://…"`
	DataKey     Secret `env:"DATA_KEY" need:"serve" doc:"32 bytes, base64: encrypts NIKs at rest, keys the hashes of one-time codes, signs buttons"`
	ListenAddr  string `env:"LISTEN_ADDR" envDefault:"127.0.0.1:8080" doc:"where the HTTP server listens: webhook, Mattermost, health, metrics"`
	PublicURL   string `env:"PUBLIC_URL" doc:"how Telegram and Mattermost reach it"`

	TelegramToken         Secret `env:"TELEGRAM_BOT_TOKEN" doc:"switches Telegram on"`
	TelegramAPIURL        string `env:"TELEGRAM_API_URL" doc:"another Bot API server than Telegram's own"`
	TelegramMode          string `env:"TELEGRAM_MODE" envDefault:"polling" doc:"polling or webhook (needs PUBLIC_URL; updates arrive at /telegram/webhook)"`
	TelegramWebhookSecret Secret `env:"TELEGRAM_WEBHOOK_SECRET" doc:"checked on every webhook call; derived from DATA_KEY when not set"`

	MattermostURL           string   `env:"MATTERMOST_URL" doc:"with MATTERMOST_BOT_TOKEN: switches Mattermost on"`
	MattermostToken         Secret   `env:"MATTERMOST_BOT_TOKEN" doc:"the bot account's token"`
	MattermostCommandTokens []Secret `env:"MATTERMOST_COMMAND_TOKENS" doc:"the slash commands' tokens, comma separated, as mattermost setup prints them"`
	MattermostReset         string   `env:"MATTERMOST_RESET_COMMAND" envDefault:"resetpin" doc:"trigger word of the command that resets"`
	MattermostStatus        string   `env:"MATTERMOST_STATUS_COMMAND" envDefault:"statusds" doc:"trigger word of the command that tells the status"`
	MattermostTrustEmail    bool     `env:"MATTERMOST_TRUST_EMAIL" envDefault:"false" doc:"true: an account whose e-mail address is the employee's official one counts as verified without a code (for servers whose addresses come from single sign-on)"`

	BSrEURL      string        `env:"BSRE_URL" need:"serve" doc:"the eSign Client Service"`
	BSrEUsername string        `env:"BSRE_USERNAME" need:"serve" doc:"its user"`
	BSrEPassword Secret        `env:"BSRE_PASSWORD" need:"serve" doc:"its password"`
	BSrEAPI      string        `env:"BSRE_API" envDefault:"v2" doc:"v2 or v1"`
	BSrEReset    string        `env:"BSRE_RESET" envDefault:"portal" doc:"how BSrE is made to send the reset mail: portal or call"`
	BSrECAFile   string        `env:"BSRE_CA_FILE" doc:"PEM file of the CA to trust for BSRE_URL; the system's when not set"`
	BSrETimeout  time.Duration `env:"BSRE_TIMEOUT" envDefault:"10s" doc:"for one call"`

	PortalURL      string `env:"BSRE_PORTAL_URL" envDefault:"https://portal-bsre.bssn.go.id" doc:"portal: its address"`
	SSOURL         string `env:"BSRE_SSO_URL" envDefault:"https://beid.bssn.go.id/realms/external-service/protocol/openid-connect/token" doc:"portal: the token address"`
	PortalUsername string `env:"BSRE_PORTAL_USERNAME" doc:"portal: the operator's user"`
	PortalPassword Secret `env:"BSRE_PORTAL_PASSWORD" doc:"portal: the operator's password"`
	PortalTOTP     Secret `env:"BSRE_PORTAL_TOTP_SECRET" doc:"portal: the authenticator's secret, base32; without it run bsre login once"`

	CallMethod string `env:"BSRE_RESET_METHOD" envDefault:"POST" doc:"call: the HTTP method"`
	CallURL    string `env:"BSRE_RESET_URL" doc:"call: the address, with {nik}, {nip}, {email} filled in"`
	CallBody   string `env:"BSRE_RESET_BODY" doc:"call: the body, filled in likewise"`

	ResetSite    []string `env:"RESET_SITE" envDefault:"esign-bsre.bssn.go.id" doc:"the host whose reset links are genuine; several with commas, the first is the one the guide names"`
	ResetSiteCA  string   `env:"RESET_SITE_CA_FILE" doc:"PEM file of the CA that the reset site's certificate is expected to chain to"`
	ResetSenders []string `env:"RESET_SENDERS" envDefault:"osd@bssn.go.id" doc:"genuine sender addresses of the reset mail, comma separated"`

	SMTPURL  Secret `env:"SMTP_URL" need:"serve" doc:"smtp://user:password@host:587 (STARTTLS when offered, required with ?tls=required) or smtps://"`
	MailFrom string `env:"MAIL_FROM" need:"serve" doc:"sender of the one-time codes"`

	CodeTTL         time.Duration `env:"CODE_TTL" envDefault:"10m" doc:"life of a one-time code"`
	LinkTTL         time.Duration `env:"LINK_TTL" envDefault:"4320h" doc:"time after which a link must be verified anew; 0: never"`
	ResetCooldown   time.Duration `env:"RESET_COOLDOWN" envDefault:"5m" doc:"between two resets of one employee"`
	ResetDailyLimit int           `env:"RESET_DAILY_LIMIT" envDefault:"3" doc:"resets of one employee in 24 hours"`

	GuidesDir       string `env:"GUIDES_DIR" doc:"a folder that overlays the built-in guides, read again when it changes"`
	DefaultLanguage string `env:"DEFAULT_LANGUAGE" envDefault:"id" doc:"id or en"`

	HelpdeskTelegram   string   `env:"HELPDESK_TELEGRAM_CHAT" doc:"where calls for help go on Telegram: a chat's id"`
	HelpdeskMattermost string   `env:"HELPDESK_MATTERMOST_CHANNEL" doc:"where calls for help go on Mattermost: a channel's id"`
	HelpdeskContact    string   `env:"HELPDESK_CONTACT" doc:"what to tell people who need a person"`
	Admins             []string `env:"ADMINS" doc:"accounts allowed to use officers' commands: telegram:ID,mattermost:ID"`

	Retention time.Duration `env:"RETENTION" envDefault:"8760h" doc:"how long finished resets, walks and audit rows are kept"`
	LogLevel  slog.Level    `env:"LOG_LEVEL" envDefault:"info" doc:"debug, info, warn or error"`
	LogFormat string        `env:"LOG_FORMAT" envDefault:"text" doc:"text or json"`
}

// Load reads the settings from the environment ("NAME=value" lines) and from
// a .env file, which need not exist; the environment wins. The error names
// everything that is wrong, a line each.
func Load(environ []string, dotenv string) (Settings, error) {
	values, err := godotenv.Read(dotenv)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return Settings{}, fmt.Errorf("%s cannot be read: it wants lines of the form NAME=value", dotenv) // the error shows the line
	}
	if values == nil {
		values = make(map[string]string)
	}
	for _, line := range environ {
		if name, value, ok := strings.Cut(line, "="); ok {
			values[name] = value
		}
	}
	for name, value := range values {
		if value == "" {
			delete(values, name) // an empty setting is one that is not set
		}
	}
	return parse(values)
}

func parse(values map[string]string) (Settings, error) {
	var s Settings
	err := env.ParseWithOptions(&s, env.Options{Environment: values, FuncMap: map[reflect.Type]env.ParserFunc{
		reflect.TypeFor[slog.Level](): func(v string) (any, error) {
			var l slog.Level
			return l, l.UnmarshalText([]byte(v))
		},
	}})
	if err != nil {
		return Settings{}, explain(err)
	}
	return s, s.check()
}

// explain names the settings that have the wrong form, without their values.
func explain(err error) error {
	var all env.AggregateError
	if !errors.As(err, &all) {
		return err
	}
	var out []error
	for _, e := range all.Errors {
		var p env.ParseError
		if errors.As(e, &p) {
			out = append(out, fmt.Errorf("%s: has the wrong form; %s", nameOf(p.Name), formOf(p.Type)))
			continue
		}
		out = append(out, e)
	}
	return errors.Join(out...)
}

func nameOf(field string) string {
	if f, ok := reflect.TypeFor[Settings]().FieldByName(field); ok {
		return f.Tag.Get("env")
	}
	return field
}

func formOf(t reflect.Type) string {
	switch t.String() {
	case "time.Duration":
		return "want a duration such as 10s, 15m or 24h"
	case "bool":
		return "want true or false"
	case "int":
		return "want a whole number"
	case "slog.Level":
		return "want debug, info, warn or error"
	}
	return "want " + t.String()
}

// Key gives DATA_KEY's 32 bytes.
func (s Settings) Key() ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(s.DataKey.Reveal())
	if err != nil || len(key) != 32 {
		return nil, errors.New("DATA_KEY: want 32 bytes in base64; make one with: openssl rand -base64 32")
	}
	return key, nil
}
