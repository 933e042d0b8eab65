package guides

import (
	"iter"
	"strings"
)

// Situations gives every situation in which a position looks different in a
// language, with placeholders filled with examples. What the position does
// not depend on stays empty.
func (g *Guide) Situations(at, language string) iter.Seq[Situation] {
	step, beside := position(at)
	needed := make(map[string]bool)
	for _, id := range []string{step, beside} {
		if p := g.page(id, language); p != nil {
			for key := range p.keys() {
				needed[key] = true
			}
		}
	}
	return func(yield func(Situation) bool) {
		for s := range situations(needed) {
			s.Language = language
			if !yield(s) {
				return
			}
		}
	}
}

// situations combines all values of the keys that are needed.
func situations(needed map[string]bool) iter.Seq[Situation] {
	values := func(key string) []string {
		if !needed[key] {
			return []string{""}
		}
		return keys()[key]
	}
	return func(yield func(Situation) bool) {
		for _, verdict := range values("verdict") {
			for _, browser := range values("browser") {
				for _, platform := range values("platform") {
					if !yield(Situation{Verdict: verdict, Browser: browser, Platform: platform, Vars: Examples()}) {
						return
					}
				}
			}
		}
	}
}

// keys are what the page depends on in any situation.
func (p *page) keys() map[string]bool {
	out := make(map[string]bool)
	if len(p.front.Stop) > 0 {
		out["verdict"] = true
	}
	for _, c := range p.conditions() {
		for _, part := range c {
			out[part.key] = true
		}
	}
	for _, name := range p.front.pictures() {
		if p.album.byBrowser(name, p.language) {
			out["browser"] = true
		}
	}
	return out
}

// describe names a situation for whoever writes the guide.
func (s Situation) describe() string {
	var parts []string
	for _, key := range []string{"browser", "platform", "verdict"} {
		if value := s.value(key); value != "" {
			parts = append(parts, key+" "+value)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "for " + strings.Join(parts, " and ") + " "
}

// Examples gives a value for every placeholder that guides know, as long as
// they get in earnest.
func Examples() map[string]string {
	return map[string]string{
		"site":        "esign-bsre.bssn.go.id",
		"sender":      "osd@bssn.go.id",
		"subject":     "[eSign] Reset Passphrase",
		"email":       "na•••h@contoh.go.id",
		"helpdesk":    "petugas bantuan (helpdesk) di unit Anda",
		"fingerprint": strings.TrimSuffix(strings.Repeat("A1:", 32), ":"),
	}
}
