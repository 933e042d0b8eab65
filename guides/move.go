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
	ChoiceCopy     ChoiceKind = "copy"     // puts the placeholder Target on the reader's clipboard; nothing is pressed
	ChoiceNumber   ChoiceKind = "number"   // asks the bot to take a new phone number for an officer
	ChoicePhone    ChoiceKind = "phone"    // asks the bot whether the phone number is verified by now
)

// letters are the kinds' short forms, for the little room in a button's data.
func letters() map[ChoiceKind]string {
	return map[ChoiceKind]string{
		ChoiceNext: "n", ChoiceBack: "b", ChoiceProblem: "p", ChoicePage: "g", ChoiceStop: "s", ChoiceDone: "d",
		ChoiceReset: "r", ChoiceStatus: "t", ChoiceHelpdesk: "h", ChoiceGuide: "u", ChoiceBrowser: "w", ChoicePhone: "v", ChoiceNumber: "o",
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
	case ChoiceReset, ChoiceStatus, ChoiceHelpdesk, ChoiceGuide, ChoiceBrowser, ChoicePhone, ChoiceNumber:
		return true
	}
	return false
}

// Always tells whether pages offer the choice whatever the certificate is
// worth: nobody need look at it first.
func (k ChoiceKind) Always() bool {
	return k == ChoiceBack || k == ChoiceProblem || k == ChoiceStop
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

// position splits a walk's position, and gives for a step that became part of
// another one that other.
func (g *Guide) position(at string) (step, page string) {
	step, page = position(at)
	if into, ok := g.merged[step]; ok {
		step = into
	}
	return step, page
}

// Settle gives the position itself when the guide still has it, else its step
// or the one that this became part of, else the first step: a walk outlives a
// change of its guide.
func (g *Guide) Settle(at string) string {
	step, beside := g.position(at)
	if was, _ := position(at); was != step {
		at = step
		if beside != "" {
			at += "+" + beside
		}
	}
	switch {
	case !slices.Contains(g.steps, step):
		return g.First()
	case beside != "" && beside != menu && g.pages[beside] == nil:
		return step
	}
	return at
}

// Move is the pure step function: where a choice leads from a position. The
// position stays when the walk ends or the choice asks something of the bot.
// It gives ErrNoMove for a choice that the page does not offer in the
// situation: what leads on is not offered where the certificate says stop.
func (g *Guide) Move(at string, kind ChoiceKind, target string, s Situation) (next string, end End, err error) {
	step, beside := g.position(at)
	i := slices.Index(g.steps, step)
	if i < 0 || !g.offers(at, kind, target, s) {
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
