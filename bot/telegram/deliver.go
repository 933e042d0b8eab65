package telegram

import (
	"context"
	"strconv"
	"strings"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"resetpin/bot"
	"resetpin/bot/platform"
)

// Deliver renders the reply and sends it to where the origin says; see
// bot.Channel. A press is answered at the same time as its message is edited.
// It gives bot.ErrGone, wrapped, when the chat cannot be written to any more;
// *bot.Undelivered when only the rest is to be tried again; and ctx's error
// when that ends.
func (a *Adapter) Deliver(ctx context.Context, to bot.Origin, r bot.Reply) error {
	at := a.at(to)
	a.typing.stop(at, nil)
	notice := a.answer(ctx, to, r)
	err := a.say(ctx, at, to, r)
	if late := notice(); late != "" && err == nil {
		said := bot.Message{Text: late}
		if _, err = a.write(ctx, &delivery{place: at}, said); err != nil {
			err = &bot.Undelivered{Rest: bot.Reply{Messages: []bot.Message{said}}, Err: err}
		}
	}
	return withGone(err)
}

// answer begins to answer the press that the reply is for, and gives a
// function that waits for it and tells what notice is still to be said with a
// message: one that is too long for a button, one that came after the press
// was answered already, and one that is all that the reply says.
func (a *Adapter) answer(ctx context.Context, to bot.Origin, r bot.Reply) (late func() string) {
	_, query := splitHandle(to.Handle)
	only := len(r.Messages) == 0 && r.Remove == nil
	said := func(lost bool) string {
		if !lost || r.Notice == "" || a.answers.tell(query) {
			return ""
		}
		return platform.Escape(r.Notice)
	}
	short := length16(r.Notice) <= MaxNotice
	if !a.answers.claim(query) {
		return func() string { return said(query != "" || only) }
	}
	shown := make(chan bool, 1)
	text := r.Notice
	if !short {
		text = ""
	}
	go func() { shown <- a.answerPress(ctx, query, text) }()
	return func() string {
		if <-shown && short {
			a.answers.tell(query)
			return ""
		}
		return said(!short || only)
	}
}

// delivery is where messages go, and what may be replaced there.
type delivery struct {
	place
	to      bot.Origin
	replace bool              // the origin's message is not replaced yet
	replyTo int               // in groups: whose question is answered; used once
	root    int               // in a room: the message that the thread consists of answers to; 0: none
	sent    func(message int) // hears of each new message; nil: nobody
}

// messages takes away what is to be removed and sends the rest.
func (a *Adapter) messages(ctx context.Context, at place, to bot.Origin, r bot.Reply) error {
	return a.deliver(ctx, &delivery{place: at, to: to, replace: to.Message != ""}, r)
}

func (a *Adapter) deliver(ctx context.Context, d *delivery, r bot.Reply) error {
	at, to := d.place, d.to
	if id, err := strconv.Atoi(to.Message); err == nil && !to.Private && strings.HasPrefix(at.chat, "-") {
		d.replyTo = id
	}
	return platform.Reply{
		Remove:   func(ctx context.Context, message string) (bool, error) { return a.remove(ctx, at, message) },
		Write:    func(ctx context.Context, _ int, m bot.Message) (int, error) { return a.write(ctx, d, m) },
		Replaces: func() bool { return d.replace },
	}.Bring(ctx, r)
}

// remove deletes a message. It gives false when Telegram does not allow that.
// One that is gone already counts as deleted.
func (a *Adapter) remove(ctx context.Context, at place, message string) (bool, error) {
	id, err := strconv.Atoi(message)
	if err != nil {
		return false, nil //nolint:nilerr // no message of Telegram's: it cannot be deleted
	}
	err = a.once(ctx, at.chat, a.c.Limits.Call, func(ctx context.Context) error {
		return a.api.call(ctx, "deleteMessage", &tg.DeleteMessageParams{ChatID: at.id(), MessageID: id}, nil)
	})
	switch e := refusal(err); {
	case err == nil || e.says("message to delete not found", "message_id_invalid"):
		return true, nil
	case e != nil && !e.gone():
		a.c.Logger.Info("a message could not be deleted", "error", err)
		return false, nil
	}
	return false, err
}

// write sends a message, in several parts if it must, or edits the old one. It
// tells how many parts are there.
func (a *Adapter) write(ctx context.Context, d *delivery, m bot.Message) (said int, err error) {
	all, problem := parts(m, a.signer(d.to))
	if problem != nil {
		a.c.Logger.Error("a message has unusable buttons", "error", problem)
	}
	for said = m.Said; said < len(all); said++ {
		p := all[said]
		if m.Replace && d.replace && p.contact == nil { // which an edited message cannot have
			done, err := a.edit(ctx, d, p)
			if err != nil {
				return said, err
			}
			d.replace = false
			if done {
				continue
			}
		}
		if err := a.send(ctx, d, p); err != nil {
			return said, err
		}
	}
	return said, nil
}

// send sends a part as a new message. What Telegram refuses is sent in a
// plainer form: better an ugly answer than none.
func (a *Adapter) send(ctx context.Context, d *delivery, p part) error {
	err := a.sendOnce(ctx, d, p)
	if !refusal(err).ofContent() {
		return err
	}
	for _, simpler := range plainer(p) {
		e := refusal(err)
		if !e.ofContent() {
			break
		}
		switch {
		case e.MigratedTo != 0:
			a.moved(ctx, d.chat, e.MigratedTo)
			d.chat = strconv.FormatInt(e.MigratedTo, 10)
			d.replyTo, d.root = 0, 0
			simpler = p
		case d.topic != 0 && d.sent != nil && e.threadGone():
			return err // the room's thread is opened anew
		case d.topic != 0 && e.says("thread not found", "topic_deleted", "topic_closed", "topic_id_invalid"):
			d.topic = 0 // the person took the topic away; the chat itself is there
			simpler = p
		default:
			a.c.Logger.Error("telegram refused a message; it is sent in a plainer form", "error", err)
		}
		err = a.sendOnce(ctx, d, simpler)
	}
	if refusal(err).ofContent() {
		a.c.Logger.Error("telegram refused a message in every form", "error", err)
		return platform.Gone(err) // trying again is no use
	}
	return err
}

// plainer gives the forms that a refused part is tried in next: unformatted,
// then without its picture and buttons.
func plainer(p part) []part {
	text := p
	text.Formatted = p.plain()
	bare := part{Formatted: text.Formatted}
	if p.picture != nil {
		bare.Text = clean(p.picture.Alt) + "\n\n" + bare.Text
		bare.Formatted = bare.split(MaxText)[0]
	}
	if bare.Text == "" {
		bare.Text = "…"
	}
	return []part{text, bare}
}

func (a *Adapter) sendOnce(ctx context.Context, d *delivery, p part) error {
	var err error
	var sent struct {
		ID int `json:"message_id"`
	}
	switch {
	case p.picture != nil:
		err = a.sendPicture(ctx, d, p)
	case p.file != nil:
		err = a.sendFile(ctx, d, p, &sent)
	default:
		call := tg.SendMessageParams{ChatID: d.id(), MessageThreadID: d.topic, Text: p.Text, Entities: p.Entities, LinkPreviewOptions: noPreview(), ReplyParameters: d.replyParameters(), ReplyMarkup: p.markup()}
		err = a.paced(ctx, d.chat, func(ctx context.Context) error { return a.api.call(ctx, "sendMessage", &call, &sent) })
	}
	if err == nil {
		d.replyTo = 0
		if d.sent != nil && sent.ID != 0 {
			d.sent(sent.ID)
		}
	}
	return err
}

// paced makes a call that sends or changes a message when it is its turn.
func (a *Adapter) paced(ctx context.Context, chat string, call func(ctx context.Context) error) error {
	if err := a.pace.wait(ctx, chat); err != nil {
		return err
	}
	return a.once(ctx, chat, a.c.Limits.Call, call)
}

// replyParameters ties a group's answer to its question (which also keeps it
// in the question's topic); private chats need none.
func (d *delivery) replyParameters() *models.ReplyParameters {
	to := d.replyTo
	if to == 0 {
		to = d.root
	}
	if to == 0 {
		return nil
	}
	return &models.ReplyParameters{MessageID: to, AllowSendingWithoutReply: true}
}

// markup gives the keyboard for the library's params, where a typed nil would
// be written as null.
func (p part) markup() models.ReplyMarkup {
	if p.contact != nil {
		return p.contact
	}
	if p.keyboard == nil {
		return nil
	}
	return p.keyboard
}

// noPreview keeps Telegram's servers from opening the links of a message.
func noPreview() *models.LinkPreviewOptions {
	return &models.LinkPreviewOptions{IsDisabled: tg.True()}
}
