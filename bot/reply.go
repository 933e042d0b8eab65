package bot

import "encoding/json"

// Reply is everything the bot answers to one update. Handlers return it and
// send nothing themselves. Texts are Markdown of a small common subset
// (paragraphs, **bold**, _italic_, `code`, [links](https://…), "- " and "1. "
// lists, "> " quotes); each platform's adapter renders it.
type Reply struct {
	Notice   string            // a few plain words shown at the pressed button, or over the first message
	Messages []Message         // in order
	Remove   *Removal          // a message of the person's to take out of the chat, before Messages are sent
	Form     *Form             // a dialog to open where the platform has dialogs; elsewhere Messages say the same
	Thread   ThreadChange      // what becomes of the thread that it is said in
	Outcome  string            // for who counts: OutcomeOutage, or empty for an answer like others
	About    string            // what must work for it, for a notice that is added; for the conversation alone
	Said     int               // how many messages of it were delivered before, when this is the rest
	Missed   int               // how often in a row nothing was understood; for the conversation alone
	Errors   map[string]string // to a submitted dialog: what is wrong, by field name; the dialog stays open
}

// ThreadChange is what becomes of a thread in a room of officers. With each of
// them its first message is changed into what it would be now. A reply without
// messages opens no thread.
type ThreadChange string

// The changes of a thread. Platforms whose threads cannot be closed leave that
// be.
const (
	ThreadShow   ThreadChange = "show"   // no more than that
	ThreadClose  ThreadChange = "close"  // after the messages
	ThreadReopen ThreadChange = "reopen" // before them
)

// Message is one message of the bot's.
type Message struct {
	Text    string // Markdown
	Picture *Picture
	File    *File      // a file of somebody else's, carried with the text as its caption; nil: none
	Buttons [][]Button // rows
	Contact *Contact   // a button to hand over the person's own phone number, in place of Buttons where the platform has one; elsewhere left out
	Settled bool       // for a message without Buttons: the phone number is not asked for any more, and the button of an earlier Contact goes, where there is one
	Place   string     // where the message leaves the person, for the conversation alone; empty: nowhere of its own
	Replace bool       // change the message that Origin names instead of writing a new one, where that is possible
	Said    int        // how many parts of it were delivered before, when this is the rest of a reply
	Passing bool       // what is said later, unasked, takes its place: it must stand there when Deliver returns, else it might come after what follows it

	// Topic names what the message's buttons are about, such as a walk: what
	// was said of it before loses its buttons, where the platform can do that.
	// Empty: the buttons stay good for ever.
	Topic string
}

// Picture is an image that is shown with a message.
type Picture struct {
	Name string        // file name with its ending; the same Name always means the same Data
	Data func() []byte // PNG or JPEG
	Alt  string        // what it shows, for those who cannot see it
}

// storedPicture is how a picture is kept with words that wait to be said.
type storedPicture struct {
	Name string
	Data []byte
	Alt  string
}

// MarshalJSON keeps the data beside the name.
func (p Picture) MarshalJSON() ([]byte, error) {
	return json.Marshal(storedPicture{Name: p.Name, Data: p.Data(), Alt: p.Alt})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (p *Picture) UnmarshalJSON(data []byte) error {
	var s storedPicture
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	*p = Picture{Name: s.Name, Data: func() []byte { return s.Data }, Alt: s.Alt}
	return nil
}

// Style is a button's weight.
type Style string

// The styles of a button.
const (
	StyleNormal  Style = ""
	StylePrimary Style = "primary"
	StyleDanger  Style = "danger"
)

// Button is pressed to do Action, or opens URL or copies Copy when one of them
// is set. A platform that cannot copy leaves the button out.
type Button struct {
	Text   string
	Action Action
	URL    string
	Copy   string // plain text, at most 256 characters
	Style  Style
}

// Contact is a button that hands over the phone number which the platform
// knows of the person, as an update of KindContact. It stands where people
// type, with another beside it that says no in the words of Cancel.
type Contact struct {
	Text   string // plain
	Cancel string // plain; typed as it is
}

// Removal takes the person's own message out of the chat and says so. Which
// of the two messages is sent depends on whether the platform allowed it.
type Removal struct {
	Message string // the platform's message id
	Done    Message
	Failed  Message // tells how to delete it by hand
}

// Form is a dialog. Its submission comes back as an Update of KindForm with
// the same Action.
type Form struct {
	Action Action
	Title  string // plain text, at most 24 characters
	Intro  string // Markdown
	Submit string // plain text, at most 24 characters
	Fields []Field
}

// Field is one line of text asked for by a Form.
type Field struct {
	Name        string // letters and digits
	Label       string // plain text, at most 24 characters
	Help        string // plain text, at most 150 characters
	Placeholder string
	Value       string // what stands in it when the dialog opens
	MaxLength   int    // characters
}
