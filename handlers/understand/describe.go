package understand

import (
	"fmt"
	"strings"
)

// Describe tells a result in lines: the meaning and its score, and the
// runners-up.
func (r Result) Describe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", r.Short())
	for _, s := range r.Runners {
		if string(s.Class) != string(r.Meaning) && s.Score >= 0.005 {
			fmt.Fprintf(&b, "  %-28s %.2f\n", s.Class, s.Score)
		}
	}
	return b.String()
}

// Short tells a result in a few words.
func (r Result) Short() string {
	name := string(r.Meaning)
	if r.Answer != "" {
		name += "/" + r.Answer
	}
	switch {
	case r.Secret == SecretMaybe && r.Meaning != PIN:
		return fmt.Sprintf("asked whether it is a PIN; else %s %.2f", name, r.Score)
	case r.Lost:
		return fmt.Sprintf("%s: not understood", name)
	case r.Ask:
		offers := make([]string, len(r.Offers))
		for i, s := range r.Offers {
			offers[i] = string(s.Class.Meaning())
		}
		return fmt.Sprintf("do you mean: %s (%.2f)?", strings.Join(offers, ", "), r.Score)
	}
	return fmt.Sprintf("%s %.2f", name, r.Score)
}
