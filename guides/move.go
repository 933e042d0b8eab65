package guides

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ChoiceKind is what a button does.
type ChoiceKind string

// The kinds of choice. Those that ask something of the bot leave the walk
// where it is.
const (
	ChoiceNext     ChoiceKind = "next"
	ChoiceBack     ChoiceKind = "back"
	ChoiceProblem  ChoiceKind = "problem" // opens the list of problems
	ChoicePage     ChoiceKind = "page"    // opens the page Target
	ChoiceStop     ChoiceKind = "stop"
	ChoiceDone     ChoiceKind = "done"
	ChoiceReset    ChoiceKind = "reset"    // asks the bot for a new link
	ChoiceStatus   ChoiceKind = "status"   // asks the bot for the status
	ChoiceHelpdesk ChoiceKind = "helpdesk" // asks the bot to call a person
	ChoiceGuide    ChoiceKind = "guide"    // begins the guide Target
	ChoiceBrowser  ChoiceKind = "browser"  // lets the reader name another browser
)

// letters are the kinds' short forms, for the little room in a button's data.
func letters() map[ChoiceKind]string {
	return map[ChoiceKind]string{
		ChoiceNext: "n", ChoiceBack: "b", ChoiceProblem: "p", ChoicePage: "g", ChoiceStop: "s", ChoiceDone: "d",
		ChoiceReset: "r", ChoiceStatus: "t", ChoiceHelpdesk: "h", ChoiceGuide: "u", ChoiceBrowser: "w",
	}
}

// Letter is the kind's short form of one character.
func (k ChoiceKind) Letter() string { return letters()[k] }

// ChoiceByLetter reads what Letter wrote.
func ChoiceByLetter(letter string) (ChoiceKind, bool) {
	for kind, l := range letters() {
		if l == letter {
			return kind, true
		}
	}
	return "", false
}

// Asks tells whether the choice asks something of the bot and leaves the walk
// where it is.
func (k ChoiceKind) Asks() bool {
	switch k {
	case ChoiceReset, ChoiceStatus, ChoiceHelpdesk, ChoiceGuide, ChoiceBrowser:
		return true
	}
	return false
}

// End tells whether a move ended the walk.
type End string

// The ends.
const (
	EndNone    End = ""
	EndDone    End = "done"
	EndStopped End = "stopped"
)

// ErrNoMove says that a page has no such choice.
var ErrNoMove = errors.New("the step has no such choice")

// menu stands after a step's id while its list of problems is open, and a
// page's id while that page is.
const menu = "menu"

// position splits a walk's position: "mail" is the step, "mail+nomail" a page
// opened from it, "mail+menu" its list of problems.
func position(at string) (step, page string) {
	step, page, _ = strings.Cut(at, "+")
	return step, page
}

// StepOf is the step of a position, whatever page beside it is open.
func StepOf(at string) string {
	step, _ := position(at)
	return step
}

// Move is the pure step function: where a choice leads from a position. The
// position stays when the walk ends or the choice asks something of the bot.
// It gives ErrNoMove for a choice that the page does not offer.
func (g *Guide) Move(at string, kind ChoiceKind, target string) (next string, end End, err error) {
	step, beside := position(at)
	i := slices.Index(g.steps, step)
	if i < 0 || !g.offers(at, kind, target) {
		return at, EndNone, fmt.Errorf("%w: %s %s at %s", ErrNoMove, kind, target, at)
	}
	switch kind {
	case ChoiceNext:
		return g.steps[i+1], EndNone, nil
	case ChoiceBack:
		if beside == "" {
			return g.steps[i-1], EndNone, nil
		}
		return step, EndNone, nil
	case ChoiceProblem:
		return step + "+" + menu, EndNone, nil
	case ChoicePage:
		if slices.Contains(g.steps, target) {
			return target, EndNone, nil
		}
		return step + "+" + target, EndNone, nil
	case ChoiceStop:
		return step, EndStopped, nil
	case ChoiceDone:
		return at, EndDone, nil
	}
	return at, EndNone, nil
}

// offers tells whether a position shows such a choice.
func (g *Guide) offers(at string, kind ChoiceKind, target string) bool {
	choices, ok := g.choices(at, languages()[0])
	return ok && slices.ContainsFunc(choices, func(c Choice) bool { return c.Kind == kind && c.Target == target })
}

// choices gives the buttons of a position.
func (g *Guide) choices(at, language string) ([]Choice, bool) {
	step, beside := position(at)
	i := slices.Index(g.steps, step)
	label := func(key string) string { return g.labels[language][key] }
	switch {
	case beside == menu && i >= 0:
		return g.problemList(step, language, label("back")), true
	case beside != "" && i >= 0:
		p := g.page(beside, language)
		if p == nil {
			return nil, false
		}
		return append(extra(p), Choice{Label: label("return"), Kind: ChoiceBack}, Choice{Label: label("stop"), Kind: ChoiceStop}), true
	}
	p := g.page(step, language)
	if p == nil {
		return nil, false
	}
	out := extra(p)
	if i < 0 {
		return out, true // a page beside the steps, shown by itself
	}
	if i < len(g.steps)-1 {
		next := p.front.Next
		if next == "" {
			next = label("next")
		}
		out = append(out, Choice{Label: next, Kind: ChoiceNext, Primary: true})
	}
	if len(p.front.Problems) > 0 {
		out = append(out, Choice{Label: label("problem"), Kind: ChoiceProblem})
	}
	if i > 0 {
		out = append(out, Choice{Label: label("back"), Kind: ChoiceBack})
	}
	return append(out, Choice{Label: label("stop"), Kind: ChoiceStop}), true
}

// problemList offers the pages about what goes wrong at a step.
func (g *Guide) problemList(step, language, back string) []Choice {
	var out []Choice
	if p := g.page(step, language); p != nil {
		for _, id := range p.front.Problems {
			if problem := g.page(id, language); problem != nil {
				out = append(out, Choice{Label: problem.front.Title, Kind: ChoicePage, Target: id})
			}
		}
	}
	return append(out, Choice{Label: back, Kind: ChoiceBack})
}

// extra gives the buttons that a page's front matter adds. The first is the
// one to press on pages that have no next step.
func extra(p *page) []Choice {
	var out []Choice
	for i, b := range p.front.Buttons {
		kind, target := parseGo(b.Go)
		out = append(out, Choice{Label: b.Label, Kind: kind, Target: target, Primary: i == 0})
	}
	return out
}

// parseGo reads where a button goes; what is no word of its own is a page.
func parseGo(s string) (ChoiceKind, string) {
	word, rest, _ := strings.Cut(strings.TrimSpace(s), " ")
	switch kind := ChoiceKind(word); kind {
	case ChoiceReset, ChoiceStatus, ChoiceHelpdesk, ChoiceDone, ChoiceProblem, ChoiceBrowser:
		return kind, ""
	case ChoiceGuide:
		return kind, strings.TrimSpace(rest)
	}
	return ChoicePage, word
}
