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
	"resetpin/bot/markup"
)

// answerCommand answers a slash command. In a channel the answer only leads to
// the direct message: see serveCommand.
func (a *Adapter) answerCommand(ctx context.Context, d *delivery, e *exchange, r bot.Reply, claimed bool) error {
	opened := a.openReplyForm(ctx, e, r)
	err := a.deliverPosts(ctx, d, r, nil)
	if e.direct {
		if err == nil && claimed {
			e.give(ctx, struct{}{})
		}
		return err
	}
	body, ok := a.wayOn(ctx, e, r, opened, err)
	if !ok || claimed && e.give(ctx, body) {
		return err
	}
	a.respond(ctx, e, body)
	return err
}

// wayOn is what a channel is told about where it goes on; false: nothing, for
// it is not known yet.
func (a *Adapter) wayOn(ctx context.Context, e *exchange, r bot.Reply, opened bool, err error) (body any, ok bool) {
	words, address := a.wordsTo(ctx, e.user), a.DMLink(e.team)
	switch {
	case errors.Is(err, bot.ErrGone):
		return ephemeral(words.Unreachable), true
	case err != nil:
		return nil, false
	case opened:
		return ephemeral(linked(words.Form, address)), true
	case len(r.Messages) == 0 && r.Remove == nil:
		return struct{}{}, true
	}
	return ephemeral(linked(words.Continued, address)), true
}

// openReplyForm opens the reply's dialog while the trigger is good. Dialogs
// come first: older servers' triggers live 3 s.
func (a *Adapter) openReplyForm(ctx context.Context, e *exchange, r bot.Reply) bool {
	if r.Form == nil {
		return false
	}
	from := scope{User: e.user, Channel: e.channel, Direct: e.direct, Root: e.root}
	if e.source == fromCommand {
		from.Exchange = e.id
	}
	err := a.openForm(ctx, e.canOpen(a.c.Now()), from, *r.Form)
	if err != nil && !errors.Is(err, errTrigger) {
		a.c.Logger.Warn("mattermost: a dialog could not be opened", "error", err)
	}
	return err == nil
}

// respond says something later through the response_url. It is a help only:
// what matters stands in the direct message.
func (a *Adapter) respond(ctx context.Context, e *exchange, body any) {
	if !e.use(a.c.Now()) {
		return
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return
	}
	err = a.once(ctx, "answer through the response_url", func(ctx context.Context) (*model.Response, error) {
		return a.send(ctx, e.response, raw)
	})
	if err != nil {
		a.c.Logger.Info("mattermost: the channel could not be told where it goes on", "error", err)
	}
}

// send posts to a response_url, which needs no token and gets none.
func (a *Adapter) send(ctx context.Context, address string, raw []byte) (*model.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(raw))
	if err != nil {
		return nil, errors.New("not an address") // the address itself is a secret
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", a.c.Agent)
	r, err := a.c.HTTPClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Body.Close() }()
	if r.StatusCode != http.StatusOK {
		return model.BuildResponse(r), errors.New("refused")
	}
	_, err = io.Copy(io.Discard, io.LimitReader(r.Body, maxBody))
	return model.BuildResponse(r), err
}

// answerPress answers a pressed button: with the pressed post changed, with
// new posts, or both. Outside the direct message the answer stands there
// nevertheless.
func (a *Adapter) answerPress(ctx context.Context, d *delivery, e *exchange, r bot.Reply, claimed bool) error {
	a.openReplyForm(ctx, e, r)
	if err := a.place(ctx, d); err != nil {
		return err
	}
	var update *piece
	var left bot.Message // what update is made of
	skip := func(m bot.Message) bool {
		if !claimed || !m.Replace || !d.replace || m.Passing { // the server changes the post when it has read the answer, some time later
			return false
		}
		p := a.pieces(m, d, nil)
		if len(p) != 1 || p[0].picture != nil { // only the bot itself can attach its file
			return false
		}
		d.replace, update, left = false, &p[0], m
		return true
	}
	err := a.deliverPosts(ctx, d, r, skip)
	if err != nil && update == nil {
		return err
	}
	answer := pressAnswer{}
	if update != nil {
		answer.Update, answer.SkipSlack = &postUpdate{Message: update.message, Props: update.props()}, true
	}
	if !claimed || e.give(ctx, answer) || update == nil {
		a.retire(ctx, d.channel, left.Topic, d.to.Message)
		return err
	}
	done, late := a.edit(ctx, d, d.to.Message, *update)
	if !done && late == nil {
		late = a.post(ctx, d, *update)
	}
	if late == nil {
		return err
	}
	rest := bot.Reply{Messages: []bot.Message{left}, Said: r.Said + len(r.Messages)} // numbers that none of them had
	if part := (*bot.Undelivered)(nil); errors.As(err, &part) {
		rest.Messages, rest.Form, rest.Thread = append(rest.Messages, part.Rest.Messages...), part.Rest.Form, part.Rest.Thread
	}
	return &bot.Undelivered{Rest: rest, Err: late}
}

// answerDialog answers a submitted dialog. With errors it stays open and may
// be submitted again; otherwise it closes, and the answer stands where the
// dialog was opened from.
func (a *Adapter) answerDialog(ctx context.Context, d *delivery, e *exchange, r bot.Reply, claimed bool) error {
	if len(r.Errors) > 0 {
		a.free(ctx, e)
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

// dialogPosts says what a dialog led to, in the direct message, and in the
// channel where the dialog was opened that it stands there.
func (a *Adapter) dialogPosts(ctx context.Context, d *delivery, e *exchange, r bot.Reply) error {
	err := a.deliverPosts(ctx, d, r, nil)
	if e.direct || e.parent == nil {
		return err
	}
	if body, ok := a.wayOn(ctx, e.parent, r, false, err); ok {
		a.respond(ctx, e.parent, body)
	}
	return err
}

// plainErrors takes the marks off what is shown under a dialog's fields.
func plainErrors(errs map[string]string) map[string]string {
	out := make(map[string]string, len(errs))
	for name, text := range errs {
		out[name] = markup.Plain(text)
	}
	return out
}
