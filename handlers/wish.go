package handlers

import (
	"context"

	"resetpin/bot"
)

// A wish (bot.Update.Wish) is what a slash command asks for: it is sure whose
// it is, and not that they meant it for this bot. It may ask, and be answered
// in the private chat; what changes something is done when a button or a
// dialog that was signed for this account says so.

// wishedNIP asks for the NIP with what was typed filled in.
func (h *Handlers) wishedNIP(ctx context.Context, r request, typed string) (bot.Reply, error) {
	answer, err := h.askNIP(ctx, r, "link.ask")
	return filledIn(answer, typed), err
}

// wishedCode asks for the code with what was typed filled in.
func (h *Handlers) wishedCode(r request, typed string) bot.Reply {
	answer := reply(r.say("wish.code"), r.button("button.newcode", "code.again", ""))
	answer.Form = h.askCode(r).Form
	answer.Form.Intro = ""
	return filledIn(answer, typed)
}

// filledIn puts what was typed into the only field of a reply's dialog.
func filledIn(answer bot.Reply, typed string) bot.Reply {
	if answer.Form != nil {
		answer.Form.Fields[0].Value = typed
	}
	return answer
}

// wishedHere asks to write the same in the private chat, where it counts.
func (h *Handlers) wishedHere(r request) bot.Reply {
	return reply(r.say("wish.here"), h.homeButtons(r)...)
}

// wishedAction lets an action that words stand for be pressed.
func (h *Handlers) wishedAction(r request) bot.Reply {
	return reply(r.say("wish.press"), bot.Button{Text: r.say("button.go"), Action: r.Action, Style: bot.StylePrimary}, r.button("button.cancel", "cancel", ""))
}

// wishedLink lets an account be linked by a press whose address says whose it
// is.
func (h *Handlers) wishedLink(r request) bot.Reply {
	return reply(r.say("wish.link"), r.primary("button.link", "cmd", "link"))
}
