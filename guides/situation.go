package guides

import (
	"iter"
	"strings"
)

// Situations gives every situation in which a position looks different in a
// language, with placeholders filled with examples. What the position does
// not depend on stays empty.
func (g *Guide) Situations(at, language string) iter.Seq[Situation] {
	step, beside := g.position(at)
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
	var names []string
	for _, key := range sortedKeys() {
		if needed[key] {
			names = append(names, key)
		}
	}
	return func(yield func(Situation) bool) {
		combine(Situation{}, names, func(s Situation) bool {
			s.Vars = Examples()
			return yield(s)
		})
	}
}

// combine goes through all values of the keys, the first one's slowest, until
// yield has enough.
func combine(s Situation, names []string, yield func(Situation) bool) bool {
	if len(names) == 0 {
		return yield(s)
	}
	for _, value := range keys()[names[0]] {
		if !combine(s.with(names[0], value), names[1:], yield) {
			return false
		}
	}
	return true
}

// with is the situation with a key's value.
func (s Situation) with(key, value string) Situation {
	switch key {
	case "browser":
		s.Browser = value
	case "links":
		s.Links = value
	case "mode":
		s.Mode = value
	case "platform":
		s.Platform = value
	case "site":
		s.Site = value
	case "status":
		s.Status = value
	case "verdict":
		s.Verdict = value
	}
	return s
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
		if p.pictures.byBrowser(name, p.language) {
			out["browser"] = true
		}
	}
	return out
}

// Told lists what the situation says beyond what holds when nobody tells, each
// as a condition: "browser edge".
func (s Situation) Told() []string {
	var parts []string
	for _, key := range sortedKeys() {
		if value := s.value(key); value != "" && s.with(key, "").value(key) != value {
			parts = append(parts, key+" "+value)
		}
	}
	return parts
}

// describe names a situation for whoever writes the guide.
func (s Situation) describe() string {
	parts := s.Told()
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
		"spelled":     "esign, tanda hubung, bsre, titik, bssn, titik, go, titik, id",
		"app":         "aplikasi tempat Anda biasa menandatangani",
		"nip":         "198001012005011001",
		"sent":        "23.50",
		"asked":       "23.48 dan 23.50",
		"until":       "27-11-2026 23.59 WIB",
	}
}
