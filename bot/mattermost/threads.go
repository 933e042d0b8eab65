package mattermost

import (
	"context"
	"errors"
	"fmt"

	"resetpin/bot"
	"resetpin/bot/mattermost/server"
)

// rootGone tells whether a thread's first post was deleted, and the thread
// with it.
func rootGone(err error) bool {
	e := server.Refusal(err)
	return e != nil && e.ID == "api.post.create_post.root_id.app_error"
}

// deliverUnasked brings a reply that no request waits for to where its origin says: in a
// room, into the thread of the origin's subject, which is opened anew when
// somebody deleted it.
func (a *Adapter) deliverUnasked(ctx context.Context, d *delivery, r bot.Reply) error {
	if d.to.Subject == "" || !a.isRoom(d.to.Account.ID) {
		return a.deliverPosts(ctx, d, r, nil)
	}
	err := a.inSubject(ctx, d, r)
	if !rootGone(err) {
		return err
	}
	a.c.Logger.WarnContext(ctx, "the first post of a ticket's thread is gone; the thread is opened anew")
	if err := a.c.Threads.ForgetThread(ctx, d.to.Account, d.to.Subject); err != nil {
		return fmt.Errorf("forget a thread: %w", err)
	}
	var part *bot.Undelivered
	if errors.As(err, &part) {
		r = part.Rest
	}
	return a.inSubject(ctx, &delivery{to: d.to, me: d.me}, r)
}

// inSubject says something in the thread of a subject. The thread's first post
// shows things as they stand: it is changed when they do.
func (a *Adapter) inSubject(ctx context.Context, d *delivery, r bot.Reply) error {
	room := d.to.Account
	root, err := a.c.Threads.Thread(ctx, room, d.to.Subject)
	if err != nil {
		return fmt.Errorf("find a ticket's thread: %w", err)
	}
	shown := r.Thread == "" // a new one shows things as they stand
	if root == "" {
		if !shown && len(r.Messages) == 0 {
			return nil
		}
		if root, err = a.openThread(ctx, d); err != nil {
			return fmt.Errorf("open a ticket's thread: %w", err)
		}
		shown = true
	}
	d.channel, d.root, d.subject = room.ID, root, d.to.Subject
	if !shown {
		a.showHead(ctx, d)
	}
	return a.deliverPosts(ctx, d, r, nil)
}

// beforeAll is the number of a thread's first post among a reply's messages.
const beforeAll = -1

// openThread writes the first post of a subject's thread and gives its id.
func (a *Adapter) openThread(ctx context.Context, of *delivery) (string, error) {
	room := of.to.Account
	head, err := a.c.Threads.Head(ctx, room, of.to.Subject)
	if err != nil {
		return "", fmt.Errorf("read how it begins: %w", err)
	}
	d := &delivery{to: bot.Origin{Account: room}, me: of.me, channel: room.ID, message: beforeAll}
	if _, err := a.write(ctx, d, head.First, nil); err != nil {
		return "", err
	}
	if err := a.c.Threads.KeepThread(ctx, room, of.to.Subject, d.last); err != nil {
		return "", fmt.Errorf("keep it: %w", err)
	}
	return d.last, nil
}

// showHead changes the first post of a thread into what it would be now. It is
// a help only: the words stand in the thread.
func (a *Adapter) showHead(ctx context.Context, of *delivery) {
	room := of.to.Account
	head, err := a.c.Threads.Head(ctx, room, of.subject)
	d := &delivery{to: bot.Origin{Account: room}, me: of.me, channel: room.ID}
	if err == nil {
		if all := a.pieces(head.First, d, nil); len(all) == 1 {
			_, err = a.edit(ctx, d, of.root, all[0])
		}
	}
	if err != nil {
		a.c.Logger.WarnContext(ctx, "the first post of a ticket's thread could not be changed", "error", err)
	}
}
