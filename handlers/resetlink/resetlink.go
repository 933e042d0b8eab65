// Package resetlink tells BSrE's genuine reset links from those that only
// resemble them, in whatever form people paste them. It opens no link and asks
// nobody.
package resetlink

import (
	"net/url"
	"regexp"
	"resetpin/handlers/bsre/outside"
	"strings"
	"unicode"
)

// Verdict is the judgement on a link.
type Verdict string

// The verdicts.
const (
	Genuine Verdict = "genuine" // a reset link that leads to BSrE's site
	Fake    Verdict = "fake"    // pretends to be BSrE's or a reset link, and is not
	BSrE    Verdict = "bsre"    // another address of BSrE's, no reset link
	Short   Verdict = "short"   // a service that hides where it leads; BSrE uses none
	Other   Verdict = "other"   // anything else
)

// The reasons why a link is a fake.
const (
	ReasonHost   = "host"   // looks like the genuine host, and is another
	ReasonPath   = "path"   // a reset link on another host, or one that leads on to another
	ReasonScheme = "scheme" // the genuine host, but not over https
	ReasonPort   = "port"   // the genuine host, but another port
	ReasonUser   = "user"   // a user name before the host, as tricks use it
	ReasonDot    = "dot"    // the genuine host with a dot too many
	ReasonHidden = "hidden" // invisible or exchanged characters in the address
)

// Link is a link found in a text.
type Link struct {
	Verdict Verdict
	Host    string // what to show of where it leads: host and what gave it away, never the key; at most 80 runes
	Reason  string // of a fake
	Wrapper string // the mail filter's host that the link was wrapped by; empty: none
}

// resetPath is how the path of every reset link begins. Source: the mail.
const resetPath = "/email/user/passphrase"

const maxShownHost = 80 // runes

// canHoldLink tells whether anything in a text separates the parts of an
// address; most of what people type has nothing of the kind.
func canHoldLink(text string) bool {
	return !isASCII(text) || strings.ContainsAny(text, `.:\@%`) || strings.LastIndexByte(text, '/') > 0 || strings.Contains(strings.ToLower(text), "xn--")
}

// Rules are what links are judged by.
type Rules struct {
	Sites    []string // the genuine hosts, with a port where that is not 443
	Wrappers []string // hosts of mail filters that wrap links, beside those that everybody uses
}

// Classify finds the links in a text that somebody wrote or pasted and
// judges each, in the order in which they stand. hosts are the genuine ones,
// with a port where that is not 443. No link is opened.
//
// A link is genuine when it is a reset link (https, or no scheme as people
// copy it) whose browser would open exactly a genuine host. Capitals are the
// same host. Everything that only resembles that is a fake. A link that a mail
// filter wrapped is judged by where it leads.
func Classify(text string, hosts []string) []Link { return Rules{Sites: hosts}.classify(text, false) }

// Classify is Classify by rules, and finds the bare addresses of other sites too.
func (r Rules) Classify(text string) []Link { return r.classify(text, true) }

func (r Rules) classify(text string, others bool) []Link {
	if !canHoldLink(text) {
		return nil
	}
	j := newClassifier(r.Sites)
	j.others, j.wrappers = others, r.Wrappers
	var links []Link
	for _, token := range strings.FieldsFunc(text, endsToken) {
		links = append(links, j.token(token)...)
	}
	return links
}

// endsToken tells the characters that no link goes across.
func endsToken(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\r', '\v', '\f', 0x85, 0xA0, 0x2028, 0x2029, '<', '>', '"', '“', '”', '«', '»':
		return true
	}
	return false
}

// schemes finds where a link with a scheme begins. Browsers take "https:/",
// "https:\\" and "https:" for "https://".
var schemes = regexp.MustCompile(`(?i)https?:[/\\]*|[a-z][a-z0-9+.-]*:[/\\]{2,}`)

// bare finds a host and what follows it in text without a scheme.
var bare = regexp.MustCompile(`^([^/\\?#:@]+(?:@[^/\\?#:@]+)?\.[^/\\?#:@.]+\.?)(:\d{1,5})?([/\\?#].*)?$`)

// token judges a piece of text without spaces. Every scheme in it begins a
// link, for one link can hide behind another.
func (j *classifier) token(raw string) []Link {
	if inner, host := j.unwrap(raw); inner != "" {
		links := j.token(inner)
		for i := range links {
			links[i].Wrapper = host
		}
		return links
	}
	token := unmask(raw)
	starts := schemes.FindAllStringIndex(token, -1)
	end := len(token)
	if len(starts) > 0 {
		end = starts[0][0]
	}
	var links []Link
	for _, piece := range strings.FieldsFunc(token[:end], endsBare) {
		if l, ok := j.bare(raw, strings.TrimRight(piece, ".!…")); ok {
			links = append(links, l)
		}
	}
	for _, at := range starts {
		scheme := strings.ToLower(strings.TrimRight(token[at[0]:at[1]], `/\`))
		links = append(links, j.link(raw, strings.TrimSuffix(scheme, ":"), trimEnd(token[at[1]:])))
	}
	return links
}

// endsBare tells what ends a host that stands without a scheme.
func endsBare(r rune) bool { return strings.ContainsRune("()[]{}|,;'`*_", r) }

// trimEnd drops what closes the sentence or the brackets around a link.
func trimEnd(s string) string { return strings.TrimRight(s, ".,;:!?…)]}'`*_|") }

// bare judges a host without a scheme. Only what matters is told: people
// write many words with a dot in them.
func (j *classifier) bare(raw, piece string) (Link, bool) {
	m := bare.FindStringSubmatch(piece)
	if m == nil || strings.Contains(m[1], "@") && m[3] == "" {
		return Link{}, false // no host, or an e-mail address
	}
	l := j.link(raw, "", piece)
	if l.Verdict == Fake && l.Reason == ReasonHost && m[3] == "" && !j.near(hostOf(m[1])) {
		return Link{}, false // a sentence whose space is missing: "BSrE.Terima"
	}
	if l.Verdict == Other {
		return l, j.others && (len(m[3]) > 1 || strings.HasPrefix(piece, "www.")) && hasLetter(m[1][strings.LastIndexByte(strings.TrimRight(m[1], "."), '.')+1:])
	}
	return l, true
}

// hasLetter tells a name's end from a number's.
func hasLetter(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }

// link judges one link: rest is what follows the scheme and its slashes.
func (j *classifier) link(raw, scheme, rest string) Link {
	a := split(rest)
	l := Link{Verdict: Other, Host: outside.Clean(a.host+a.port, maxShownHost)}
	reset := looksLikeReset(a.path, j.sites)
	site, genuine := j.site(a.host)
	switch {
	case genuine && (reset || scheme != ""):
		l.classifyGenuine(raw, scheme, a, site, reset)
	case genuine && len(a.path) < 2: // its name in a sentence
	case !reset && (scheme != "" || len(a.path) > 1) && (genuine || j.official(a)):
		l.Verdict = BSrE
	case reset:
		l.fake(ReasonPath, "")
	case j.resembles(a.host), a.user && j.mentions(a.authority):
		l.fake(ReasonHost, "")
	case shortens(a.host) && len(a.path) > 1:
		l.Verdict = Short
	}
	return l
}

// classifyGenuine looks at what else must be right besides the host.
func (l *Link) classifyGenuine(raw, scheme string, a address, site site, reset bool) {
	switch {
	case hidden(raw, a.authority):
		l.fake(ReasonHidden, a.host+" (?)")
	case a.user:
		l.fake(ReasonUser, a.authority)
	case !reset:
		l.Verdict = BSrE
	case scheme != "" && !strings.HasSuffix(scheme, "https"):
		l.fake(ReasonScheme, scheme+"://"+a.host)
	case a.dot:
		l.fake(ReasonDot, a.host+".")
	case a.port != site.port && (a.port != ":443" || site.port != ""):
		l.fake(ReasonPort, "")
	default:
		l.Verdict = Genuine
	}
}

func (l *Link) fake(reason, shown string) {
	l.Verdict, l.Reason = Fake, reason
	if shown != "" {
		l.Host = outside.Clean(shown, maxShownHost)
	}
}

// address is what follows a scheme, in its parts, as browsers read it.
type address struct {
	authority string // as written
	host      string // lower case, percent signs resolved, without a dot at its end
	port      string // with its colon; empty: none
	path      string // and all that follows
	user      bool   // something stands before an @
	dot       bool   // the host ends with a dot
}

func split(rest string) address {
	rest = strings.ReplaceAll(rest, `\`, "/")
	a := address{authority: rest}
	if at := strings.IndexAny(rest, "/?#"); at >= 0 {
		a.authority, a.path = rest[:at], rest[at:]
	}
	host := a.authority
	if at := strings.LastIndexByte(host, '@'); at >= 0 {
		host, a.user = host[at+1:], true
	}
	if at := strings.LastIndexByte(host, ':'); at >= 0 && strings.Trim(host[at+1:], "0123456789") == "" {
		if port := strings.TrimLeft(host[at+1:], "0"); port != "" {
			a.port = ":" + port
		}
		host = host[:at]
	}
	a.dot = strings.HasSuffix(host, ".")
	a.host = hostOf(host)
	return a
}

// hostOf is a host in the form in which hosts are compared.
func hostOf(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		s = plain
	}
	return strings.TrimSuffix(strings.ToLower(s), ".")
}

// looksLikeReset tells whether a path is a reset link's, or leads on to one.
func looksLikeReset(path string, sites []site) bool {
	for range 3 { // an address within an address is escaped again
		lower := strings.ToLower(path)
		if strings.Contains(lower, resetPath) || strings.Contains(lower, "passphrase/reset") {
			return true
		}
		for _, s := range sites {
			if strings.Contains(lower, s.host) {
				return true
			}
		}
		plain, err := url.PathUnescape(path)
		if err != nil || plain == path {
			return false
		}
		path = plain
	}
	return false
}
