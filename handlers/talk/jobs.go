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

// JobKind is what a durable job does. It stands in the database.
type JobKind string

// JobPush is a message to somebody who did not just ask.
const JobPush JobKind = "push"

// Pusher says something to somebody who did not just ask.
type Pusher interface {
	Push(ctx context.Context, to bot.Origin, r bot.Reply) error
}

// Push is a message that is said unasked, in the words of a text key.
type Push struct {
	To       bot.Account
	Language string // empty: as the account chose
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

// NewJob makes a job; key tells jobs of a kind apart that must not be there
// twice. The payload is sealed by the store.
func NewJob(kind JobKind, key string, payload any) (store.Job, error) {
	data, err := json.Marshal(payload)
	if err != nil {
		return store.Job{}, fmt.Errorf("make %s job: %w", kind, err)
	}
	return store.Job{Kind: string(kind), Payload: data, Key: key}, nil
}

// PlainJob is NewJob for a payload of nothing but words, numbers and times,
// which can always be written.
func PlainJob(kind JobKind, payload any) store.Job {
	job, err := NewJob(kind, "", payload)
	if err != nil {
		panic(err)
	}
	return job
}

// Payload reads what a job was made with. A broken one ends the job.
func Payload[T any](payload []byte) (T, error) {
	var out T
	if err := json.Unmarshal(payload, &out); err != nil {
		return out, fmt.Errorf("%w: read payload: %w", store.ErrJobCancel, err)
	}
	return out, nil
}

// Jobs gives the work by its kind, for store.Work.
func (k *Kernel) Jobs() map[string]func(ctx context.Context, payload []byte) error {
	out := make(map[string]func(ctx context.Context, payload []byte) error)
	for kind, work := range k.table.jobs {
		out[string(kind)] = work
	}
	return out
}

// push says one message.
func (k *Kernel) push(ctx context.Context, payload []byte) error {
	p, err := Payload[Push](payload)
	if err != nil {
		return err
	}
	lang := p.Language
	if lang == "" {
		session, err := k.Store.Session(ctx, store.Account(p.To))
		if err != nil {
			return fmt.Errorf("read session: %w", err)
		}
		lang = k.language(session.Language, "")
	}
	var buttons []bot.Button
	for _, b := range p.Buttons {
		buttons = append(buttons, bot.Button{Text: k.Texts.Plain(lang, b.Key, b.Values...), Action: b.Action})
	}
	err = k.Pusher.Push(ctx, bot.Origin{Account: p.To, Private: true}, Reply(k.Texts.Get(lang, p.Key, p.Values...), buttons...))
	if errors.Is(err, bot.ErrGone) && slices.Contains(k.Settings.HelpdeskChats, p.To) {
		k.Logger.ErrorContext(ctx, "a call for help was lost: the bot cannot write to the help desk's chat; resetpin check says more", "platform", p.To.Platform, "error", err)
	}
	return pushed(p.To, err)
}

// Deliver says a job's answer where it was asked for.
func (k *Kernel) Deliver(ctx context.Context, to bot.Origin, answer bot.Reply) error {
	session, err := k.Store.Session(ctx, store.Account(to.Account))
	if err != nil {
		return fmt.Errorf("read session: %w", err)
	}
	// Before it is said: whoever answers at once is understood.
	if err := k.remember(ctx, to.Account, session.Offer, answer, k.Now()); err != nil {
		return err
	}
	return pushed(to.Account, k.Pusher.Push(ctx, to, answer))
}

// pushed is the end of a push: who cannot be reached any more is let be.
func pushed(to bot.Account, err error) error {
	if err != nil && !errors.Is(err, bot.ErrGone) {
		return fmt.Errorf("push to %s: %w", to.Platform, err)
	}
	return nil
}
