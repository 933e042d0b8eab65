// Package talk is the kernel of the conversation: who wrote and where they
// are, the table of what can be asked, what was offered, the guard, and the
// way from an update to its answer. It knows no capability: each is a package
// of its own, and brings what it can do as a Capability.
package talk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"resetpin/bot"
	"resetpin/handlers/understand"
	"resetpin/store"
)

// Store is what the kernel needs of the database.
type Store interface {
	Session(ctx context.Context, a store.Account) (store.Session, error)
	SetErrand(ctx context.Context, a store.Account, command string, now time.Time) error
	SetPrompt(ctx context.Context, a store.Account, p store.Prompt, now time.Time) error
	SetOffer(ctx context.Context, a store.Account, o store.Offer) error
	QueueOffer(ctx context.Context, a store.Account, o store.Offer) error
	Audit(ctx context.Context, e store.Event) error
	NoteFake(ctx context.Context, f store.Fake, jobs func(store.FakeCount) []store.Job) (store.FakeCount, error)
	Enqueue(ctx context.Context, jobs ...store.Job) error
}

// Sentences tells what typed words mean, and gives PINs away.
type Sentences interface {
	Understand(in understand.Input) understand.Result
}

// Settings are what the whole conversation goes by.
type Settings struct {
	DefaultLanguage string
	LinkTTL         time.Duration // after which a link must be verified anew; 0: never
	ResetSites      []string      // whose reset links are genuine; the first is the one the guide names
	ResetSenders    []string
	LinkWrappers    []string // hosts of mail filters of the agency's own that wrap links
	HelpdeskContact string
	HelpdeskChats   []bot.Account
	Admins          []bot.Account  // officers elsewhere than in those chats
	ResetTrigger    string         // of Mattermost's command that resets
	StatusTrigger   string         // of the one that tells the status
	Zone            *time.Location // in which people are shown times, and have their night
}

// Config is what New needs.
type Config struct {
	Store     Store
	Sentences Sentences
	Texts     *Texts
	Settings  Settings
	Logger    *slog.Logger
	Now       func() time.Time
	Count     func(Trouble) // those that people are told of; nil: nobody counts

	// PrivateLink gives the address that opens the private chat with the bot
	// on a platform, with a start word ("resetpin", "link" …); an empty one where
	// no address does that.
	PrivateLink func(platform, word string) string
}

// Kernel answers updates by what the capabilities bring.
type Kernel struct {
	Config
	table   *Table
	notices *notices
	outage  outage
}

// New gives a kernel without capabilities.
func New(c Config) *Kernel { return &Kernel{Config: c, table: &Table{}, notices: newNotices()} }

// Register takes the capabilities; see NewTable for what is refused. It is
// called once, before the first update.
func (k *Kernel) Register(capabilities ...Capability) error {
	own := Capability{Name: "kernel", Actions: map[Name]Handler{Cmd: k.pressCommand, Cancel: k.cancel}, Jobs: map[JobKind]Work{JobPush: k.push},
		Sayings: map[SayKind]Saying{sayWords: k.inWords, sayReply: k.made, sayReminder: k.made}}
	table, err := NewTable(append([]Capability{own}, capabilities...)...)
	if err != nil {
		return err
	}
	k.table = table
	return nil
}

// Table is what the capabilities bring.
func (k *Kernel) Table() *Table { return k.table }

// Handle answers one update that the guard let through. It is a bot.Handler.
func (k *Kernel) Handle(ctx context.Context, u bot.Update) (bot.Reply, error) {
	r, known := ctx.Value(lookedAt{}).(Request)
	if !known {
		var err error
		if r, err = k.request(ctx, u); err != nil {
			return bot.Reply{}, err
		}
	}
	if k.table.room != nil && k.inRoom(u) {
		return k.table.room(ctx, r)
	}
	if !u.Private {
		return k.InPublic(r), nil
	}
	answer, err := k.answer(ctx, r)
	if err != nil {
		return answer, err
	}
	answer = k.noticed(ctx, r, answer)
	return ForReader(r.Session.TextOnly, answer), k.remember(ctx, u, r.Session.Offer, answer, r.Now)
}

// request reads what is known of who sent an update; on an error it knows
// nothing but the update.
func (k *Kernel) request(ctx context.Context, u bot.Update) (Request, error) {
	r := Request{Update: u, Texts: k.Texts, Now: k.Now()}
	session, err := k.Store.Session(ctx, store.Account(u.Account))
	if err == nil {
		r.Session = session
		if session.Offer.By != "" && session.Offer.By == u.ID { // a crash brings it again: the person was there
			r.Session.Offer = session.OfferBefore
		}
	} else {
		err = fmt.Errorf("read session: %w", err)
	}
	r.Lang = k.language(session.Language, u.Language)
	r.Understood = k.understand(r)
	return r, err
}

// Unasked is the request of somebody who is spoken to without having asked
// just now. language is for those who chose none.
func (k *Kernel) Unasked(ctx context.Context, to bot.Origin, language string) (Request, error) {
	session, err := k.Store.Session(ctx, store.Account(to.Account))
	if err != nil {
		return Request{}, fmt.Errorf("read session: %w", err)
	}
	return Request{Update: bot.Update{Origin: to}, Session: session, Lang: k.language(session.Language, language), Texts: k.Texts, Now: k.Now()}, nil
}

// answer answers what the guard let through, by what kind it is of.
func (k *Kernel) answer(ctx context.Context, r Request) (bot.Reply, error) {
	if run := k.table.places[r.Place()]; run != nil && (r.Kind == bot.KindText || r.Kind == bot.KindOther) {
		if r.Wish { // words go to an officer there, or are kept
			return Reply(r.Say("wish.here")), nil
		}
		return run(ctx, r)
	}
	if r.Kind == bot.KindCommand || r.Kind == bot.KindText || r.Kind == bot.KindOther {
		if reply, told := k.aboutLinks(r); told {
			return reply, nil
		}
	}
	switch r.Kind {
	case bot.KindCommand:
		return k.RunCommand(ctx, r, r.Command)
	case bot.KindText:
		return k.TypedWords(ctx, r)
	case bot.KindAction:
		return k.action(ctx, r)
	case bot.KindForm: // its values are as untrusted as typed words
		if run := k.table.forms[Name(r.Action.Name)]; run != nil {
			return run(ctx, r)
		}
		return k.Lost(r), nil
	case bot.KindEdited:
		return bot.Reply{}, nil // an edited question was answered already; the guard has looked at it
	case bot.KindContact:
		if k.table.contact != nil {
			return k.table.contact(ctx, r)
		}
		return Reply(r.Say("other"), k.HomeButtons(r)...), nil
	case bot.KindOther:
		return Reply(r.Say("other"), k.HomeButtons(r)...), nil
	}
	return bot.Reply{}, fmt.Errorf("update of unknown kind %q", r.Kind)
}

// TypedWords answers what was typed by what it means, for a place's Handler that
// leaves it to the others.
func (k *Kernel) TypedWords(ctx context.Context, r Request) (bot.Reply, error) {
	if k.table.words == nil {
		return k.Lost(r), nil
	}
	return k.table.words(ctx, r)
}

// inRoom tells whether an update comes from a room of officers. One that is a
// single officer's private chat is theirs, too, but for what stands in a
// thread or was pressed there.
func (k *Kernel) inRoom(u bot.Update) bool {
	if !slices.Contains(k.Settings.HelpdeskChats, Room(u)) {
		return false
	}
	return !u.Private || u.Thread != "" || k.table.roomAction(u.Action)
}

// Room is the chat that an update comes from, named as a room is.
func Room(u bot.Update) bot.Account {
	return bot.Account{Platform: u.Account.Platform, ID: u.Chat}
}

// InPublic answers where others read along: only to a command, and only with
// the way to the private chat, or with what to type where only the person sees
// the answer.
func (k *Kernel) InPublic(r Request) bot.Reply {
	if r.Kind != bot.KindCommand {
		return bot.Reply{}
	}
	word := r.Command
	if word == start || k.table.find(word) == nil {
		word = start
	}
	if link := k.PrivateLink(r.Account.Platform, word); link != "" {
		return Reply(r.Say("group.private"), bot.Button{Text: r.Say("button.private"), URL: link})
	}
	if word == start {
		word = "resetpin"
	}
	return Reply(r.Say("group.typed", "command", k.Typed(r.Account.Platform, word)))
}

// start is the command that greets.
const start = "start"

// language is the one the person chose, when the bot speaks it still, or the platform's when the bot
// speaks it, or the default.
func (k *Kernel) language(chosen, platform string) string {
	tag, _, _ := strings.Cut(strings.ToLower(platform), "-")
	for _, lang := range []string{chosen, tag} {
		if k.Texts.Speaks(lang) {
			return lang
		}
	}
	return k.Settings.DefaultLanguage
}

// LanguageOf is the language to answer an update in, for those who answer
// beside Handle. When the database cannot tell, it is as if nobody had chosen.
func (k *Kernel) LanguageOf(ctx context.Context, u bot.Update) string {
	session, err := k.Store.Session(ctx, store.Account(u.Account))
	if err != nil {
		k.Logger.DebugContext(ctx, "somebody's language could not be read", "error", err)
	}
	return k.language(session.Language, u.Language)
}

// Audit writes a line of the audit trail about what the person just did.
func (k *Kernel) Audit(ctx context.Context, r Request, e store.Event) error {
	if err := k.Store.Audit(ctx, r.Line(e)); err != nil {
		return fmt.Errorf("write audit: %w", err)
	}
	return nil
}

// Await keeps what the person was asked for: the next words are the answer.
func (k *Kernel) Await(ctx context.Context, r Request, p store.Prompt) error {
	if err := k.Store.SetPrompt(ctx, r.Asker(), p, r.Now); err != nil {
		return fmt.Errorf("set prompt: %w", err)
	}
	return nil
}

// NotFound tells whether the database knows nothing of what was asked for.
func NotFound(err error) bool { return errors.Is(err, store.ErrNotFound) }
