package mattermost

import (
	"context"
	"net/http"

	"github.com/mattermost/mattermost/server/public/model"

	"resetpin/bot"
	"resetpin/bot/platform"
)

// The names in a button's context, which the server keeps from its clients.
const (
	contextSealed    = "s"
	contextSignature = "t"
)

// pressAnswer is the answer to a press. Words beside it (ephemeral_text) have
// the pressed post as root, and clients with collapsed threads, which is the
// default, show no such post in the channel: so nothing is ever said that way.
type pressAnswer struct {
	Update    *postUpdate `json:"update,omitempty"`
	SkipSlack bool        `json:"skip_slack_parsing,omitempty"`
}

// postUpdate is the pressed post as it shall be; what is not in here is taken
// off it.
type postUpdate struct {
	Message string         `json:"message"`
	Props   map[string]any `json:"props"`
}

// servePress takes a pressed button.
func (a *doors) servePress(w http.ResponseWriter, r *http.Request) {
	var p model.PostActionIntegrationRequest
	if err := readJSON(r, &p); err != nil {
		a.refuse(w, r, bot.RefusedPress, "a press that cannot be read")
		return
	}
	sealed, _ := p.Context[contextSealed].(string)
	signature, _ := p.Context[contextSignature].(string)
	s, act, err := a.unseal(sealed, signature)
	if err != nil || s.Kind == onDialog || s.Channel != p.ChannelId {
		a.refuse(w, r, bot.RefusedPress, "a press of a button that the bot did not sign")
		return
	}
	proof, err := a.prove(r.Context(), p.TriggerId, p.UserId)
	if err != nil {
		a.doubt(r.Context(), "press", err)
		if s.User == p.UserId {
			a.tell(r.Context(), bot.Origin{Account: bot.Account{Platform: bot.Mattermost, ID: s.User}}, func(w Words) string { return linked(w.Unproven, "") })
		}
		a.say(w, pressAnswer{})
		return
	}
	to := bot.Origin{Account: bot.Account{Platform: bot.Mattermost, ID: p.UserId}, Private: true}
	e := &exchange{
		source: fromPress, id: "a" + proof.id, user: p.UserId, channel: p.ChannelId, team: p.TeamName,
		root: s.Root, trigger: p.TriggerId, direct: a.isDirect(r.Context(), p.ChannelName, p.UserId),
	}
	inRoom := a.isRoom(s.Channel) && s.User == s.Channel
	if e.direct {
		to.Chat, to.Message = e.channel, p.PostId
	}
	to.Handle = inThread(e.id, s.Root)
	if inRoom {
		to = pressedInRoom(p, e.id, s.Root)
	}
	switch {
	case s.User != p.UserId && !inRoom:
		a.foreignPress(r.Context(), to)
		a.say(w, pressAnswer{})
		return
	case s.Kind == opensForm:
		a.servePressForForm(w, r, e, to, s)
		return
	}
	u := bot.Update{Origin: to, ID: e.id, Kind: bot.KindAction, Action: act, At: a.c.Now()}
	if inRoom {
		u.Called = p.UserName
	}
	a.serve(w, r, e, proof.ticket(), u, phrases{
		again: func(Words) any { return pressAnswer{} },
		trouble: func(Words) any {
			a.tell(r.Context(), bot.Origin{Account: to.Account, Private: true}, func(w Words) string { return w.Trouble })
			return pressAnswer{}
		},
		working: func(Words) any { return pressAnswer{} },
	})
}

// foreignPress tells somebody, in their own direct message, that a button was
// not for them.
func (a *Adapter) foreignPress(ctx context.Context, to bot.Origin) {
	if _, ok := a.foreign.now(to.Account.ID, a.c.Now()); ok {
		a.tell(ctx, bot.Origin{Account: to.Account, Private: true}, func(w Words) string { return w.Foreign })
	}
}

// tell says a few words of the adapter's own as a post.
func (a *Adapter) tell(ctx context.Context, to bot.Origin, words func(Words) string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.c.Timing.Call)
	defer cancel()
	me, err := a.Me(ctx)
	if err == nil {
		to.Message = ""
		err = a.deliverPosts(ctx, &delivery{to: to, me: me}, bot.Reply{Messages: []bot.Message{{Text: platform.Escape(words(a.wordsTo(ctx, to.Account.ID)))}}}, nil)
	}
	if err != nil {
		a.c.Logger.Warn("mattermost: words could not be brought to who pressed a button", "error", err)
	}
}

// isDirect tells whether a channel is the direct message of the bot and a
// person, by its name. A request may come before the bot knows who it is.
func (a *Adapter) isDirect(ctx context.Context, name, user string) bool {
	ctx, cancel := context.WithTimeout(ctx, a.c.Timing.Answer/2)
	defer cancel()
	me, err := a.Me(ctx)
	if err != nil {
		a.c.Logger.WarnContext(ctx, "mattermost: a request came before the bot knows who it is", "error", err)
	}
	return me.ID != "" && name == model.GetDMNameFromIds(me.ID, user)
}

// servePressForForm opens the dialog that a button stands for. Nobody else is
// asked: the button carries it.
func (a *Adapter) servePressForForm(w http.ResponseWriter, r *http.Request, e *exchange, to bot.Origin, s scope) {
	if s.Form == nil {
		a.refuse(w, r, bot.RefusedPress, "a press of a button without its dialog")
		return
	}
	from := scope{User: s.User, Channel: s.Channel, Exchange: s.Exchange, Direct: e.direct, Root: s.Root}
	if err := a.openForm(r.Context(), e.trigger, from, *s.Form); err != nil {
		a.c.Logger.Warn("mattermost: a dialog could not be opened", "error", err)
		a.tell(r.Context(), to, func(w Words) string { return w.FormAgain })
	}
	a.say(w, pressAnswer{})
}
