package handlers

import (
	"context"
	"fmt"
	"strings"

	"resetpin/bot"
	"resetpin/handlers/bsre"
	"resetpin/handlers/understand"
	"resetpin/store"
)

// Handle answers one update that the guard let through. It is a bot.Handler.
func (h *Handlers) Handle(ctx context.Context, u bot.Update) (bot.Reply, error) {
	r, known := ctx.Value(lookedAt{}).(request)
	if !known {
		var err error
		if r, err = h.request(ctx, u); err != nil {
			return bot.Reply{}, err
		}
	}
	if !u.Private {
		return h.inPublic(r), nil
	}
	answer, err := h.answer(ctx, r)
	if err != nil {
		return answer, err
	}
	return forReader(r.session.TextOnly, answer), h.remember(ctx, u.Account, r.session.Offer, answer, r.now)
}

// understand tells what typed words mean where the person is.
func (h *Handlers) understand(r request) understand.Result {
	if r.Kind == bot.KindAction || r.Kind == bot.KindForm {
		return understand.Result{}
	}
	in := understand.Input{Place: h.whereabouts(r), Text: bsre.WithoutLinks(r.Text), Language: r.language, Wary: h.wary(r)}
	switch c := h.findCommand(r.Command); {
	case r.Kind != bot.KindCommand:
	case c == nil:
		in.Text = r.Command + " " + in.Text // a secret can stand right behind a slash
	case c.Name == "link":
		in.Place = understand.AskNIP
	}
	for _, c := range offered(r) {
		in.Offered = append(in.Offered, c.Label)
	}
	return h.Sentences.Understand(in)
}

// wary tells whether the employee makes a new PIN, or made one lately enough to
// type it by mistake.
func (h *Handlers) wary(r request) bool {
	w := r.session.Walk
	return h.walking(r) || w.ID != 0 && r.now.Sub(w.Moved) < waryFor || r.now.Sub(r.session.LastReset) < waryFor
}

// answer answers what the guard let through, by what kind it is of.
func (h *Handlers) answer(ctx context.Context, r request) (bot.Reply, error) {
	if r.Kind == bot.KindCommand || r.Kind == bot.KindText || r.Kind == bot.KindOther {
		if reply, told := h.aboutLinks(r); told {
			return reply, nil
		}
	}
	switch r.Kind {
	case bot.KindCommand:
		return h.command(ctx, r)
	case bot.KindText:
		return h.text(ctx, r)
	case bot.KindAction:
		return h.action(ctx, r)
	case bot.KindForm:
		return h.form(ctx, r)
	case bot.KindEdited:
		return bot.Reply{}, nil // an edited question was answered already; the guard has looked at it
	case bot.KindOther:
		return h.other(r), nil
	}
	return bot.Reply{}, fmt.Errorf("update of unknown kind %q", r.Kind)
}

// language is the one the person chose, or the platform's when the bot
// speaks it, or the default.
func (h *Handlers) language(chosen, platform string) string {
	if chosen != "" {
		return chosen
	}
	tag, _, _ := strings.Cut(strings.ToLower(platform), "-")
	if tag == Indonesian || tag == English {
		return tag
	}
	return h.Settings.DefaultLanguage
}

// inPublic answers where others read along: only to a command, and only with
// the way to the private chat, or with what to type where only the person sees
// the answer.
func (h *Handlers) inPublic(r request) bot.Reply {
	if r.Kind != bot.KindCommand {
		return bot.Reply{}
	}
	word := r.Command
	if word == "start" || h.findCommand(word) == nil {
		word = "start"
	}
	if link := h.PrivateLink(r.Account.Platform, word); link != "" {
		return reply(r.say("group.private"), bot.Button{Text: r.say("button.private"), URL: link})
	}
	if word == "start" {
		word = "resetpin"
	}
	return reply(r.say("group.typed", "command", h.typed(r.Account.Platform, word)))
}

func (h *Handlers) command(ctx context.Context, r request) (bot.Reply, error) {
	c := h.findCommand(r.Command)
	if c == nil {
		return h.lost(r), nil
	}
	return c.run(h, ctx, r)
}

// text answers typed words.
func (h *Handlers) text(ctx context.Context, r request) (bot.Reply, error) {
	if r.understood.Meaning == understand.Unknown || r.understood.Ask {
		if code := understand.FindCode(r.Text); code != "" && h.codeMeant(r) {
			return h.enterCode(ctx, r, code) // six digits that nobody waits for any more
		}
	}
	return h.talk(ctx, r)
}

// codeMeant tells whether six digits that nobody asked for can be a code: of
// somebody who is not linked, or whose right code is delivered again.
func (h *Handlers) codeMeant(r request) bool {
	return !h.walking(r) && (!h.verified(r) || r.now.Sub(r.session.Verified) < h.Settings.CodeTTL)
}

func (h *Handlers) action(ctx context.Context, r request) (bot.Reply, error) {
	run, ok := actions()[r.Action.Name]
	if !ok {
		return h.lost(r), nil
	}
	if r.Wish { // words that stand for a button are not the press of it
		return h.wishedAction(r), nil
	}
	return run(h, ctx, r)
}

// form answers a submitted dialog. Its values are as untrusted as typed words.
func (h *Handlers) form(ctx context.Context, r request) (bot.Reply, error) {
	switch r.Action.Name {
	case "link.nip":
		return h.enterNIP(ctx, r, r.Fields[fieldNIP])
	case "link.code":
		return h.enterCode(ctx, r, r.Fields[fieldCode])
	}
	return h.lost(r), nil
}

// other answers what the bot cannot read.
func (h *Handlers) other(r request) bot.Reply {
	return reply(r.say("other"), h.homeButtons(r)...)
}

// lost answers what the bot did not understand, in two lines with buttons.
func (h *Handlers) lost(r request) bot.Reply {
	return reply(r.say("lost"), h.homeButtons(r)...)
}

// homeButtons lead to what the person most likely wants.
func (h *Handlers) homeButtons(r request) []bot.Button {
	if !r.session.Linked {
		return []bot.Button{r.primary("button.reset", "cmd", "resetpin"), r.button("button.link", "cmd", "link"), r.button("button.help", "cmd", "help")}
	}
	reset, status, help := r.primary("button.reset", "cmd", "resetpin"), r.button("button.status", "cmd", "status"), r.button("button.help", "cmd", "help")
	switch {
	case !h.interrupted(r):
		return []bot.Button{reset, status, help}
	case r.session.Walk.Guide == resetGuide: // a new link would kill the one that waits
		return []bot.Button{h.resume(r), status, help}
	}
	reset.Style = bot.StyleNormal
	return []bot.Button{h.resume(r), reset, status, help}
}

// walking tells whether the person is on their way through a guide.
func (h *Handlers) walking(r request) bool {
	return r.session.Walk.ID != 0 && r.session.Walk.State == store.WalkActive
}

// LanguageOf is the language to answer an update in, for those who answer
// beside Handle. When the database cannot tell, it is as if nobody had chosen.
func (h *Handlers) LanguageOf(ctx context.Context, u bot.Update) string {
	session, err := h.Store.Session(ctx, store.Account(u.Account))
	if err != nil {
		h.Logger.DebugContext(ctx, "somebody's language could not be read", "error", err)
	}
	return h.language(session.Language, u.Language)
}
