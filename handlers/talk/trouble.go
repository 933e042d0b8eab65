package talk

import (
	"errors"

	"resetpin/handlers/bsre"
)

// Trouble is what stands between the bot and BSrE, as the keys of texts name it.
type Trouble string

// The troubles that people are told of. Every other error is not theirs to
// know.
const (
	NoTrouble     Trouble = ""
	Down          Trouble = "down"   // BSrE does not answer
	Closed        Trouble = "closed" // BSrE does not let the bot in
	Busy          Trouble = "busy"   // too many wait
	NotSeen       Trouble = "notseen"
	NoCertificate Trouble = "nocertificate"
	Ambiguous     Trouble = "ambiguous"
)

// TroubleOf tells which trouble an error of BSrE's clients is. It is the one
// place where they become words.
func TroubleOf(err error) Trouble {
	for _, t := range []struct {
		is   error
		kind Trouble
	}{
		{bsre.ErrUnavailable, Down}, {bsre.ErrCredentials, Closed}, {bsre.ErrQueue, Busy},
		{bsre.ErrNotFound, NotSeen}, {bsre.ErrNoCertificate, NoCertificate}, {bsre.ErrAmbiguous, Ambiguous},
	} {
		if errors.Is(err, t.is) {
			return t.kind
		}
	}
	return NoTrouble
}
