package talk

import (
	"context"
	"errors"
	"slices"
	"strings"

	"resetpin/bot"
)

// System is an outside system, as people's troubles with it are told apart.
type System string

// The systems.
const (
	BSrE    System = "bsre"    // what tells the status
	Portal  System = "portal"  // what resets
	Session System = "session" // the operator's, at the portal
	Mail    System = "mail"
	Overall System = "all" // whatever the bot does
)

// Concern is what an answer is about, as bot.Reply.About names it: what is
// wrong for everybody there is told with it.
type Concern string

// The concerns. Answers that are about none have no notice.
const (
	AboutStatus Concern = "status"
	AboutReset  Concern = "resetpin"
	AboutLink   Concern = "link"
	AboutAny    Concern = "any" // whatever is wrong may be why somebody asks
)

// Systems are those that must work for a concern.
func (c Concern) Systems() []System {
	switch c {
	case AboutStatus:
		return []System{BSrE, Overall}
	case AboutReset:
		return []System{BSrE, Portal, Session, Overall}
	case AboutLink:
		return []System{Mail, Overall}
	case AboutAny:
		return []System{BSrE, Portal, Session, Mail, Overall}
	}
	return nil
}

// Of marks a reply as one that is about it.
func (c Concern) Of(r bot.Reply) bot.Reply {
	r.About = string(c)
	return r
}

// Watch hears how outside systems serve people.
type Watch interface {
	Failed(ctx context.Context, s System, who string)
	Served(ctx context.Context, s System)
}

// Notice gives what is told with an answer that is about something; empty:
// nothing.
type Notice func(ctx context.Context, r Request, about Concern) (string, error)

// Met notes how a call to a system for somebody ended. What is wrong with the
// one person only is an answer like others.
func (k *Kernel) Met(ctx context.Context, s System, who string, err error) {
	watch := k.table.watch
	kind := TroubleOf(err)
	switch {
	case watch == nil || kind == Busy || errors.Is(err, context.Canceled):
	case kind == Closed && s == Portal:
		watch.Failed(ctx, Session, who)
	case kind == Down || kind == Closed || s == Mail && err != nil:
		watch.Failed(ctx, s, who)
	case err == nil || kind.Personal(): // of all else nobody knows what it says
		watch.Served(ctx, s)
		if s == Portal {
			watch.Served(ctx, Session)
		}
	}
}

// noticed adds to an answer what is wrong for everybody, where it is about
// that.
func (k *Kernel) noticed(ctx context.Context, r Request, answer bot.Reply) bot.Reply {
	if answer.About == "" || len(answer.Messages) == 0 || k.table.notice == nil {
		return answer
	}
	words, err := k.table.notice(ctx, r, Concern(answer.About))
	if err != nil {
		k.Logger.ErrorContext(ctx, "it is not known what is wrong for everybody", "error", err)
	}
	if words == "" {
		return answer
	}
	answer.Messages = slices.Clone(answer.Messages)
	if answer.Form != nil { // where there are dialogs it is all that is shown
		form := *answer.Form
		form.Intro = words + "\n\n" + form.Intro
		answer.Form = &form
	}
	if first := &answer.Messages[0]; first.Picture == nil && first.File == nil {
		first.Text = words + "\n\n" + first.Text
		return answer
	}
	answer.Messages = slices.Insert(answer.Messages, 0, bot.Message{Text: words}) // beside a picture there is little room for words
	return answer
}

// AdminCommand is a command that only officers have outside of their rooms.
func (k *Kernel) AdminCommand(name string, run Handler) Command {
	return Command{Name: name, Admins: true, Run: k.ForAdmins(run)}
}

// ForAdmins lets officers use a command outside of their rooms. Nobody else
// learns that it exists: to them the words are words like others. What is typed
// behind the command may do something: a wish is asked for again where it counts.
func (k *Kernel) ForAdmins(run Handler) Handler {
	return func(ctx context.Context, r Request) (bot.Reply, error) {
		if slices.Contains(k.Settings.Admins, r.Account) {
			if r.Wish && strings.TrimSpace(r.Text) != "" {
				return k.WishedHere(r), nil
			}
			return run(ctx, r)
		}
		if r.Kind != bot.KindCommand {
			return k.Lost(r), nil
		}
		r.Kind, r.Text = bot.KindText, r.Command+" "+r.Text
		r.Understood = k.understand(r)
		return k.TypedWords(ctx, r)
	}
}
