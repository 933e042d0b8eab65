package understand

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"resetpin/handlers/resetlink"
)

// linkOf tells by its first link what a text with a link is, or "" when it has
// none. A link to one of BSrE's own sites is no false one, whatever its path.
func linkOf(text string, sites []string) Meaning {
	links := resetlink.Classify(text, sites)
	if len(links) == 0 {
		return ""
	}
	for _, l := range links {
		if l.Verdict != resetlink.Genuine && l.Verdict != resetlink.BSrE && (l.Verdict == resetlink.Fake || !slices.Contains(sites, l.Host)) {
			return LinkFake
		}
	}
	return LinkGenuine
}

// bareHost is the name of a site as people read it off their browser, and no
// e-mail address.
var bareHost = regexp.MustCompile(`(?i)(?:^|[^@a-z0-9.-])((?:[a-z0-9-]+\.)+[a-z]{2,})`)

// otherSite tells whether a text names a site that is none of sites.
func otherSite(text string, sites []string) bool {
	for _, m := range bareHost.FindAllStringSubmatch(text, -1) {
		host := strings.ToLower(m[1])
		if isSite(host) && !slices.Contains(sites, strings.TrimPrefix(host, "www.")) {
			return true
		}
	}
	return false
}

// isSite tells whether a word is the name of a site, with an ending that is given
// out, by the Public Suffix List.
func isSite(word string) bool {
	_, listed := publicsuffix.PublicSuffix(word)
	return listed && strings.Contains(word, ".")
}

// bySite keeps whoever compares the address from going on with another one,
// however sure of it they sound.
func (u *Understander) bySite(in Input, r Result) Result {
	looks := in.Place == StepAddress || in.Place == StepWarning
	on := func(m Meaning) bool { return m == Next || m == Yes }
	offered := r.Ask && slices.ContainsFunc(r.Offers, func(s Scored) bool { return on(s.Class.Meaning()) })
	if looks && (on(r.Meaning) || offered) && otherSite(in.Text, u.sites) {
		r.Ask, r.Offers = false, nil
		return r.is(pageOtherAddress)
	}
	return r
}
