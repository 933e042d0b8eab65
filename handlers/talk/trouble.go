package talk

import (
	"errors"

	"resetpin/bot"
	"resetpin/handlers/bsre"
)

// Trouble is what stands between the bot and BSrE, as the keys of texts and the
// audit trail name it.
type Trouble string

// The troubles that people are told of, and the two that they are not: what is
// NoTrouble is not theirs to know, and Unsupported is no fault.
const (
	NoTrouble     Trouble = ""
	Lost          Trouble = "unknown" // BSrE's answer to a wish: it may have been done
	Down          Trouble = "down"    // BSrE does not answer
	Closed        Trouble = "closed"  // BSrE does not let the bot in
	Busy          Trouble = "busy"    // too many wait
	NotSeen       Trouble = "notseen"
	NoCertificate Trouble = "nocertificate"
	Ambiguous     Trouble = "ambiguous"
	OtherPhone    Trouble = "other"       // another number is on BSrE's record
	Declined      Trouble = "refused"     // by BSrE, in words of its own
	Unsupported   Trouble = "unsupported" // the way of resetting that is set cannot do this
)

// TroubleOf tells which trouble an error of BSrE's clients is. It is the one
// place where they become words.
func TroubleOf(err error) Trouble {
	for _, t := range []struct {
		is   error
		kind Trouble
	}{
		{bsre.ErrOutcomeUnknown, Lost}, {bsre.ErrUnavailable, Down}, {bsre.ErrCredentials, Closed}, {bsre.ErrQueue, Busy},
		{bsre.ErrNotFound, NotSeen}, {bsre.ErrNoCertificate, NoCertificate}, {bsre.ErrAmbiguous, Ambiguous},
		{bsre.ErrOtherPhone, OtherPhone}, {bsre.ErrRefused, Declined}, {bsre.ErrNotSupported, Unsupported},
	} {
		if errors.Is(err, t.is) {
			return t.kind
		}
	}
	return NoTrouble
}

// Personal tells whether BSrE has answered, and the trouble is with the one
// person who was asked about.
func (t Trouble) Personal() bool {
	return t == NotSeen || t == NoCertificate || t == Ambiguous
}

// Answer marks an answer that tells of a trouble: where BSrE does not answer,
// does not let the bot in, or its answer to a wish was lost, nobody was served.
func (t Trouble) Answer(r bot.Reply) bot.Reply {
	if t == Lost || t == Down || t == Closed {
		r.Outcome = bot.OutcomeOutage
	}
	return r
}

// SaidBy gives BSrE's own words in an error; empty: it has none.
func SaidBy(err error) string {
	var refused *bsre.RefusedError
	if errors.As(err, &refused) {
		return refused.Message
	}
	return ""
}

// Troubled is TroubleOf an error of which somebody is about to be told; it is
// counted. One that is NoTrouble is for the caller to give on: the engine says
// that something went wrong, with an id, and writes it down.
func (k *Kernel) Troubled(err error) Trouble {
	kind := TroubleOf(err)
	if kind != NoTrouble && kind != Unsupported && k.Count != nil {
		k.Count(kind)
	}
	return kind
}
