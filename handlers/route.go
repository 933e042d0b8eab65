package handlers

import (
	"context"
	"fmt"
	"strings"

	"resetpin/bot"
	"resetpin/handlers/bsre"
	"resetpin/store"
)

// Handle answers one update that the guard let through. It is a bot.Handler.
func (h *Handlers) Handle(ctx context.Context, u bot.Update) (bot.Reply, error) {
	r, err := h.request(ctx, u)
	if err != nil {
		return bot.Reply{}, err
	}
	if !u.Private {
		return h.inPublic(r), nil
	}
	answer, err := h.answer(ctx, r)
	return forReader(r.session.TextOnly, answer), err
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

// text answers typed words: what was asked for first, then what looks like
// a number the bot knows, then plain words.
func (h *Handlers) text(ctx context.Context, r request) (bot.Reply, error) {
	if strings.TrimSpace(r.Text) == "" {
		return h.lost(r), nil
	}
	rule := h.intents.match(bsre.WithoutLinks(r.Text))
	if rule.Command == "" {
		if reply, taken, err := h.answered(ctx, r); taken || err != nil {
			return reply, err
		}
		return h.lost(r), nil
	}
	if rule.Command == intentThanks {
		return reply(r.say("thanks")), nil
	}
	if _, ok := h.Guides.Guide(rule.Guide); ok {
		return h.offerGuide(r, rule.Guide), nil
	}
	return h.findCommand(rule.Command).run(h, ctx, r)
}

// answered takes typed words as the answer to what the bot asked for, or as
// the number they plainly are.
func (h *Handlers) answered(ctx context.Context, r request) (bot.Reply, bool, error) {
	prompt := r.session.Prompt
	if r.now.Sub(r.session.PromptAt) > promptLifetime {
		prompt = store.PromptNone
	}
	var reply bot.Reply
	var err error
	switch {
	case isCode(r.Text) && (prompt == store.PromptCode || h.codeMeant(r)):
		reply, err = h.enterCode(ctx, r, r.Text)
	case prompt == store.PromptPhone:
		reply, err = h.enterPhone(ctx, r)
	case prompt == store.PromptNIP, looksLikeNIP(r.Text):
		reply, err = h.enterNIP(ctx, r, r.Text)
	case prompt == store.PromptCode:
		reply, err = h.enterCode(ctx, r, r.Text)
	default:
		return bot.Reply{}, false, nil
	}
	return reply, true, err
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
