package settings

import (
	"errors"
	"reflect"
	"strings"
)

// Wrong is the error of a setting whose value cannot be used, as comes to
// light only when something is built with it.
type Wrong struct{ Err error }

// Error gives the cause's text.
func (w Wrong) Error() string { return w.Err.Error() }

// Unwrap gives the cause.
func (w Wrong) Unwrap() error { return w.Err }

// NeedServe tells what the bot cannot run without and is not set, a line
// each.
func (s Settings) NeedServe() error {
	var errs []error
	need := func(ok bool, text string) {
		if !ok {
			errs = append(errs, errors.New(text))
		}
	}
	v, t := reflect.ValueOf(s), reflect.TypeFor[Settings]()
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Tag.Get("need") != "serve" || !v.Field(i).IsZero() {
			continue
		}
		text := f.Tag.Get("env") + " is not set: " + f.Tag.Get("doc")
		if f.Name == "DataKey" {
			text += "; " + makeKey
		}
		need(false, text)
	}
	need(s.TelegramToken != "" || s.MattermostURL != "" || s.MattermostToken != "",
		"no platform is configured: set TELEGRAM_BOT_TOKEN, or MATTERMOST_URL and MATTERMOST_BOT_TOKEN")
	need((s.MattermostURL == "") == (s.MattermostToken == ""), "MATTERMOST_URL and MATTERMOST_BOT_TOKEN go together: set both or none")
	need(s.MattermostURL == "" || s.PublicURL != "", "PUBLIC_URL is not set: Mattermost's buttons and commands need to reach this program")
	webhook := s.TelegramToken != "" && s.TelegramMode == "webhook"
	need(!webhook || s.PublicURL != "", "TELEGRAM_MODE=webhook needs PUBLIC_URL, how Telegram reaches this program")
	need(!webhook || s.PublicURL == "" || s.TelegramAPIURL != "" || hasScheme(s.PublicURL, "https"),
		"PUBLIC_URL: Telegram's webhook wants https://; put a proxy with TLS in front, or set TELEGRAM_MODE=polling")
	if err := s.needReset(); err != nil {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// needReset tells what the chosen way to reset needs.
func (s Settings) needReset() error {
	switch {
	case s.BSrEReset == "portal" && (s.PortalUsername == "" || s.PortalPassword == ""):
		return errors.New("BSRE_RESET=portal needs BSRE_PORTAL_USERNAME and BSRE_PORTAL_PASSWORD (or set BSRE_RESET=call)")
	case s.BSrEReset == "call" && s.CallURL == "":
		return errors.New("BSRE_RESET=call needs BSRE_RESET_URL")
	case s.BSrEReset == "call" && !namesPerson(s.CallURL+s.CallBody):
		return errors.New("BSRE_RESET_URL and BSRE_RESET_BODY hold neither {nik}, {nip} nor {email}: the call would be the same for everybody")
	}
	return nil
}

// namesPerson tells whether a call says who is meant.
func namesPerson(call string) bool {
	return strings.Contains(call, "{nik}") || strings.Contains(call, "{nip}") || strings.Contains(call, "{email}")
}

// NeedLogin tells what `bsre login` misses, a line each.
func (s Settings) NeedLogin() error {
	_, err := s.Key()
	if s.BSrEReset != "portal" {
		return errors.Join(err, errors.New("BSRE_RESET is not portal: there is nothing to log in to"))
	}
	return errors.Join(err, s.needReset())
}
