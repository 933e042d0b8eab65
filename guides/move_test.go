package guides

import (
	"errors"
	"fmt"
	"slices"
	"testing"
)

func TestMove(t *testing.T) {
	g, _ := builtinLibrary(t).Guide("reset")
	after := func(id string) string { return g.steps[slices.Index(g.steps, id)+1] }
	before := func(id string) string { return g.steps[slices.Index(g.steps, id)-1] }
	tests := []struct {
		at     string
		kind   ChoiceKind
		target string
		next   string
		end    End
		bad    bool
	}{
		{at: "mail", kind: ChoiceNext, next: after("mail")},
		{at: "mailbox", kind: ChoiceNext, next: after("mail")}, // became part of it
		{at: "mail", kind: ChoiceBack, next: "mail", bad: true},
		{at: "link", kind: ChoiceBack, next: before("link")},
		{at: "mail", kind: ChoiceProblem, next: "mail+menu"},
		{at: "mail+menu", kind: ChoicePage, target: "nomail", next: "mail+nomail"},
		{at: "mail+menu", kind: ChoicePage, target: "refused", next: "mail+menu", bad: true},
		{at: "mail+menu", kind: ChoiceBack, next: "mail"},
		{at: "mail+nomail", kind: ChoiceBack, next: "mail"},
		{at: "mail+nomail", kind: ChoiceReset, next: "mail+nomail"},
		{at: "mail", kind: ChoiceReset, next: "mail", bad: true},
		{at: "mail", kind: ChoiceStop, next: "mail", end: EndStopped},
		{at: "mail+nomail", kind: ChoiceStop, next: "mail", end: EndStopped},
		{at: "done", kind: ChoiceDone, next: "done", end: EndDone},
		{at: "done", kind: ChoiceNext, next: "done", bad: true},
		{at: "nowhere", kind: ChoiceNext, next: "nowhere", bad: true},
		{at: "", kind: ChoiceNext, bad: true},
	}
	for _, tt := range tests {
		next, end, err := g.Move(tt.at, tt.kind, tt.target, situation("id"))
		if next != tt.next || end != tt.end || errors.Is(err, ErrNoMove) != tt.bad {
			t.Errorf("%s %s %s: got %q %q %v, want %q %q bad=%v", tt.at, tt.kind, tt.target, next, end, err, tt.next, tt.end, tt.bad)
		}
	}
}

// From every position, in every situation: what is offered is taken and leads
// to what can be shown, what is not offered is refused, one can stop, and the
// end can be reached, or a person called where nobody is led on.
func TestEveryChoiceThatIsOfferedIsTakenAndNoOther(t *testing.T) {
	l := builtinLibrary(t)
	for _, name := range l.Names() {
		g, _ := l.Guide(name)
		targets := []string{"", "nowhere"}
		for id := range g.pages {
			targets = append(targets, id)
		}
		targets = append(targets, l.Names()...)
		for _, at := range g.Positions() {
			seen := make(map[string]bool)           // the same buttons do the same
			for s := range g.Situations(at, "id") { // the check holds both languages to the same buttons
				if choices, _ := g.choices(at, s); !seen[fmt.Sprint(choices)] {
					seen[fmt.Sprint(choices)] = true
					checkChoices(t, g, at, s, targets)
				}
			}
		}
	}
}

func checkChoices(t *testing.T, g *Guide, at string, s Situation, targets []string) {
	t.Helper()
	v, err := g.View(at, s)
	if err != nil {
		t.Fatalf("%s at %s %s: %v", g.name, at, s.describe(), err)
	}
	type choice struct {
		kind   ChoiceKind
		target string
	}
	offered := make(map[choice]bool)
	primary := 0
	for _, c := range v.Choices {
		if offered[choice{c.Kind, c.Target}] {
			t.Errorf("%s at %s %s: %s is offered twice", g.name, at, s.describe(), c.Label)
		}
		offered[choice{c.Kind, c.Target}] = true
		if c.Primary {
			primary++
		}
	}
	if primary > 1 {
		t.Errorf("%s at %s %s: %d buttons have weight", g.name, at, s.describe(), primary)
	}
	for kind := range letters() {
		if other := (Situation{Language: s.Language}); kind.Always() && offered[choice{kind: kind}] != g.offers(at, kind, "", other) {
			t.Errorf("%s at %s %s: whether %s is offered depends on the situation", g.name, at, s.describe(), kind)
		}
		for _, target := range targets {
			next, end, err := g.Move(at, kind, target, s)
			if (err == nil) != offered[choice{kind, target}] {
				t.Errorf("%s at %s %s: %s %s: offered is %v, but Move says %v", g.name, at, s.describe(), kind, target, offered[choice{kind, target}], err)
			}
			if err != nil && next != at {
				t.Errorf("%s at %s: a refused choice moves to %s", g.name, at, next)
			}
			if err == nil && end == EndNone {
				if _, err := g.View(next, s); err != nil {
					t.Errorf("%s at %s %s: %s leads to %q, which cannot be shown: %v", g.name, at, s.describe(), kind, next, err)
				}
			}
		}
	}
	if !offered[choice{kind: ChoiceStop}] && !offered[choice{kind: ChoiceBack}] {
		t.Errorf("%s at %s %s: neither back nor stop", g.name, at, s.describe())
	}
}

func TestAWalkOutlivesAChangeOfItsGuide(t *testing.T) {
	g, _ := builtinLibrary(t).Guide("reset")
	for at, want := range map[string]string{
		"mail": "mail", "mail+menu": "mail+menu", "mail+nomail": "mail+nomail",
		"mail+gone": "mail", "gone": "mail", "gone+nomail": "mail", "nomail": "mail", "": "mail",
		"mailbox": "mail", "mailbox+menu": "mail+menu", "mailbox+wrongbox": "mail+wrongbox", "mailbox+gone": "mail", "notice": "mail",
	} {
		if got := g.Settle(at); got != want {
			t.Errorf("%q settles at %q, want %q", at, got, want)
		}
	}
}

// With a certificate that says stop, nobody is led on by any button, from
// either step or the pages beside them.
func TestNobodyIsLedPastABadCertificate(t *testing.T) {
	g, _ := builtinLibrary(t).Guide("reset")
	for _, verdict := range keys()["verdict"] {
		s := situation("id")
		s.Verdict = verdict
		reached := map[string]bool{"address": true}
		for todo := []string{"address"}; len(todo) > 0; todo = todo[1:] {
			choices, _ := g.choices(todo[0], s)
			for _, c := range choices {
				next, _, err := g.Move(todo[0], c.Kind, c.Target, s)
				if err == nil && !reached[next] {
					reached[next] = true
					todo = append(todo, next)
				}
			}
		}
		good := verdict == "trusted" || verdict == "expected" || verdict == unknown
		if reached["pin"] != good {
			t.Errorf("verdict %s: reaching the new PIN is %v, want %v", verdict, reached["pin"], good)
		}
	}
}
