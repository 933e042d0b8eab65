package resetlink

import (
	"net/url"
	"regexp"
	"strings"
)

// Mail filters put their own address around every link of a mail, to look at
// it when somebody follows it. What they wrap is what the link is.

// wrapping is how a filter wraps.
type wrapping struct {
	host  string // exactly, or with a dot in front every host below it
	path  string // begins the path
	query string // the parameter that holds the address; empty: see urlDefense
}

// wrappings are the filters that everybody meets, by their makers' own words:
// Microsoft Defender Safe Links, Barracuda Link Protection, and Google's mail.
func wrappings() []wrapping {
	return []wrapping{
		{".safelinks.protection.outlook.com", "/", "url"},
		{"linkprotect.cudasvc.com", "/url", "a"},
		{"www.google.com", "/url", "q"},
		{"urldefense.com", "/v3/__", ""},
	}
}

// ownWrapping are the parameters in which filters on a host of the agency's
// own hold the address (Fortinet FortiMail: url).
func ownWrapping() []string { return []string{"url", "a", "q", "u"} }

// urlDefense is Proofpoint's form, version 3: the address stands between two
// pairs of underscores, with an asterisk for what it keeps beside it.
var urlDefense = regexp.MustCompile(`(?i)^https://urldefense\.com/v3/__(.+?)__;`)

// unwrap gives the address that a filter wrapped, and the filter's host; both
// empty when the text is no wrapped link. An address that is not a whole one
// is none. What is given may be wrapped by another filter.
func (j *classifier) unwrap(raw string) (inner, host string) {
	token := strings.TrimLeft(unmask(raw), "([{'`*_")
	if m := urlDefense.FindStringSubmatch(token); m != nil {
		return whole(m[1]), "urldefense.com"
	}
	u, err := url.Parse(trimEnd(token))
	if err != nil || u.Scheme != "https" || u.User != nil || u.Port() != "" && u.Port() != "443" {
		return "", ""
	}
	name := hostOf(u.Hostname())
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return "", ""
	}
	for _, w := range wrappings() {
		fits := name == w.host || strings.HasPrefix(w.host, ".") && strings.HasSuffix(name, w.host)
		if fits && w.query != "" && strings.HasPrefix(u.Path, w.path) {
			return whole(query.Get(w.query)), name
		}
	}
	for _, own := range j.wrappers {
		if name != hostOf(own) {
			continue
		}
		for _, key := range ownWrapping() {
			if inner := whole(query.Get(key)); inner != "" {
				return inner, name
			}
		}
	}
	return "", ""
}

// whole gives an address when it is a whole one, else nothing.
func whole(address string) string {
	if schemes.FindStringIndex(address) == nil || schemes.FindStringIndex(address)[0] != 0 || strings.ContainsFunc(address, endsToken) {
		return ""
	}
	return address
}

// Without gives a text without the addresses in it, so that their words
// are not taken for the writer's.
func Without(text string) string {
	var out []string
	for _, line := range strings.Split(text, "\n") {
		var kept []string
		for _, word := range strings.FieldsFunc(line, endsToken) {
			if !addressed(unmask(word)) {
				kept = append(kept, word)
			}
		}
		out = append(out, strings.Join(kept, " "))
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// addressed tells whether a word is, or holds, an address: with a scheme, of a
// host with a path, or of a mailbox.
func addressed(word string) bool {
	if schemes.MatchString(word) {
		return true
	}
	m := bare.FindStringSubmatch(strings.Trim(word, "()[]{}|,;'`*_.!?…"))
	if m == nil {
		return false
	}
	end := m[1][strings.LastIndexByte(strings.TrimRight(m[1], "."), '.')+1:]
	return hasLetter(end) && (strings.Contains(m[1], "@") || m[2] != "" || len(m[3]) > 0 || strings.Count(m[1], ".") > 1 || strings.HasPrefix(m[1], "www."))
}
