package mattermost

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"resetpin/bot"
	"resetpin/bot/mattermost/server"
	"resetpin/bot/platform"
)

// threadSign stands in a handle before the id of the thread that the words or
// the pressed post stand in; before it stands the exchange's id, if there is
// one.
const threadSign = ";"

// inThread gives the handle of what happened in a thread; without one it is
// the exchange's id alone.
func inThread(exchange, root string) string {
	if root == "" {
		return exchange
	}
	return exchange + threadSign + root
}

// Deliver renders the reply and brings it to where the origin says; see
// bot.Channel. A request that still waits is answered with it; otherwise it
// comes by the response_url, or as posts in the direct message. It gives
// bot.ErrGone, wrapped, when there is nobody to write to, and
// *bot.Undelivered when only the rest is to be tried again.
func (a *Adapter) Deliver(ctx context.Context, to bot.Origin, r bot.Reply) error {
	me, err := a.Me(ctx)
	if err != nil {
		return err
	}
	if a.isRoom(to.Chat) && slices.ContainsFunc(r.Messages, func(m bot.Message) bool { return m.Replace }) {
		r.Notice = "" // others read it too, for ever, and what has changed says it
	}
	r = noticed(r)
	d := &delivery{to: to, me: me}
	e := a.exchanges.get(to.Handle)
	if e == nil {
		err := a.deliverUnasked(ctx, d, r)
		a.leadElsewhere(ctx, to, r, err)
		return err
	}
	defer e.end()
	claimed := e.claim()
	switch e.source {
	case fromPress:
		err = a.answerPress(ctx, d, e, r, claimed)
	case fromDialog:
		err = a.answerDialog(ctx, d, e, r, claimed)
	case fromCommand:
		err = a.answerCommand(ctx, d, e, r, claimed)
	}
	if err != nil && claimed {
		e.give(ctx, e.working())
	}
	return err
}

// noticed puts a notice over the first message: what is said at a button is not
// seen (see pressAnswer).
func noticed(r bot.Reply) bot.Reply {
	if r.Notice == "" {
		return r
	}
	words := platform.Escape(r.Notice)
	r.Notice = ""
	if len(r.Messages) == 0 {
		if r.Remove == nil {
			r.Messages = []bot.Message{{Text: words}}
		}
		return r
	}
	r.Messages = slices.Clone(r.Messages)
	r.Messages[0].Text = "_" + words + "_\n\n" + r.Messages[0].Text
	return r
}

// deliverPosts brings a reply into the channel that the delivery is for: takes
// away what is to be removed, replaces the origin's post, and writes the rest.
// Where nobody opened the reply's dialog, a button under the last message
// does.
func (a *Adapter) deliverPosts(ctx context.Context, d *delivery, r bot.Reply, skip func(bot.Message) bool) error {
	last := len(r.Messages) - 1
	if r.Remove != nil {
		last++
	}
	if last < 0 {
		return nil
	}
	if err := a.place(ctx, d); err != nil {
		return err
	}
	return platform.Reply{
		Remove: a.remove,
		Write: func(ctx context.Context, i int, m bot.Message) (int, error) {
			if skip != nil && skip(m) {
				return 1, nil
			}
			var form *bot.Form
			if i == last {
				form = r.Form
			}
			d.message = r.Said + i
			return a.write(ctx, d, m, form)
		},
		Replaces: func() bool { return d.replace },
	}.Bring(ctx, r)
}

// place finds out where the posts go, once.
func (a *Adapter) place(ctx context.Context, d *delivery) error {
	if d.channel != "" {
		return nil
	}
	channel, err := a.roomOf(ctx, d.to)
	if err != nil {
		return err
	}
	d.channel, d.replace = channel, d.to.Message != ""
	_, d.root, _ = strings.Cut(d.to.Handle, threadSign)
	return nil
}

// write writes a message, in several posts if it must, or changes the old one.
// It tells how many of its pieces are there.
func (a *Adapter) write(ctx context.Context, d *delivery, m bot.Message, form *bot.Form) (said int, err error) {
	all := a.pieces(m, d, form)
	for said = m.Said; said < len(all); said++ {
		if m.Replace && d.replace {
			done, err := a.edit(ctx, d, d.to.Message, all[said])
			if err != nil {
				return said, err
			}
			d.replace = false
			if done {
				continue
			}
		}
		d.posts = postsOfPiece * said
		if err := a.post(ctx, d, all[said]); err != nil {
			return said, err
		}
	}
	a.retire(ctx, d.channel, m.Topic, d.last)
	return said, nil
}

// pieces renders a message with buttons for the one who gets it.
func (a *Adapter) pieces(m bot.Message, d *delivery, form *bot.Form) []piece {
	all, problem := pieces(m, look{
		actionURL: a.c.PublicURL + "/mattermost/action", form: form,
		seal: func(kind string, act bot.Action, form *bot.Form) (string, string, error) {
			return a.seal(scope{User: a.pressedBy(d), Channel: d.channel, Kind: kind, Form: form, Root: d.root}, act)
		},
	})
	if problem != nil {
		a.c.Logger.Error("a message has unusable buttons", "error", problem)
	}
	return all
}

// pressedBy tells for whom a delivery's buttons are signed: for one account, or
// in a room for whoever is in it.
func (a *Adapter) pressedBy(d *delivery) string {
	if a.isRoom(d.channel) {
		return d.channel
	}
	return d.to.Account.ID
}

// longestTyping is how long a press that takes its time is shown as being
// worked on.
const longestTyping = time.Minute

// keepTyping shows that the bot is typing until an exchange's answer was
// delivered: clients show it for some seconds only.
func (a *Adapter) keepTyping(ctx context.Context, e *exchange, to bot.Origin) {
	ctx, cancel := context.WithTimeout(ctx, longestTyping)
	defer cancel()
	again := time.NewTicker(a.c.Timing.Typing)
	defer again.Stop()
	for {
		a.Working(ctx, to)
		select {
		case <-again.C:
		case <-e.done:
			return
		case <-ctx.Done():
			return
		}
	}
}

// Working shows that the bot is typing, where no request waits for it.
func (a *Adapter) Working(ctx context.Context, to bot.Origin) {
	if e := a.exchanges.get(to.Handle); e != nil && e.waits() {
		return
	}
	channel := to.Chat
	if channel == "" {
		channel = a.rooms.get(to.Account.ID)
	}
	me := a.me.get()
	if channel == "" || me.ID == "" || a.isRoom(channel) { // officers talk with each other there
		return
	}
	ctx, cancel := context.WithTimeout(ctx, a.c.Timing.Call)
	defer cancel()
	if r, err := a.api.PublishUserTyping(ctx, me.ID, model.TypingRequest{ChannelId: channel}); err != nil {
		a.c.Logger.Debug("mattermost: typing could not be shown", "error", server.Explain("show typing", r, err))
	}
}
