package mattermost

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/mattermost/mattermost/server/public/model"

	"resetpin/bot"
)

// maxEphemeral is how many messages a channel's answer may have; more go into
// the direct message.
const maxEphemeral = 3

// answerCommand answers a slash command.
func (a *Adapter) answerCommand(ctx context.Context, d *delivery, e *exchange, r bot.Reply, claimed bool) error {
	opened := a.openReplyForm(ctx, e, r)
	if e.direct {
		err := a.deliverPosts(ctx, d, r, nil)
		if err == nil && claimed {
			e.give(ctx, struct{}{})
		}
		return err
	}
	body, whole := a.channelAnswer(ctx, d, e, r, opened)
	if !whole { // the channel only says where it goes on
		if err := a.deliverPosts(ctx, d, r, nil); err != nil {
			return err
		}
	}
	if claimed && e.give(ctx, body) || a.respond(ctx, e, body) || !whole {
		return nil
	}
	return a.deliverPosts(ctx, d, r, nil)
}

// openReplyForm opens the reply's dialog while the trigger is good. Dialogs
// come first: older servers' triggers live 3 s.
func (a *Adapter) openReplyForm(ctx context.Context, e *exchange, r bot.Reply) bool {
	if r.Form == nil {
		return false
	}
	from := scope{User: e.user, Channel: e.channel, Direct: e.direct}
	if e.source == fromCommand {
		from.Exchange = e.id
	}
	err := a.openForm(ctx, e.canOpen(a.c.Now()), from, *r.Form)
	if err != nil && !errors.Is(err, errTrigger) {
		a.c.Logger.Warn("mattermost: a dialog could not be opened", "error", err)
	}
	return err == nil
}

// channelAnswer renders the answer that one person sees in a channel where
// others are. whole is false when it only leads to the direct message, where
// what takes several steps goes on.
func (a *Adapter) channelAnswer(ctx context.Context, d *delivery, e *exchange, r bot.Reply, opened bool) (body any, whole bool) {
	address, words := a.DMLink(e.team), a.wordsTo(ctx, e.user)
	ephemeralTo := *d
	ephemeralTo.channel, ephemeralTo.exchange = e.channel, e.id
	if opened {
		return a.commandAnswer(&ephemeralTo, []bot.Message{{}}, r.Form, linked(words.Form, address)), true
	}
	messages := r.Messages
	if r.Remove != nil { // a command leaves no post that could stay
		messages = append([]bot.Message{r.Remove.Done}, messages...)
	}
	if len(messages) == 0 {
		if r.Notice == "" {
			return struct{}{}, true
		}
		return ephemeral(escapeText(r.Notice)), true
	}
	buttons := false
	for _, m := range messages {
		if m.Picture != nil || r.Form != nil || len(messages) > maxEphemeral {
			return ephemeral(linked(words.Continued, address)), false
		}
		buttons = buttons || len(m.Buttons) > 0
	}
	footer := ""
	if buttons {
		footer = linked(words.Private, address)
	}
	return a.commandAnswer(&ephemeralTo, messages, nil, footer), true
}

// commandAnswer renders messages as an ephemeral answer.
func (a *Adapter) commandAnswer(d *delivery, messages []bot.Message, form *bot.Form, footer string) commandAnswer {
	var all []commandAnswer
	for i, m := range messages {
		f, under := form, footer
		if i < len(messages)-1 {
			f, under = nil, ""
		}
		for _, p := range a.pieces(m, d, onEphemeral, f, under) {
			one := ephemeral(p.message)
			one.Attachments = p.attachments
			all = append(all, one)
		}
	}
	if len(all) == 0 {
		return commandAnswer{SkipSlack: true}
	}
	first := all[0]
	first.More = all[1:]
	return first
}

// respond says something later through the response_url.
func (a *Adapter) respond(ctx context.Context, e *exchange, body any) bool {
	if !e.use(a.c.Now()) {
		return false
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return false
	}
	err = a.try(ctx, "answer through the response_url", func(ctx context.Context) (*model.Response, error) {
		return a.send(ctx, e.response, raw)
	})
	if err != nil {
		a.c.Logger.Info("mattermost: a late answer goes into the direct message", "error", err)
	}
	return err == nil
}

// send posts to a response_url, which needs no token and gets none.
func (a *Adapter) send(ctx context.Context, address string, raw []byte) (*model.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(raw))
	if err != nil {
		return nil, errors.New("not an address") // the address itself is a secret
	}
	req.Header.Set("Content-Type", "application/json")
	r, err := a.c.HTTPClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer closeBody(r)
	if r.StatusCode != http.StatusOK {
		return model.BuildResponse(r), errors.New("refused")
	}
	_, err = io.Copy(io.Discard, io.LimitReader(r.Body, maxBody))
	return model.BuildResponse(r), err
}

// answerPress answers a pressed button: with the pressed post changed, with a
// few words that only the presser sees, with new posts, or all of them.
func (a *Adapter) answerPress(ctx context.Context, d *delivery, e *exchange, r bot.Reply, claimed bool) error {
	opened := a.openReplyForm(ctx, e, r)
	answer := pressAnswer{}
	if r.Notice != "" {
		answer = whisper(escapeText(r.Notice))
	}
	if !e.direct {
		return a.answerPressElsewhere(ctx, d, e, r, claimed, opened, answer)
	}
	if err := a.place(ctx, d); err != nil {
		return err
	}
	var update *piece
	skip := func(m bot.Message) bool {
		if !claimed || !m.Replace || !d.replace {
			return false
		}
		p := a.pieces(m, d, onPost, nil, "")
		if len(p) != 1 || p[0].picture != nil { // only the bot itself can attach its file
			return false
		}
		d.replace, update = false, &p[0]
		return true
	}
	posts := r
	if claimed {
		posts.Notice = ""
	}
	if err := a.deliverPosts(ctx, d, posts, skip); err != nil {
		return err
	}
	if update != nil {
		answer.Update, answer.SkipSlack = &postUpdate{Message: update.message, Props: update.props()}, true
	}
	if !claimed || e.give(ctx, answer) || update == nil {
		return nil
	}
	if done, err := a.edit(ctx, d, d.to.Message, *update); done || err != nil {
		return err
	}
	return a.post(ctx, d, *update)
}

// answerPressElsewhere answers a press outside the direct message, where the
// pressed post is ephemeral and cannot be changed: an update would fail and
// take the words with it.
func (a *Adapter) answerPressElsewhere(ctx context.Context, d *delivery, e *exchange, r bot.Reply, claimed, opened bool, answer pressAnswer) error {
	posts := r
	if claimed {
		posts.Notice = ""
	}
	if opened {
		posts.Messages, posts.Form = nil, nil
	}
	if err := a.deliverPosts(ctx, d, posts, nil); err != nil {
		return err
	}
	continued := linked(a.wordsTo(ctx, e.user).Continued, a.DMLink(e.team))
	switch {
	case !claimed && e.parent != nil && len(posts.Messages) > 0:
		a.respond(ctx, e.parent, ephemeral(continued)) // who was told to wait here must not wait in vain
	case claimed && len(posts.Messages) > 0 && r.Notice == "":
		e.give(ctx, whisper(continued))
	case claimed:
		e.give(ctx, answer)
	}
	return nil
}

// answerDialog answers a submitted dialog. With errors it stays open and may
// be submitted again; otherwise it closes, and the answer stands where the
// dialog was opened from.
func (a *Adapter) answerDialog(ctx context.Context, d *delivery, e *exchange, r bot.Reply, claimed bool) error {
	if len(r.Errors) > 0 {
		a.exchanges.forget(e)
		if claimed && e.give(ctx, dialogAnswer{Errors: plainErrors(r.Errors)}) {
			return nil
		}
		claimed = false
	}
	err := a.dialogPosts(ctx, d, e, r)
	if err == nil && claimed {
		e.give(ctx, dialogAnswer{})
	}
	return err
}

// dialogPosts says what a dialog led to.
func (a *Adapter) dialogPosts(ctx context.Context, d *delivery, e *exchange, r bot.Reply) error {
	if e.direct || e.parent == nil {
		return a.deliverPosts(ctx, d, r, nil)
	}
	body, whole := a.channelAnswer(ctx, d, e.parent, r, false)
	if whole && a.respond(ctx, e.parent, body) {
		return nil
	}
	if err := a.deliverPosts(ctx, d, r, nil); err != nil || whole {
		return err
	}
	a.respond(ctx, e.parent, body)
	return nil
}

// plainErrors takes the marks off what is shown under a dialog's fields.
func plainErrors(errs map[string]string) map[string]string {
	out := make(map[string]string, len(errs))
	for name, text := range errs {
		out[name] = plain(text)
	}
	return out
}
