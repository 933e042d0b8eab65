package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"resetpin/bot"
	"resetpin/handlers/mail"
	"resetpin/store"
)

// Kinds of durable jobs. Payloads are sealed by the store.
const (
	jobMail    = "mail"    // a mail to an employee
	jobPrepare = "prepare" // the question before a reset, when one's turn has come
	jobReset   = "reset"   // the one call to BSrE for a reset that was written down
	jobTell    = "tell"    // the outcome of a reset, to the account that asked
	jobPush    = "push"    // a message to somebody who did not just ask
	jobLinks   = "links"   // a new link, to the employee's other accounts
	jobAlarm   = "alarm"   // a danger that officers are told of

	jobRemind = "remind" // a link waits, and the walk does not go on
	jobAsk    = "ask"    // did signing work?
)

// push is a message that is said unasked, in the words of a text key.
type push struct {
	To       bot.Account
	Language string // empty: as the account chose
	Key      string
	Values   []string
	Buttons  []pushButton
}

// pushButton is a button with a text key.
type pushButton struct {
	Key    string
	Values []string
	Action bot.Action
}

// Worker does durable jobs: what the handlers decided, and the world may be
// slow to take.
type Worker struct {
	*Handlers
	pusher Pusher
	mails  *MailRoom
}

// NewWorker gives the worker for the handlers' jobs.
func NewWorker(h *Handlers, p Pusher, m *MailRoom) *Worker {
	return &Worker{Handlers: h, pusher: p, mails: m}
}

// Jobs gives the work by its kind, for store.Work.
func (w *Worker) Jobs() map[string]func(ctx context.Context, payload []byte) error {
	return map[string]func(ctx context.Context, payload []byte) error{
		jobMail:    w.mail,
		jobPrepare: w.prepare,
		jobReset:   w.reset,
		jobTell:    w.tell,
		jobPush:    w.push,
		jobLinks:   w.tellLinked,
		jobAlarm:   w.alarm,

		jobRemind: w.remind,
		jobAsk:    w.ask,
	}
}

func newJob(kind, key string, payload any) (store.Job, error) {
	data, err := json.Marshal(payload)
	if err != nil {
		return store.Job{}, fmt.Errorf("make %s job: %w", kind, err)
	}
	return store.Job{Kind: kind, Payload: data, Key: key}, nil
}

// plainJob is newJob for a payload of nothing but words, numbers and times,
// which can always be written.
func plainJob(kind string, payload any) store.Job {
	job, err := newJob(kind, "", payload)
	if err != nil {
		panic(err)
	}
	return job
}

// push says one message.
func (w *Worker) push(ctx context.Context, payload []byte) error {
	var p push
	if err := json.Unmarshal(payload, &p); err != nil {
		return fmt.Errorf("%w: read push: %w", store.ErrJobCancel, err)
	}
	lang := p.Language
	if lang == "" {
		session, err := w.Store.Session(ctx, store.Account(p.To))
		if err != nil {
			return fmt.Errorf("read session: %w", err)
		}
		lang = w.language(session.Language, "")
	}
	var buttons []bot.Button
	for _, b := range p.Buttons {
		buttons = append(buttons, bot.Button{Text: w.Texts.Plain(lang, b.Key, b.Values...), Action: b.Action})
	}
	err := w.pusher.Push(ctx, bot.Origin{Account: p.To, Private: true}, reply(w.Texts.Get(lang, p.Key, p.Values...), buttons...))
	if errors.Is(err, bot.ErrGone) && slices.Contains(w.Settings.HelpdeskChats, p.To) {
		w.Logger.ErrorContext(ctx, "a call for help was lost: the bot cannot write to the help desk's chat; resetpin check says more", "platform", p.To.Platform, "error", err)
	}
	return pushed(p.To, err)
}

func (w *Worker) deliver(ctx context.Context, to bot.Origin, answer bot.Reply) error {
	session, err := w.Store.Session(ctx, store.Account(to.Account))
	if err != nil {
		return fmt.Errorf("read session: %w", err)
	}
	// Before it is said: whoever answers at once is understood.
	if err := w.remember(ctx, to.Account, session.Offer, answer, w.Now()); err != nil {
		return err
	}
	return pushed(to.Account, w.pusher.Push(ctx, to, answer))
}

// pushed is the end of a push: who cannot be reached any more is let be.
func pushed(to bot.Account, err error) error {
	if err != nil && !errors.Is(err, bot.ErrGone) {
		return fmt.Errorf("push to %s: %w", to.Platform, err)
	}
	return nil
}

// permanent turns an error that will not heal into the end of the job.
func permanent(err error) error {
	if errors.Is(err, mail.ErrPermanent) {
		return fmt.Errorf("%w: %w", store.ErrJobCancel, err)
	}
	return err
}
