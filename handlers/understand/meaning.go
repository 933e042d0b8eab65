package understand

import (
	"slices"
	"strings"
)

// Meaning is what somebody wants to say.
type Meaning string

// The meanings that the program itself knows; guides and pages are named
// "guide:NAME" and "page:NAME", commands "command:NAME", browsers
// "browser:NAME".
const (
	Unknown     Meaning = "unknown" // nothing that the bot does, or nothing that it understood
	Yes         Meaning = "yes"
	No          Meaning = "no"
	Next        Meaning = "next"
	Back        Meaning = "back"
	Stop        Meaning = "stop"
	Again       Meaning = "again"   // say or try it again; wait
	Problem     Meaning = "problem" // something went wrong here
	Greeting    Meaning = "greeting"
	Thanks      Meaning = "thanks"
	Helpdesk    Meaning = "helpdesk"
	TextOnly    Meaning = "textonly"
	NIP         Meaning = "nip"
	Code        Meaning = "code"
	Phone       Meaning = "phone"
	PIN         Meaning = "pin"
	LinkGenuine Meaning = "link-genuine"
	LinkFake    Meaning = "link-fake"
	Choice      Meaning = "choice" // one of the choices offered: Result.Choice

	commandReset  Meaning = "command:resetpin"
	commandStatus Meaning = "command:status"

	pageOther        Meaning = "page:othercode"
	pageWarned       Meaning = "page:warned"
	pageOtherAddress Meaning = "page:otheraddr"
	pageNoOpen       Meaning = "page:noopen"
	pageNoPass       Meaning = "page:noproceed"
	pageStill        Meaning = "page:stillwrong"
	pageRefused      Meaning = "page:refused"
	pageGoodPIN      Meaning = "page:goodpin"
)

// known tells whether the program knows what to do with a meaning. Whether a
// guide or page of the name exists is for those to say who have the guides.
func (m Meaning) known() bool {
	switch m {
	case Unknown, Yes, No, Next, Back, Stop, Again, Problem, Greeting, Thanks, Helpdesk, TextOnly:
		return true
	}
	kind, name, ok := strings.Cut(string(m), ":")
	return ok && name != "" && slices.Contains([]string{"command", "guide", "page", "browser"}, kind)
}
