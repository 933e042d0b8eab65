package talk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"resetpin/bot"
	"resetpin/store"
)

// SayKind is what is said unasked. It stands in the database.
type SayKind string

const (
	sayWords SayKind = "words" // one message in the words of a text key
	sayReply SayKind = "reply" // a reply that a job has made

	sayReminder SayKind = "reminder" // the same, which nobody waits for
)

// Saying composes what is said unasked, when its turn has come, of what Words
// was given.
type Saying func(ctx context.Context, to bot.Origin, payload []byte) (bot.Reply, error)

// Push is a message that is said unasked, in the words of a text key.
type Push struct {
	To       bot.Account
	Where    *bot.Origin `json:",omitempty"` // nil: To's private chat; else a group, a topic, a thread
	Language string      // empty: as the account chose
	Key      string
	Values   []string
	Buttons  []PushButton
}

// PushButton is a button with a text key.
type PushButton struct {
	Key    string
	Values []string
	Action bot.Action
}

// Tell gives what a deed takes along, into its transaction, so that a message is
// said. What has a key is said once to each account.
func Tell(key string, p Push) store.Job {
	to := bot.Origin{Private: true}
	if p.Where != nil {
		to, p.Where = *p.Where, nil // it stands in the row
	}
	to.Account = p.To
	return Words(key, to, sayWords, p)
}

// SayJob is Tell for a reply that a deed has made.
func SayJob(key string, to bot.Origin, r bot.Reply) store.Job { return Words(key, to, sayReply, r) }

// Words is Tell for all that is said: payload is of words, numbers and times,
// which can always be written.
func Words(key string, to bot.Origin, kind SayKind, payload any) store.Job {
	data, err := json.Marshal(payload)
	if err == nil {
		data, err = bot.EncodeUnasked(to, string(kind), data)
	}
	if err != nil {
		panic(err)
	}
	return store.Job{Say: &store.Words{Account: store.Account(to.Account), Key: key, Payload: data}}
}

// Deliver says a job's answer where it was asked for. The job ends with it: it
// waits for no chat. A job that is done again says what has its key once.
func (k *Kernel) Deliver(ctx context.Context, key string, to bot.Origin, answer bot.Reply) error {
	if err := k.Store.Enqueue(ctx, Words(key, to, sayReply, answer)); err != nil {
		return fmt.Errorf("say: %w", err)
	}
	return nil
}

// Remind is Deliver for what nobody waits for: it comes behind all else.
func (k *Kernel) Remind(ctx context.Context, key string, to bot.Origin, answer bot.Reply) error {
	if err := k.Store.Enqueue(ctx, Words(key, to, sayReminder, answer)); err != nil {
		return fmt.Errorf("say: %w", err)
	}
	return nil
}

// Rank tells how soon something unasked is said when much is to be said.
func Rank(u bot.Update) bot.Rank {
	switch SayKind(u.What) {
	case sayReminder:
		return bot.RankReminder
	case sayWords:
		return bot.RankUnasked
	}
	return bot.RankAsked // how a reset went, the answer to a wish that waited
}

// Compose makes what is said unasked. It is a bot.Handler. What another version
// of the program wrote, and this one cannot read, is let be.
func (k *Kernel) Compose(ctx context.Context, u bot.Update) (bot.Reply, error) {
	say := k.table.sayings[SayKind(u.What)]
	if say == nil {
		k.unread(ctx, u)
		return bot.Reply{}, nil
	}
	answer, err := say(ctx, u.Origin, u.Words)
	if errors.Is(err, store.ErrJobCancel) {
		k.unread(ctx, u)
		return bot.Reply{}, nil
	}
	if err != nil || SayKind(u.What) == sayWords || slices.Contains(k.Settings.HelpdeskChats, u.Account) { // a notice leaves the person where they are, and a room is nobody
		return answer, err
	}
	session, err := k.Store.Session(ctx, store.Account(u.Account))
	if err != nil {
		return bot.Reply{}, fmt.Errorf("read session: %w", err)
	}
	if answer.About != "" {
		answer = k.noticed(ctx, Request{Update: bot.Update{Origin: u.Origin}, Session: session, Lang: k.language(session.Language, ""), Texts: k.Texts, Now: k.Now()}, answer)
	}
	// Before it is said: whoever answers at once is understood.
	return answer, k.remember(ctx, u, session.Offer, answer, k.Now())
}

func (k *Kernel) unread(ctx context.Context, u bot.Update) {
	k.Logger.ErrorContext(ctx, "words that cannot be read are not said", "platform", u.Account.Platform, "what", u.What)
}

// inWords is a message of a text key in the language of its reader.
func (k *Kernel) inWords(ctx context.Context, to bot.Origin, payload []byte) (bot.Reply, error) {
	p, err := Payload[Push](payload)
	if err != nil {
		return bot.Reply{}, err
	}
	lang := p.Language
	if lang == "" {
		session, err := k.Store.Session(ctx, store.Account(to.Account))
		if err != nil {
			return bot.Reply{}, fmt.Errorf("read session: %w", err)
		}
		lang = k.language(session.Language, "")
	}
	var buttons []bot.Button
	for _, b := range p.Buttons {
		buttons = append(buttons, bot.Button{Text: k.Texts.Plain(lang, b.Key, b.Values...), Action: b.Action})
	}
	return Reply(k.Texts.Get(lang, p.Key, p.Values...), buttons...), nil
}

// made is a reply that a job has made.
func (*Kernel) made(_ context.Context, _ bot.Origin, payload []byte) (bot.Reply, error) {
	return Payload[bot.Reply](payload)
}

// Unheard hears of words that nobody will get. That an employee's call reaches
// no help desk must not pass without a word: they were told that help was
// called.
func (k *Kernel) Unheard(ctx context.Context, to bot.Origin, err error) {
	if slices.Contains(k.Settings.HelpdeskChats, to.Account) {
		k.Logger.ErrorContext(ctx, "a call for help was lost: the bot cannot write to the help desk's chat; resetpin check says more", "platform", to.Account.Platform, "error", err)
		if k.table.unheard == nil {
			return
		}
		if err := k.table.unheard(ctx, to); err != nil {
			k.Logger.ErrorContext(ctx, "an employee could not be told that nobody hears them", "error", err)
		}
	}
}
