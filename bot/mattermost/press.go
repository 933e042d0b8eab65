package mattermost

import (
	"context"
	"net/http"

	"github.com/mattermost/mattermost/server/public/model"

	"resetpin/bot"
)

// The names in a button's context, which the server keeps from its clients.
const (
	contextSealed    = "s"
	contextSignature = "t"
)

// pressAnswer is the answer to a press.
type pressAnswer struct {
	Update    *postUpdate `json:"update,omitempty"`
	Ephemeral string      `json:"ephemeral_text,omitempty"`
	SkipSlack bool        `json:"skip_slack_parsing,omitempty"`
}

// postUpdate is the pressed post as it shall be; what is not in here is taken
// off it.
type postUpdate struct {
	Message string         `json:"message"`
	Props   map[string]any `json:"props"`
}

func whisper(text string) pressAnswer { return pressAnswer{Ephemeral: text, SkipSlack: true} }

// servePress takes a pressed button.
func (a *Adapter) servePress(w http.ResponseWriter, r *http.Request) {
	var p model.PostActionIntegrationRequest
	if err := readJSON(r, &p); err != nil {
		unauthorized(w)
		return
	}
	sealed, _ := p.Context[contextSealed].(string)
	signature, _ := p.Context[contextSignature].(string)
	s, act, err := a.unseal(sealed, signature)
	if err != nil || s.Kind == onDialog || s.Channel != p.ChannelId {
		unauthorized(w)
		return
	}
	if s.User != p.UserId {
		a.say(w, whisper(a.wordsTo(r.Context(), p.UserId).Foreign))
		return
	}
	e := &exchange{
		source: fromPress, id: "a" + handleOf(p.TriggerId+p.PostId), user: p.UserId, channel: p.ChannelId, team: p.TeamName,
		post: p.PostId, trigger: p.TriggerId, fading: s.Kind == onEphemeral, direct: a.isDirect(r.Context(), p.ChannelName, p.UserId),
	}
	if e.parent = a.exchanges.get(s.Exchange); e.parent != nil && e.team == "" { // a press in a direct message names no team
		e.team = e.parent.team
	}
	if s.Kind == opensForm {
		a.servePressForForm(w, r, e, s)
		return
	}
	u := bot.Update{
		Origin: bot.Origin{Account: bot.Account{Platform: bot.Mattermost, ID: p.UserId}, Private: true, Handle: e.id},
		ID:     e.id, Kind: bot.KindAction, Action: act, At: a.c.Now(),
	}
	if e.direct {
		u.Chat = e.channel
	}
	if !e.fading {
		u.Message = p.PostId
	}
	a.serve(w, r, e, u, phrases{
		again:   func(w Words) any { return whisper(w.Again) },
		trouble: func(w Words) any { return whisper(w.Trouble) },
		working: func(w Words) any { return whisper(w.Working) },
	})
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
func (a *Adapter) servePressForForm(w http.ResponseWriter, r *http.Request, e *exchange, s scope) {
	if s.Form == nil {
		unauthorized(w)
		return
	}
	from := scope{User: s.User, Channel: s.Channel, Exchange: s.Exchange, Direct: e.direct}
	if err := a.openForm(r.Context(), e.trigger, from, *s.Form); err != nil {
		a.c.Logger.Warn("mattermost: a dialog could not be opened", "error", err)
		a.say(w, whisper(a.wordsTo(r.Context(), e.user).FormAgain))
		return
	}
	a.say(w, struct{}{})
}
