package settings

import (
	"encoding/base32"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"resetpin/bot"
)

// check finds values that cannot be meant.
func (s *Settings) check(p *problems) {
	s.checkWords(p)
	s.checkAddresses(p)
	s.checkPeople(p)
	s.checkNumbers(p)
	if s.DataKey != "" {
		if _, err := s.Key(); err != nil {
			p.list = append(p.list, err)
		}
	}
	if s.PortalTOTP != "" {
		secret := strings.ToUpper(strings.TrimRight(withoutBlanks(s.PortalTOTP.Reveal()), "="))
		_, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
		p.want(err == nil, "BSRE_PORTAL_TOTP_SECRET", "the authenticator's secret in base32: letters and the digits 2 to 7")
	}
}

// withoutBlanks takes out what authenticators show a secret in groups with.
func withoutBlanks(secret string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' {
			return -1
		}
		return r
	}, secret)
}

var (
	// Telegram's rule for secret_token of setWebhook.
	webhookSecret = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)
	// What Mattermost takes as a trigger word.
	trigger = regexp.MustCompile(`^[^/\s]\S*$`)
	// A host, perhaps with a port; no scheme, no path.
	host   = regexp.MustCompile(`^[^\s/@?#]+$`)
	domain = regexp.MustCompile(`^@?[^\s/@.]+(\.[^\s/@.]+)+$`)
	method = regexp.MustCompile(`^[A-Za-z]+$`)
	number = regexp.MustCompile(`^-?\d+$`)
)

func (s *Settings) checkWords(p *problems) {
	oneOf := func(name, value string, allowed ...string) {
		p.want(slices.Contains(allowed, value), name, strings.Join(allowed, " or "))
	}
	oneOf("TELEGRAM_MODE", s.TelegramMode, "polling", "webhook")
	oneOf("BSRE_API", s.BSrEAPI, "v2", "v1")
	oneOf("BSRE_RESET", s.BSrEReset, "portal", "call")
	oneOf("TIME_ZONE", s.TimeZone, "WIB", "WITA", "WIT")
	oneOf("LOG_FORMAT", s.LogFormat, "text", "json")
	p.want(s.TelegramWebhookSecret == "" || webhookSecret.MatchString(s.TelegramWebhookSecret.Reveal()), "TELEGRAM_WEBHOOK_SECRET", "1 to 256 of A-Z a-z 0-9 _ -, as Telegram does")
	p.want(trigger.MatchString(s.MattermostReset), "MATTERMOST_RESET_COMMAND", "a word without the slash")
	p.want(trigger.MatchString(s.MattermostStatus), "MATTERMOST_STATUS_COMMAND", "a word without the slash")
	p.want(s.MattermostReset != s.MattermostStatus, "MATTERMOST_STATUS_COMMAND", "another word than MATTERMOST_RESET_COMMAND")
	p.want(method.MatchString(s.CallMethod), "BSRE_RESET_METHOD", "GET, POST or another method")
}

func (s *Settings) checkAddresses(p *problems) {
	for _, a := range []struct{ name, value string }{
		{"PUBLIC_URL", s.PublicURL}, {"TELEGRAM_API_URL", s.TelegramAPIURL}, {"MATTERMOST_URL", s.MattermostURL},
		{"BSRE_URL", s.BSrEURL}, {"BSRE_PORTAL_URL", s.PortalURL}, {"BSRE_SSO_URL", s.SSOURL}, {"BSRE_RESET_URL", s.CallURL},
	} {
		p.want(a.value == "" || hasScheme(a.value, "http", "https"), a.name, "http://HOST or https://HOST")
	}
	for name, value := range map[string]Secret{"HTTPS_PROXY": s.HTTPSProxy, "HTTP_PROXY": s.HTTPProxy} {
		p.want(validProxy(value.Reveal()), name, "http://HOST:PORT")
	}
	p.want(validDatabase(s.DatabaseURL.Reveal()), "DATABASE_URL", "sqlite:FILE or postgres://USER:PASSWORD@HOST/NAME")
	p.want(s.AdminListenAddr == "" || validListen(s.AdminListenAddr), "ADMIN_LISTEN_ADDR", "HOST:PORT, for example 127.0.0.1:9090")
	p.want(validListen(s.ListenAddr), "LISTEN_ADDR", "HOST:PORT, for example 127.0.0.1:8080")
	p.want(s.SMTPURL == "" || hasScheme(s.SMTPURL.Reveal(), "smtp", "smtps"), "SMTP_URL",
		"smtp://USER:PASSWORD@HOST:587 or smtps://…, with the special characters of USER and PASSWORD as %XX (@ is %40)")
	p.want(len(s.ResetSite) > 0 && !slices.ContainsFunc(s.ResetSite, func(h string) bool { return !host.MatchString(h) }), "RESET_SITE",
		"the host of BSrE's reset page, without https:// and path")
}

// hasScheme tells whether an address has a host and one of the schemes.
func hasScheme(address string, schemes ...string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Hostname() != "" && slices.Contains(schemes, u.Scheme)
}

func validDatabase(address string) bool {
	file, found := strings.CutPrefix(address, "sqlite:")
	return found && file != "" || hasScheme(address, "postgres", "postgresql") || strings.HasPrefix(address, "postgres:///")
}

// validProxy takes what net/http takes: the scheme may be left out.
func validProxy(address string) bool {
	if address != "" && !strings.Contains(address, "://") {
		address = "http://" + address
	}
	return address == "" || hasScheme(address, "http", "https", "socks5", "socks5h")
}

func validListen(address string) bool {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}

func (s *Settings) checkPeople(p *problems) {
	if s.MailFrom != "" {
		_, err := mail.ParseAddress(s.MailFrom)
		p.want(err == nil, "MAIL_FROM", "an address, or Name <address>")
	}
	p.want(s.MailHELO == "" || domain.MatchString(s.MailHELO), "MAIL_HELO", "a full host name such as bot.contoh.go.id")
	p.want(!slices.ContainsFunc(s.MailDomains, func(d string) bool { return !domain.MatchString(d) }), "MAIL_DOMAINS", "domains such as contoh.go.id, separated by commas")
	p.want(!slices.ContainsFunc(s.LinkWrappers, func(d string) bool { return !domain.MatchString(d) }), "LINK_WRAPPERS", "hosts such as mail.contoh.go.id, separated by commas, without https:// and path")
	p.want(len(s.ResetSenders) > 0 && !slices.ContainsFunc(s.ResetSenders, func(a string) bool {
		_, err := mail.ParseAddress(a)
		return err != nil
	}), "RESET_SENDERS", "addresses, separated by commas")
	p.want(s.HelpdeskTelegram == "" || number.MatchString(s.HelpdeskTelegram), "HELPDESK_TELEGRAM_CHAT", "the chat's id, a number; a group's begins with -")
	for _, a := range s.Admins {
		if _, err := bot.ParseAccount(a); err != nil {
			p.list = append(p.list, fmt.Errorf("ADMINS: %w", err))
		}
	}
}

// Bounds beyond which a setting would undo what it is for.
const (
	maxCodeTTL      = time.Hour // in which codes are counted, too
	maxResetsPerDay = 20
)

func (s *Settings) checkNumbers(p *problems) {
	p.want(s.CodeTTL > 0 && s.CodeTTL <= maxCodeTTL, "CODE_TTL", "more than 0 and at most 1h: a code that lives longer can be guessed for longer")
	p.want(s.LinkTTL >= 0, "LINK_TTL", "0 or more")
	p.want(s.BSrETimeout > 0, "BSRE_TIMEOUT", "more than 0")
	p.want(s.ResetCooldown >= 0, "RESET_COOLDOWN", "0 or more")
	p.want(s.ResetDailyLimit > 0 && s.ResetDailyLimit <= maxResetsPerDay, "RESET_DAILY_LIMIT", "1 to 20: each reset is a mail to somebody, and makes their last link worthless")
	p.want(s.Retention > 0, "RETENTION", "more than 0")
	p.want(s.TicketRetention > 0, "TICKET_RETENTION", "more than 0")
}
