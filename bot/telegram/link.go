package telegram

import (
	"net/url"
	"strings"
)

// maxLink is the longest address that is sent as a link.
const maxLink = 2048

// goodLink tells whether Telegram takes an address in a link or a button:
// http and https with a dotted host, and tg.
func goodLink(to string) bool {
	if len(to) > maxLink || strings.ContainsAny(to, " \t\r\n\x00") {
		return false
	}
	u, err := url.Parse(to)
	if err != nil {
		return false
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		return strings.Contains(u.Hostname(), ".") || strings.Contains(u.Hostname(), ":")
	case "tg":
		return u.Host != ""
	}
	return false
}
