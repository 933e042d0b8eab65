package app

import (
	"resetpin/bot/settings"
	"resetpin/handlers/bsre"
)

// clearAdvice names the addresses that are used without TLS beyond this machine,
// and what travels there in clear: it is allowed, for many services inside an
// agency have none. The portal's are looked at with the portal, see inClear.
func clearAdvice(s settings.Settings) (lines []string) {
	gateway := ""
	if s.BSrEReset == "call" {
		gateway = s.CallURL
	}
	for _, a := range []struct{ name, address, what string }{
		{"BSRE_URL", s.BSrEURL, "the service's password and the NIKs"},
		{"BSRE_RESET_URL", gateway, "what says who is meant, and the password where it is BSRE_URL's host,"},
		{"MATTERMOST_URL", s.MattermostURL, "the bot's token and all that people write"},
		{"TELEGRAM_API_URL", s.TelegramAPIURL, "the bot's token and all that people write"},
	} {
		if a.address != "" && bsre.InClear(a.address) {
			lines = append(lines, advicePrefix+a.name+" begins with http://: "+a.what+" travel in clear to it; use https:// if it can be had")
		}
	}
	return lines
}
