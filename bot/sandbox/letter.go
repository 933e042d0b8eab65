package sandbox

import (
	"html"
	"net/http"
	"regexp"
	"strings"
)

// letterPolicy lets a mail show itself and open links in new tabs, and
// nothing else.
const letterPolicy = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'"

// writeLetter sends a mail as a page of its own, for the frame it stands in.
func writeLetter(w http.ResponseWriter, body string) error {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", letterPolicy)
	_, err := w.Write([]byte(body))
	return err
}

var headTag = regexp.MustCompile(`(?i)<head(\s[^>]*)?>`)

// base makes every link of a mail open in a new tab.
const base = `<base target="_blank">`

// htmlLetter is a mail's HTML form with links that open in new tabs.
func htmlLetter(body string) string {
	if at := headTag.FindStringIndex(body); at != nil {
		return body[:at[1]] + base + body[at[1]:]
	}
	return "<!doctype html><meta charset=\"utf-8\">" + base + body
}

var webAddress = regexp.MustCompile(`https?://[^\s<>"]*[^\s<>".,;:!?)]`)

// textLetter is a mail's text form as mail programs show it: links can be
// clicked.
func textLetter(text string) string {
	var b strings.Builder
	b.WriteString(`<!doctype html><meta charset="utf-8">` + base +
		`<style>body{margin:0;padding:16px;font:14px/1.5 ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre-wrap;overflow-wrap:anywhere;color:#17212b}</style>`)
	from := 0
	for _, at := range webAddress.FindAllStringIndex(text, -1) {
		address := html.EscapeString(text[at[0]:at[1]])
		b.WriteString(html.EscapeString(text[from:at[0]]))
		b.WriteString(`<a href="` + address + `" rel="noopener noreferrer">` + address + `</a>`)
		from = at[1]
	}
	b.WriteString(html.EscapeString(text[from:]))
	return b.String()
}
