package understand

import (
	"slices"

	"resetpin/handlers/resetlink"
)

// linkOf tells by its first link what a text with a link is, or "" when it has
// none. A link to one of BSrE's own sites is no false one, whatever its path.
func linkOf(text string, sites []string) Meaning {
	links := resetlink.Judge(text, sites)
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
