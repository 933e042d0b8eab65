package understand

import (
	"fmt"
	"slices"
	"strings"
)

// Place is where a person is in the conversation: what was asked, or which
// step or answer stands before them.
type Place string

// The places.
const (
	HomeUnlinked       Place = "home-unlinked"
	HomeLinked         Place = "home-linked"
	AskNIP             Place = "ask-nip"
	AskCode            Place = "ask-code"
	AskPhone           Place = "ask-phone"
	AskBrowser         Place = "ask-browser"
	ConfirmReset       Place = "confirm-reset"
	Limited            Place = "limited"
	Down               Place = "down"
	StepMailbox        Place = "step:mailbox"
	StepMail           Place = "step:mail"
	StepLink           Place = "step:link"
	StepAddress        Place = "step:address"
	StepWarning        Place = "step:warning"
	StepPIN            Place = "step:pin"
	StepLogin          Place = "step:login"
	StepDone           Place = "step:done"
	WorkedQuestion     Place = "worked-question"
	StatusExpired      Place = "status-expired"
	StatusUnregistered Place = "status-unregistered"
	StatusNew          Place = "status-new"
	StatusNoCert       Place = "status-nocert"
	StatusSuspend      Place = "status-suspend"
)

// Places lists every place.
func Places() []Place {
	return []Place{
		HomeUnlinked, HomeLinked, AskNIP, AskCode, AskPhone, AskBrowser, ConfirmReset, Limited, Down,
		StepMailbox, StepMail, StepLink, StepAddress, StepWarning, StepPIN, StepLogin, StepDone, WorkedQuestion,
		StatusExpired, StatusUnregistered, StatusNew, StatusNoCert, StatusSuspend,
	}
}

// ParsePlace reads a place's name.
func ParsePlace(name string) (Place, error) {
	if p := Place(name); slices.Contains(Places(), p) {
		return p, nil
	}
	return "", fmt.Errorf("%q is no place", name)
}

// deed gives the one meaning that stands for all by which the conversation does
// the same at a place: whoever does not know their NIP, cannot find it or wants
// the question again is told where it stands.
func (p Place) deed(m Meaning) Meaning {
	asked := []Place{AskNIP, AskPhone, ConfirmReset}
	switch {
	case (m == Again || m == Problem || m == Back) && slices.Contains(asked, p), m == Problem && p == AskCode:
		return Again
	case m == Stop && (slices.Contains(asked, p) || p == AskCode || p == Limited || p == Down):
		return No
	}
	return m
}

// groups are the names that stand for several places in the files.
func groups() map[string][]Place {
	return map[string][]Place{
		"everywhere": Places(),
		"home":       {HomeUnlinked, HomeLinked},
		"steps":      {StepMailbox, StepMail, StepLink, StepAddress, StepWarning, StepPIN, StepLogin},
		"ends":       {StepDone, WorkedQuestion},
		"statuses":   {StatusExpired, StatusUnregistered, StatusNew, StatusNoCert, StatusSuspend},
	}
}

// parsePlaces reads "home step:mail".
func parsePlaces(text string) ([]Place, error) {
	var out []Place
	for word := range strings.FieldsSeq(text) {
		found := groups()[word]
		if p := Place(word); slices.Contains(Places(), p) {
			found = []Place{p}
		}
		if found == nil {
			return nil, fmt.Errorf("%q is no place", word)
		}
		for _, p := range found {
			if !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out, nil
}
