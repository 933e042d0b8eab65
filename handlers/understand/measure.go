package understand

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Case is a line of a file of sentences with what each is to mean.
type Case struct {
	Context Place     `json:"context"`
	Lang    string    `json:"lang"`
	Text    string    `json:"text"`
	Expect  []Meaning `json:"expect"`
	Note    string    `json:"note"`
}

// ReadCases reads a file of one JSON object a line. The error names the line.
func ReadCases(r io.Reader) ([]Case, error) {
	var out []Case
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var c Case
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if !slices.Contains(Places(), c.Context) {
			return nil, fmt.Errorf("line %d: %q is no place", n, c.Context)
		}
		out = append(out, c)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read sentences: %w", err)
	}
	return out, nil
}

// Outcome tells what became of a case.
type Outcome string

// The outcomes.
const (
	Right   Outcome = "right"
	Offered Outcome = "offered" // asked after, with a right one among the choices
	Wrong   Outcome = "wrong"   // something else was done
	Lost    Outcome = "lost"    // nothing was understood, or only wrong choices were offered
	Asked   Outcome = "asked"   // whether it is a PIN
)

// Judge compares what is done by a result with what was expected. A PIN that is
// asked after is neither right nor removed, also when asking is all that is done.
func (c Case) Judge(r Result) Outcome {
	expects := func(m Meaning) bool {
		same := func(e Meaning) bool { return e == m || r.Value == "" && c.Context.deed(e) == c.Context.deed(m) }
		return slices.ContainsFunc(c.Expect, same)
	}
	switch {
	case r.Secret == SecretMaybe && r.Meaning != PIN:
		return Asked
	case r.Lost:
		if expects(Unknown) {
			return Right
		}
		return Lost
	case !r.Ask && expects(r.Meaning):
		return Right
	case r.Ask && slices.ContainsFunc(r.Offers, func(s Scored) bool { return expects(s.Class.Meaning()) }):
		return Offered
	case r.Ask:
		return Lost
	}
	return Wrong
}

// Tally counts outcomes.
type Tally struct {
	N, Right, Offered, Wrong, Lost int
	PINs, PINsRemoved, PINsAsked   int // of the sentences that only may be PINs
	Harmless, HarmlessRemoved      int // of the sentences that may be no PIN
	HarmlessAsked                  int
}

// Add counts a case.
func (t *Tally) Add(c Case, r Result) Outcome {
	outcome := c.Judge(r)
	t.N++
	switch outcome {
	case Right:
		t.Right++
	case Offered:
		t.Offered++
	case Wrong:
		t.Wrong++
	default:
		t.Lost++
	}
	switch isPIN := slices.Contains(c.Expect, PIN); {
	case isPIN && !slices.ContainsFunc(c.Expect, func(m Meaning) bool { return m == Code }):
		t.PINs++
		if r.Meaning == PIN {
			t.PINsRemoved++
		}
		if outcome == Asked {
			t.PINsAsked++
		}
	case !isPIN:
		t.Harmless++
		if r.Meaning == PIN {
			t.HarmlessRemoved++
		}
		if outcome == Asked {
			t.HarmlessAsked++
		}
	}
	return outcome
}

// String is the tally in a line, as percentages of N, of the PINs and of the
// harmless sentences.
func (t *Tally) String() string {
	return fmt.Sprintf("right %s %% · offered %s %% · wrong %s %% · lost %s %% · PINs removed %s %% · PINs asked %s %% · harmless removed %s %% · of %d",
		share(t.Right, t.N), share(t.Offered, t.N), share(t.Wrong, t.N), share(t.Lost, t.N),
		share(t.PINsRemoved, t.PINs), share(t.PINsAsked, t.PINs), share(t.HarmlessRemoved, t.Harmless), t.N)
}

func share(n, of int) string {
	if of == 0 {
		return "0.0"
	}
	return fmt.Sprintf("%.1f", 100*float64(n)/float64(of))
}
