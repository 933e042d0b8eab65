package talk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"

	"resetpin/bot"
	"resetpin/handlers/understand"
)

// Handler answers a request.
type Handler func(ctx context.Context, r Request) (bot.Reply, error)

// Work does a durable job. Its payload is what the job was made with.
type Work func(ctx context.Context, payload []byte) error

// Meant answers typed words by a value that was found in them: a NIP, a code.
type Meant func(ctx context.Context, r Request, value string) (bot.Reply, error)

// Unheard hears that words did not reach a room, where officers no more hear
// the bot.
type Unheard func(ctx context.Context, room bot.Origin) error

// Capability is one thing that the bot can do: what it brings by one
// registration.
type Capability struct {
	Name     string // for messages to developers
	Commands []Command
	Actions  map[Name]Handler
	Forms    map[Name]Handler // submitted dialogs; the values are in Request.Fields
	Jobs     map[JobKind]Work
	Means    map[understand.Meaning]Meant // what numbers among typed words are for
	Texts    fs.FS                        // LANGUAGE.yaml for each language; nil: they stand in handlers/texts
	Sayings  map[SayKind]Saying           // what is said unasked

	// These are for one capability each; another that brings one is refused.
	Words     Handler // answers typed words
	Introduce Handler // answers what only a linked employee may ask, when the person is none
	Here      Here    // what stands before somebody on a walk
	Room      Handler // answers what officers do in their rooms
	Unheard   Unheard // tells an employee that officers cannot hear them
	Contact   Handler // takes a phone number that was handed over, or a card of somebody else's

	Notice Notice // tells what is wrong for everybody
	Watch  Watch  // hears how outside systems serve people

	RoomActions []Name // what is pressed in rooms, for a room that is a private chat

	// What officers do in their rooms that is about no ticket. Whoever answers
	// there hands it on, once it is known that they are officers.
	RoomCommands map[string]Handler
	RoomPresses  map[Name]Handler

	Places map[understand.Place]Handler // answers what is typed or sent at a place, whatever it means
}

// Command is what people can type. Help, Telegram's command list and
// Mattermost's autocompletion are made of them.
type Command struct {
	Name    string
	Aliases []string
	Admins  bool // it is theirs alone: see AdminCommand, which makes those
	Listed  int  // its place in the help, the smallest first; 0: it works, but is not listed. Its description is the text "command.NAME"
	Run     Handler
}

// words are all that stand for the command.
func (c Command) words() []string { return append([]string{c.Name}, c.Aliases...) }

// Table is what all capabilities bring together.
type Table struct {
	commands  []Command // in the order of the help
	actions   map[Name]Handler
	forms     map[Name]Handler
	jobs      map[JobKind]Work
	means     map[understand.Meaning]Meant
	sayings   map[SayKind]Saying
	words     Handler
	introduce Handler
	here      Here
	room      Handler
	contact   Handler
	unheard   Unheard
	notice    Notice
	watch     Watch
	pressed   []Name             // in rooms
	commanded map[string]Handler // in rooms
	touched   map[Name]Handler   // in rooms
	places    map[understand.Place]Handler
}

var nameForm = regexp.MustCompile(`^[a-z0-9.]{1,16}$`)

// NewTable puts capabilities together. It refuses what is given twice: a name,
// a command's word, a kind of job; and a shared name that nobody does.
func NewTable(capabilities ...Capability) (*Table, error) {
	t := &Table{actions: make(map[Name]Handler), forms: make(map[Name]Handler), jobs: make(map[JobKind]Work), means: make(map[understand.Meaning]Meant), sayings: make(map[SayKind]Saying), places: make(map[understand.Place]Handler),
		commanded: make(map[string]Handler), touched: make(map[Name]Handler)}
	var mistakes []error
	for _, c := range capabilities {
		if err := t.add(c); err != nil {
			mistakes = append(mistakes, fmt.Errorf("capability %s: %w", c.Name, err))
		}
	}
	for _, n := range Shared() {
		if t.actions[n] == nil {
			mistakes = append(mistakes, fmt.Errorf("nobody does %q", n))
		}
	}
	slices.SortStableFunc(t.commands, func(a, b Command) int { return cmp.Compare(a.Listed, b.Listed) })
	return t, errors.Join(mistakes...)
}

func (t *Table) add(c Capability) error {
	var mistakes []error
	for _, command := range c.Commands {
		words := command.words()
		for i, word := range words {
			if t.find(word) != nil || slices.Contains(words[:i], word) {
				mistakes = append(mistakes, fmt.Errorf("the word %q is a command already", word))
			}
		}
		t.commands = append(t.commands, command)
	}
	mistakes = append(mistakes, once(t.actions, c.Actions), once(t.forms, c.Forms), once(t.jobs, c.Jobs), once(t.means, c.Means), once(t.sayings, c.Sayings), once(t.places, c.Places), once(t.commanded, c.RoomCommands), once(t.touched, c.RoomPresses))
	mistakes = append(mistakes, fits(c.Actions), fits(c.Forms), fits(c.RoomPresses))
	if t.words != nil && c.Words != nil || t.introduce != nil && c.Introduce != nil || t.here != nil && c.Here != nil || t.room != nil && c.Room != nil || t.contact != nil && c.Contact != nil {
		mistakes = append(mistakes, errors.New("brings what another one does already"))
	}
	if c.Unheard != nil {
		t.unheard = c.Unheard
	}
	if c.Notice != nil {
		t.notice, t.watch = c.Notice, c.Watch
	}
	if c.Words != nil {
		t.words = c.Words
	}
	if c.Introduce != nil {
		t.introduce = c.Introduce
	}
	if c.Here != nil {
		t.here = c.Here
	}
	if c.Room != nil {
		t.room, t.pressed = c.Room, c.RoomActions
	}
	if c.Contact != nil {
		t.contact = c.Contact
	}
	return errors.Join(mistakes...)
}

// once adds what a capability brings, and refuses what is there already.
func once[K ~string, V any](all, more map[K]V) error {
	var mistakes []error
	for name, v := range more {
		if _, there := all[name]; there {
			mistakes = append(mistakes, fmt.Errorf("%q is done already", name))
		}
		all[name] = v
	}
	return errors.Join(mistakes...)
}

// fits refuses names that no button can have.
func fits(named map[Name]Handler) error {
	var mistakes []error
	for n := range named {
		if !nameForm.MatchString(string(n)) {
			mistakes = append(mistakes, fmt.Errorf("the name %q does not fit into a button", n))
		}
	}
	return errors.Join(mistakes...)
}

// find gives the command that a word stands for, or nil.
func (t *Table) find(word string) *Command {
	i := slices.IndexFunc(t.commands, func(c Command) bool { return slices.Contains(c.words(), word) })
	if i < 0 {
		return nil
	}
	return &t.commands[i]
}

// roomAction tells whether an action is one of those that are pressed in rooms.
func (t *Table) roomAction(a bot.Action) bool {
	return slices.Contains(t.pressed, Name(a.Name)) || t.touched[Name(a.Name)] != nil
}

// RoomCommand gives what a command in officers' rooms does that is about no
// ticket, or nil.
func (t *Table) RoomCommand(word string) Handler { return t.commanded[word] }

// RoomCommands lists the words of those.
func (t *Table) RoomCommands() []string { return slices.Sorted(maps.Keys(t.commanded)) }

// RoomPress gives what a button there does, or nil.
func (t *Table) RoomPress(n Name) Handler { return t.touched[n] }

// Has tells whether a word stands for a command.
func (t *Table) Has(word string) bool { return t.find(word) != nil }

// Listed gives the commands that are listed, in their order.
func (t *Table) Listed() []Command {
	return slices.DeleteFunc(slices.Clone(t.commands), func(c Command) bool { return c.Listed == 0 })
}

// Names lists all that buttons and dialogs do.
func (t *Table) Names() []Name {
	out := slices.Concat(slices.Collect(maps.Keys(t.actions)), slices.Collect(maps.Keys(t.forms)), t.pressed)
	slices.Sort(out)
	return slices.Compact(out) // what admins press in their own chat, too, is done twice
}

// AdminWords lists the words of the commands that are admins' alone.
func (t *Table) AdminWords() []string {
	var out []string
	for _, c := range t.commands {
		if c.Admins {
			out = append(out, c.words()...)
		}
	}
	return out
}

// Words lists every word that is a command, aliases included.
func (t *Table) Words() []string {
	var out []string
	for _, c := range t.commands {
		out = append(out, c.words()...)
	}
	return out
}
