package settings

import (
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"resetpin/bot"
)

// Doc is a setting as the README lists it.
type Doc struct{ Name, Meaning, Default string }

// List gives every setting in its order.
func List() []Doc {
	var out []Doc
	t := reflect.TypeFor[Settings]()
	for i := range t.NumField() {
		f := t.Field(i)
		out = append(out, Doc{Name: f.Tag.Get("env"), Meaning: f.Tag.Get("doc"), Default: f.Tag.Get("envDefault")})
	}
	return out
}

// check finds values that cannot be meant, all at once.
func (s Settings) check() error {
	var errs []error
	bad := func(ok bool, text string) {
		if !ok {
			errs = append(errs, errors.New(text))
		}
	}
	oneOf := func(name, value string, allowed ...string) {
		bad(slices.Contains(allowed, value), fmt.Sprintf("%s: want %s", name, strings.Join(allowed, " or ")))
	}
	oneOf("TELEGRAM_MODE", s.TelegramMode, "polling", "webhook")
	oneOf("BSRE_API", s.BSrEAPI, "v2", "v1")
	oneOf("BSRE_RESET", s.BSrEReset, "portal", "call")
	oneOf("DEFAULT_LANGUAGE", s.DefaultLanguage, "id", "en")
	oneOf("LOG_FORMAT", s.LogFormat, "text", "json")
	for _, address := range []struct{ name, value string }{
		{"PUBLIC_URL", s.PublicURL}, {"TELEGRAM_API_URL", s.TelegramAPIURL}, {"MATTERMOST_URL", s.MattermostURL},
		{"BSRE_URL", s.BSrEURL}, {"BSRE_PORTAL_URL", s.PortalURL}, {"BSRE_SSO_URL", s.SSOURL},
	} {
		u, err := url.Parse(address.value)
		bad(address.value == "" || err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https"), address.name+": want http://HOST or https://HOST")
	}
	if s.DataKey != "" {
		if _, err := s.Key(); err != nil {
			errs = append(errs, err)
		}
	}
	if s.MailFrom != "" {
		_, err := mail.ParseAddress(s.MailFrom)
		bad(err == nil, "MAIL_FROM: want an address, or Name <address>")
	}
	for _, a := range s.Admins {
		if _, err := bot.ParseAccount(a); err != nil {
			errs = append(errs, fmt.Errorf("ADMINS: %w", err))
		}
	}
	bad(len(s.ResetSite) > 0 && !slices.Contains(s.ResetSite, ""), "RESET_SITE: want the host of BSrE's reset page")
	bad(s.TelegramMode != "webhook" || s.PublicURL != "", "TELEGRAM_MODE=webhook needs PUBLIC_URL, how Telegram reaches this program")
	bad((s.MattermostURL == "") == (s.MattermostToken == ""), "MATTERMOST_URL and MATTERMOST_BOT_TOKEN go together: set both or none")
	bad(s.CodeTTL > 0, "CODE_TTL: want more than 0")
	bad(s.LinkTTL >= 0, "LINK_TTL: want 0 or more")
	bad(s.BSrETimeout > 0, "BSRE_TIMEOUT: want more than 0")
	bad(s.ResetCooldown >= 0, "RESET_COOLDOWN: want 0 or more")
	bad(s.ResetDailyLimit > 0, "RESET_DAILY_LIMIT: want 1 or more")
	bad(s.Retention > 0, "RETENTION: want more than 0")
	return errors.Join(errs...)
}

// NeedServe tells what `serve` misses, a line each.
func (s Settings) NeedServe() error {
	var errs []error
	v, t := reflect.ValueOf(s), reflect.TypeFor[Settings]()
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Tag.Get("need") != "serve" || !v.Field(i).IsZero() {
			continue
		}
		text := f.Tag.Get("env") + " is not set: " + f.Tag.Get("doc")
		if f.Name == "DataKey" {
			text += "; make one with: openssl rand -base64 32"
		}
		errs = append(errs, errors.New(text))
	}
	if s.TelegramToken == "" && s.MattermostURL == "" {
		errs = append(errs, errors.New("no platform is configured: set TELEGRAM_BOT_TOKEN, or MATTERMOST_URL and MATTERMOST_BOT_TOKEN"))
	}
	if s.MattermostURL != "" && s.PublicURL == "" {
		errs = append(errs, errors.New("PUBLIC_URL is not set: Mattermost's buttons and commands need to reach this program"))
	}
	switch s.BSrEReset {
	case "portal":
		if s.PortalUsername == "" || s.PortalPassword == "" {
			errs = append(errs, errors.New("BSRE_RESET=portal needs BSRE_PORTAL_USERNAME and BSRE_PORTAL_PASSWORD (or set BSRE_RESET=call)"))
		}
	case "call":
		if s.CallURL == "" {
			errs = append(errs, errors.New("BSRE_RESET=call needs BSRE_RESET_URL"))
		}
	}
	return errors.Join(errs...)
}
