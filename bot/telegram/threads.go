package telegram

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"resetpin/bot"
)

// threadGone tells whether a topic was deleted by hand.
func (e *Error) threadGone() bool {
	return e.says("thread not found", "topic_deleted", "topic_id_invalid", "message to be replied not found")
}

// say delivers to a person or a room; in a room it finds the subject's thread.
func (a *Adapter) say(ctx context.Context, at place, to bot.Origin, r bot.Reply) error {
	if to.Subject == "" || !a.rooms.has(placeOf(to).chat) {
		err := a.messages(ctx, at, to, r)
		if err == nil && at.topic != 0 {
			a.change(ctx, at, r.Thread, bot.ThreadClose)
		}
		return err
	}
	err := a.inThread(ctx, to, r)
	if refusal(err).threadGone() {
		a.c.Logger.Warn("a ticket's topic is gone; it is opened anew")
		room := bot.Account{Platform: bot.Telegram, ID: placeOf(to).chat}
		if err := errors.Join(a.c.Threads.ForgetThread(ctx, room, to.Subject), a.c.Threads.ForgetThread(ctx, room, to.Subject+opening), a.c.Threads.ForgetThread(ctx, room, to.Subject+heading)); err != nil {
			return fmt.Errorf("forget a topic: %w", err)
		}
		var part *bot.Undelivered
		if errors.As(err, &part) {
			r = part.Rest
		}
		err = a.inThread(ctx, to, r)
	}
	return err
}

// inThread says something in the thread of a subject, which is opened first
// when there is none.
func (a *Adapter) inThread(ctx context.Context, to bot.Origin, r bot.Reply) error {
	room := bot.Account{Platform: bot.Telegram, ID: placeOf(to).chat}
	thread, err := a.c.Threads.Thread(ctx, room, to.Subject)
	if err != nil {
		return fmt.Errorf("find a ticket's topic: %w", err)
	}
	shown := r.Thread == "" // a new one shows things as they stand
	if thread == "" {
		if !shown && len(r.Messages) == 0 {
			return nil
		}
		if thread, err = a.open(ctx, room, to.Subject); err != nil {
			return err
		}
		shown = true
	}
	d := a.threadDelivery(ctx, room, to.Subject, thread)
	a.change(ctx, d.place, r.Thread, bot.ThreadReopen)
	if !shown {
		a.showHead(ctx, room, to.Subject, thread)
	}
	if err := a.deliver(ctx, d, r); err != nil {
		return err
	}
	a.change(ctx, d.place, r.Thread, bot.ThreadClose)
	return nil
}

// threadDelivery is a delivery into a thread. Where threads are made of
// answers, each message is noted: an answer to any of them belongs to it.
func (a *Adapter) threadDelivery(ctx context.Context, room bot.Account, subject, thread string) *delivery {
	d := &delivery{place: a.at(bot.Origin{Account: room, Thread: thread}), to: bot.Origin{Account: room}, sent: func(int) {}}
	root, ok := strings.CutPrefix(thread, "m")
	if thread != "" && !ok {
		return d
	}
	d.root, _ = strconv.Atoi(root)
	d.sent = func(message int) {
		if err := a.c.Threads.KeepThread(ctx, room, subject, messageThread(message)); err != nil {
			a.c.Logger.Error("a message of a ticket could not be noted; an answer to it will not be understood", "error", err)
		}
	}
	return d
}

// opening ends what a topic's subject is called until its first message stands
// in it: a crash in between makes no second topic.
const opening = ".opening"

// heading ends what the first message of a topic is kept as.
const heading = ".head"

// showHead changes the first message of a thread into what it would be now. It
// is a help only: the words stand in the thread.
func (a *Adapter) showHead(ctx context.Context, room bot.Account, subject, thread string) {
	first := thread
	var err error
	if placeOf(bot.Origin{Account: room, Thread: thread}).topic != 0 {
		first, err = a.c.Threads.Thread(ctx, room, subject+heading)
	}
	id, known := strings.CutPrefix(first, "m")
	if err == nil && known {
		err = a.editHead(ctx, bot.Origin{Account: room, Thread: thread, Message: id}, subject)
	}
	if err != nil {
		a.c.Logger.Warn("the first message of a ticket's thread could not be changed", "error", err)
	}
}

func (a *Adapter) editHead(ctx context.Context, to bot.Origin, subject string) error {
	head, err := a.c.Threads.Head(ctx, to.Account, subject)
	if err != nil {
		return fmt.Errorf("read how a ticket begins: %w", err)
	}
	all, problem := parts(head.First, a.signer(to))
	if problem != nil || len(all) != 1 {
		return problem
	}
	_, err = a.edit(ctx, &delivery{place: a.at(to), to: to}, all[0])
	return err
}

// open makes the thread of a subject: a topic in a forum, a message elsewhere.
func (a *Adapter) open(ctx context.Context, room bot.Account, subject string) (string, error) {
	head, err := a.c.Threads.Head(ctx, room, subject)
	if err != nil {
		return "", fmt.Errorf("read how a ticket begins: %w", err)
	}
	topic, err := a.topic(ctx, room, subject, head.Title)
	if err != nil {
		return "", err
	}
	d := a.threadDelivery(ctx, room, subject, topic)
	if topic != "" {
		d.sent = func(message int) {
			if err := a.c.Threads.KeepThread(ctx, room, subject+heading, messageThread(message)); err != nil {
				a.c.Logger.Error("a topic's first message could not be noted; it will not show who has the ticket", "error", err)
			}
		}
	}
	if err := a.deliver(ctx, d, bot.Reply{Messages: []bot.Message{head.First}}); err != nil {
		return "", err
	}
	if topic == "" {
		thread, err := a.c.Threads.Thread(ctx, room, subject)
		if err != nil {
			return "", fmt.Errorf("find a ticket's first message: %w", err)
		}
		return thread, nil
	}
	if err := a.c.Threads.KeepThread(ctx, room, subject, topic); err != nil {
		return "", fmt.Errorf("keep a ticket's topic: %w", err)
	}
	return topic, nil
}

// plainFor is how long a group without topics is taken for one.
const plainFor = 10 * time.Minute

// topic makes a forum's topic; "" when the group has none, or the bot may not
// make them.
func (a *Adapter) topic(ctx context.Context, room bot.Account, subject, title string) (string, error) {
	known, err := a.c.Threads.Thread(ctx, room, subject+opening)
	if known != "" || err != nil {
		return known, err //nolint:wrapcheck // the caller's own
	}
	at := a.at(bot.Origin{Account: room})
	if !strings.HasPrefix(at.chat, "-100") || a.rooms.isPlain(room.ID, a.c.Now()) {
		return "", nil
	}
	var made struct {
		Topic int `json:"message_thread_id"`
	}
	err = a.paced(ctx, at.chat, func(ctx context.Context) error {
		return a.api.call(ctx, "createForumTopic", map[string]any{paramChat: at.id(), "name": cutText(title, maxTopicName)}, &made)
	})
	switch e := refusal(err); {
	case err == nil:
		thread := topicThread(made.Topic)
		if err := a.c.Threads.KeepThread(ctx, room, subject+opening, thread); err != nil {
			return "", fmt.Errorf("keep a topic: %w", err)
		}
		return thread, nil
	case e.says("not enough rights to create", "not enough rights to manage", "chat_admin_required"):
		a.c.Logger.Error("the bot may make no topics in the officers' group; tickets are messages there until it has the right \"Manage topics\"", "error", err)
	case e.says("not a forum", "channel_forum_missing"):
	default:
		return "", withGone(err)
	}
	a.rooms.setPlain(room.ID, a.c.Now())
	return "", nil
}

// paramChat names the chat in a call.
const paramChat = "chat_id"

// maxTopicName is Telegram's (https://core.telegram.org/bots/api#createforumtopic).
const maxTopicName = 128

func (r *rooms) isPlain(room string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	since, ok := r.plain[room]
	return ok && now.Sub(since) < plainFor
}

func (r *rooms) setPlain(room string, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.plain[room] = now
}

// change closes or reopens a topic, when that is what is asked. What Telegram
// refuses does no harm: the words are there.
func (a *Adapter) change(ctx context.Context, at place, asked, now bot.ThreadChange) {
	if asked != now || at.topic == 0 {
		return
	}
	method := map[bot.ThreadChange]string{bot.ThreadClose: "closeForumTopic", bot.ThreadReopen: "reopenForumTopic"}[now]
	err := a.try(ctx, at.chat, func(ctx context.Context) error {
		return a.api.call(ctx, method, map[string]any{paramChat: at.id(), "message_thread_id": at.topic}, nil)
	})
	if err != nil && !refusal(err).says("topic_not_modified") {
		a.c.Logger.Info("a topic could not be closed or reopened", "error", err)
	}
}
