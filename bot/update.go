package bot

import "time"

// Kind tells what a person did.
type Kind string

// The kinds of update.
const (
	KindText    Kind = "text"    // typed words; Text holds them
	KindCommand Kind = "command" // a command; Command and Text (its arguments) are set
	KindAction  Kind = "action"  // a pressed button; Action is set and its signature was checked
	KindForm    Kind = "form"    // a submitted dialog; Action and Fields are set
	KindEdited  Kind = "edited"  // an earlier message was changed; Text holds the new words
	KindOther   Kind = "other"   // a picture, voice message, sticker …; Text holds a caption
	KindContact Kind = "contact" // a phone number handed over with the button that Message.Contact shows; Contact holds it
	KindLeft    Kind = "left"    // the account left a room of officers, or was put out of it; nobody waits for an answer

	KindUnasked Kind = "unasked" // nobody did anything: the bot itself has to say What, of which Words tells the rest
)

// Origin says where an update came from, and so where its answer goes. An
// Origin with nothing but an Account means that account's private chat.
type Origin struct {
	Account Account
	Chat    string // the platform's chat or channel (and topic in it), opaque; empty: the private chat with Account
	Private bool   // nobody else reads along
	Message string // the platform's id of the message that was typed or pressed; empty: none
	Thread  string // the thread within Chat, in the platform's own words; empty: none
	Subject string // where a room is spoken to unasked: the subject of the thread, which is found or opened; empty: the room itself
	Handle  string // the platform's own means to answer this very update once (callback query, response URL); opaque
}

// Update is one thing a person did, in the words of no platform.
type Update struct {
	Origin
	ID       string // the platform's own id of it: the same update delivered twice has the same ID
	Kind     Kind
	Command  string // lower case, without slash
	Text     string
	Links    []string // addresses that the message hides behind words or buttons of its own
	Files    []File   // what can be carried to somebody else
	Contact  string   // for KindContact: the number, in digits, when the platform vouches that it is the person's own; else empty
	Action   Action
	Called   string            // for a press in a room of officers: how the platform calls who pressed, as everybody there sees it; else empty
	Fields   map[string]string // a dialog's values by field name, unchecked
	Language string            // the language the platform reports for the person ("id", "en-US"), or empty
	At       time.Time         // when the person did it, by the platform's clock
	What     string            // for KindUnasked: what is to be said, a name of the handlers'
	Words    []byte            // for KindUnasked: what it is about, in the handlers' own form
	Wish     bool              // it is sure who asks, and not that they meant to ask for this here: what changes something needs a press
}
