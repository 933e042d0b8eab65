package guides

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// condition says for whom something holds: "browser firefox edge", or
// "verdict expected unknown and browser iphone". The zero condition holds for
// everybody.
type condition []clause

// clause is a key and the values it holds for.
type clause struct {
	key    string
	values []string
}

// keys are what a page can depend on, with the values that are known. A
// verdict is a word for what the reset site's certificate is worth today.
func keys() map[string][]string {
	return map[string][]string{
		"browser":  {"chrome", "android", "edge", "firefox", "safari", "iphone", unknown},
		"links":    {"one", "several", "none"},
		"mode":     {"pictures", "text"},
		"platform": {"telegram", "mattermost", unknown},
		"site":     {"usual", "other"},
		"status":   {"issue", "expired", "renew", "waiting", "new", "none", "unregistered", "suspend", "revoke", "other", unknown},
		"verdict":  {"trusted", "expected", unknown, "foreign", "expired", "wronghost", "unreachable"},
	}
}

// Values gives what is known of a key that pages depend on: browser, links,
// mode, platform, site, status or verdict. The first value of links, mode and
// site is what holds when nobody tells.
func Values(key string) []string { return keys()[key] }

// sortedKeys lists the keys.
func sortedKeys() []string { return slices.Sorted(maps.Keys(keys())) }

// unknown is the value of what nobody told.
const unknown = "unknown"

// parseCondition reads the words after ::: or when. The error says what to
// write instead.
func parseCondition(words string) (condition, error) {
	var out condition
	if strings.TrimSpace(words) == "" {
		return nil, nil
	}
	for part := range strings.SplitSeq(words, " and ") {
		fields := strings.Fields(part)
		if len(fields) < 2 || keys()[fields[0]] == nil {
			return nil, fmt.Errorf("%q: write one of %s and the values it holds for; several of these are joined with and", strings.TrimSpace(words), strings.Join(sortedKeys(), ", "))
		}
		for _, value := range fields[1:] {
			if !slices.Contains(keys()[fields[0]], value) {
				return nil, fmt.Errorf("%s has no value %q; known are %s", fields[0], value, strings.Join(keys()[fields[0]], ", "))
			}
		}
		out = append(out, clause{key: fields[0], values: fields[1:]})
	}
	return out, nil
}

// value gives what the situation says of a key; empty when nobody told.
func (s Situation) value(key string) string {
	switch key {
	case "browser":
		return s.Browser
	case "links":
		return cmp.Or(s.Links, keys()[key][0])
	case "mode":
		return cmp.Or(s.Mode, keys()[key][0])
	case "platform":
		if s.Platform != "" && !slices.Contains(keys()[key], s.Platform) {
			return unknown // no page speaks of it
		}
		return s.Platform
	case "site":
		return cmp.Or(s.Site, keys()[key][0])
	case "status":
		return s.Status
	case "verdict":
		return s.Verdict
	}
	return ""
}

// holds judges the condition. What nobody told is unknown.
func (c condition) holds(s Situation) bool {
	for _, part := range c {
		if !part.holds(s) {
			return false
		}
	}
	return true
}

func (c clause) holds(s Situation) bool {
	value := s.value(c.key)
	if value == "" {
		value = unknown
	}
	return slices.Contains(c.values, value)
}

// decides lists the keys that the condition still depends on: those whose
// other clauses hold, or may hold once somebody tells.
func (c condition) decides(s Situation) []string {
	var out []string
	for i, part := range c {
		may := true
		for j, other := range c {
			may = may && (i == j || s.value(other.key) == "" || other.holds(s))
		}
		if may {
			out = append(out, part.key)
		}
	}
	return out
}
