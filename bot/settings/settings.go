// Package settings reads what an administrator sets, from the environment
// and from .env.
package settings

import (
	"encoding/base64"
	"errors"
	"log/slog"
	"reflect"
	"strings"
	"time"
)

// Settings are all settings by the names of the environment. The tag "doc"
// is what the README says of one.
type Settings struct {
	DatabaseURL Secret `env:"DATABASE_URL" envDefault:"sqlite:resetpin.db" doc:"sqlite:FILE or postgres://…"`
	DataKey     Secret `env:"DATA_KEY" need:"serve" doc:"32 bytes, base64: encrypts people at rest, keys the hashes of NIPs and one-time codes, signs buttons"`
	ListenAddr  string `env:"LISTEN_ADDR" envDefault:"127.0.0.1:8080" doc:"where the HTTP server listens: webhook, Mattermost, health, metrics"`

	AdminListenAddr string `env:"ADMIN_LISTEN_ADDR" doc:"where health and metrics listen instead, for a network that the platforms do not reach"`
	PublicURL       string `env:"PUBLIC_URL" doc:"how Telegram and Mattermost reach it"`

	HTTPSProxy Secret `env:"HTTPS_PROXY" doc:"the proxy for https:// addresses, http://HOST:PORT; everything but mail and the look at the reset site goes through it"`
	HTTPProxy  Secret `env:"HTTP_PROXY" doc:"the proxy for http:// addresses"`
	NoProxy    string `env:"NO_PROXY" doc:"hosts, domains and networks that are reached without a proxy, comma separated"`

	CAFile string `env:"CA_FILE" doc:"PEM file of further CAs, the agency's own for example: trusted for Telegram, Mattermost, BSrE and mail beside the system's, never for the look at the reset site"`

	TelegramToken         Secret `env:"TELEGRAM_BOT_TOKEN" doc:"switches Telegram on"`
	TelegramAPIURL        string `env:"TELEGRAM_API_URL" doc:"another Bot API server than Telegram's own"`
	TelegramMode          string `env:"TELEGRAM_MODE" envDefault:"polling" doc:"polling or webhook (needs PUBLIC_URL; updates arrive at /telegram/webhook)"`
	TelegramWebhookSecret Secret `env:"TELEGRAM_WEBHOOK_SECRET" doc:"checked on every webhook call; derived from DATA_KEY when not set"`

	MattermostURL           string   `env:"MATTERMOST_URL" doc:"with MATTERMOST_BOT_TOKEN: switches Mattermost on"`
	MattermostToken         Secret   `env:"MATTERMOST_BOT_TOKEN" doc:"the bot account's token"`
	MattermostCommandTokens []Secret `env:"MATTERMOST_COMMAND_TOKENS" doc:"the slash commands' tokens, TEAM_ID:TOKEN, comma separated, as mattermost setup prints them; one without its team counts while the bot is in one team only"`
	MattermostReset         string   `env:"MATTERMOST_RESET_COMMAND" envDefault:"resetpin" doc:"trigger word of the command that resets"`
	MattermostStatus        string   `env:"MATTERMOST_STATUS_COMMAND" envDefault:"statusds" doc:"trigger word of the command that tells the status"`
	MattermostTrustEmail    bool     `env:"MATTERMOST_TRUST_EMAIL" envDefault:"false" doc:"true: an account whose e-mail address is the employee's official one counts as verified without a code (for servers on which nobody can take another's address; refused elsewhere)"`

	BSrEURL      string        `env:"BSRE_URL" need:"serve" doc:"the eSign Client Service"`
	BSrEUsername string        `env:"BSRE_USERNAME" need:"serve" doc:"its user"`
	BSrEPassword Secret        `env:"BSRE_PASSWORD" need:"serve" doc:"its password"`
	BSrEAPI      string        `env:"BSRE_API" envDefault:"v2" doc:"v2 or v1"`
	BSrEReset    string        `env:"BSRE_RESET" envDefault:"portal" doc:"how BSrE is made to send the reset mail: portal or call"`
	BSrECAFile   string        `env:"BSRE_CA_FILE" doc:"PEM file of the CA to trust for BSRE_URL, and of no other; without it the system's and those of CA_FILE"`
	BSrETimeout  time.Duration `env:"BSRE_TIMEOUT" envDefault:"10s" doc:"for one call"`

	PortalURL      string `env:"BSRE_PORTAL_URL" envDefault:"https://portal-bsre.bssn.go.id" doc:"portal: its address"`
	SSOURL         string `env:"BSRE_SSO_URL" envDefault:"https://beid.bssn.go.id/realms/external-service/protocol/openid-connect/token" doc:"portal: the token address"`
	PortalUsername string `env:"BSRE_PORTAL_USERNAME" doc:"portal: the operator's user"`
	PortalPassword Secret `env:"BSRE_PORTAL_PASSWORD" doc:"portal: the operator's password"`
	PortalTOTP     Secret `env:"BSRE_PORTAL_TOTP_SECRET" doc:"portal: the authenticator's secret, base32; without it run bsre login once"`
	PortalInsecure bool   `env:"BSRE_PORTAL_INSECURE" envDefault:"false" doc:"portal: true: take http:// for BSRE_PORTAL_URL and BSRE_SSO_URL beyond this machine, where passwords and codes then travel in clear"`

	CallMethod string `env:"BSRE_RESET_METHOD" envDefault:"POST" doc:"call: the HTTP method"`
	CallURL    string `env:"BSRE_RESET_URL" doc:"call: the address, with {nik}, {nip}, {email} filled in"`
	CallBody   string `env:"BSRE_RESET_BODY" doc:"call: the body, filled in likewise"`

	ResetSite     []string `env:"RESET_SITE" envDefault:"esign-bsre.bssn.go.id" doc:"the host whose reset links are genuine; several with commas, the first is the one the guide names"`
	ResetSiteCA   string   `env:"RESET_SITE_CA_FILE" doc:"PEM file of the CA that the reset site's certificate is expected to chain to"`
	ResetSiteLook bool     `env:"RESET_SITE_LOOK" envDefault:"true" doc:"the bot looks at the reset site's certificate itself, so that the guide is true today; false where the bot's machine cannot reach that site although employees can"`
	ResetSenders  []string `env:"RESET_SENDERS" envDefault:"osd@bssn.go.id" doc:"genuine sender addresses of the reset mail, comma separated"`
	LinkWrappers  []string `env:"LINK_WRAPPERS" doc:"hosts of the agency's own mail filters that wrap links, comma separated; Safe Links, Proofpoint, Barracuda and Google are known"`

	SMTPURL  Secret `env:"SMTP_URL" need:"serve" doc:"smtp://user:password@host:587 or smtps://; with a password TLS is required beyond this machine, without one it is used when offered; ?tls=required, ?tls=off"`
	MailFrom string `env:"MAIL_FROM" need:"serve" doc:"sender of the one-time codes"`
	MailHELO string `env:"MAIL_HELO" doc:"the full name that the mail client greets with; the machine's own when not set"`

	MailDomains     []string `env:"MAIL_DOMAINS" doc:"official mail domains, comma separated, their subdomains included: an import warns of addresses elsewhere; without it of the well-known private ones"`
	EmployeeColumns []string `env:"EMPLOYEE_COLUMNS" doc:"more words that the header of an employee file has for a column, comma separated: nip=Nomor Pegawai,email=Surel Kantor"`

	CodeTTL         time.Duration `env:"CODE_TTL" envDefault:"10m" doc:"life of a one-time code, at most 1h"`
	LinkTTL         time.Duration `env:"LINK_TTL" envDefault:"4320h" doc:"time after which a link must be verified anew; 0: never"`
	ResetCooldown   time.Duration `env:"RESET_COOLDOWN" envDefault:"5m" doc:"between two resets of one employee"`
	ResetDailyLimit int           `env:"RESET_DAILY_LIMIT" envDefault:"3" doc:"resets of one employee in 24 hours, at most 20"`

	GuidesDir       string `env:"GUIDES_DIR" doc:"a folder that overlays the built-in guides, read again when it changes"`
	DefaultLanguage string `env:"DEFAULT_LANGUAGE" envDefault:"id" doc:"a language that the bot speaks: id or en"`
	TimeZone        string `env:"TIME_ZONE" envDefault:"WIB" doc:"WIB, WITA or WIT: for the times shown, and for the night (21 to 6) in which nobody is reminded"`

	HelpdeskTelegram   string   `env:"HELPDESK_TELEGRAM_CHAT" doc:"where calls for help go on Telegram: a chat's id"`
	HelpdeskMattermost string   `env:"HELPDESK_MATTERMOST_CHANNEL" doc:"where calls for help go on Mattermost: a channel's id"`
	HelpdeskContact    string   `env:"HELPDESK_CONTACT" doc:"what to tell people who need a person"`
	HelpdeskHours      string   `env:"HELPDESK_HOURS" doc:"when officers are there, in TIME_ZONE: Mon-Fri 08:00-16:30, several with commas; always when not set"`
	HelpdeskClosed     []string `env:"HELPDESK_CLOSED" doc:"dates on which they are not, comma separated: 2026-12-25"`
	SigningApp         string   `env:"SIGNING_APP" doc:"the application in which people sign, as the guide names it when the new PIN is to be tried"`
	Admins             []string `env:"ADMINS" doc:"accounts allowed to use officers' commands: telegram:ID,mattermost:ID"`

	Retention       time.Duration `env:"RETENTION" envDefault:"8760h" doc:"how long finished resets, walks and audit rows are kept"`
	TicketRetention time.Duration `env:"TICKET_RETENTION" envDefault:"720h" doc:"how long the words of a help desk's ticket are kept after its end"`

	LogLevel  slog.Level `env:"LOG_LEVEL" envDefault:"info" doc:"debug, info, warn or error"`
	LogFormat string     `env:"LOG_FORMAT" envDefault:"text" doc:"text or json"`
}

// Doc is a setting as the README lists it.
type Doc struct{ Name, Meaning, Default string }

// List gives every setting in its order, in English. An empty Default is
// none.
func List() []Doc {
	var out []Doc
	t := reflect.TypeFor[Settings]()
	for i := range t.NumField() {
		tag := t.Field(i).Tag
		out = append(out, Doc{Name: tag.Get("env"), Meaning: tag.Get("doc"), Default: tag.Get("envDefault")})
	}
	return out
}

const makeKey = "make one with: openssl rand -base64 32"

// Key gives DATA_KEY's 32 bytes. The error shows the command that makes a
// key.
func (s Settings) Key() ([]byte, error) {
	if s.DataKey == "" {
		return nil, errors.New("DATA_KEY is not set: 32 bytes in base64, which the database is encrypted with; " + makeKey)
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(s.DataKey.Reveal()))
	if err != nil || len(key) != 32 {
		return nil, errors.New("DATA_KEY: want 32 bytes in base64; " + makeKey)
	}
	return key, nil
}
