package link

import (
	"context"
	"resetpin/bot"
	"resetpin/handlers/talk"
)

// wishedNIP asks for the NIP with what was typed filled in.
func (h *Room) wishedNIP(ctx context.Context, r talk.Request, typed string) (bot.Reply, error) {
	answer, err := h.askNIP(ctx, r, "link.ask")
	return filledIn(answer, typed), err
}

// wishedCode asks for the code with what was typed filled in.
func (h *Room) wishedCode(r talk.Request, typed string) bot.Reply {
	answer := talk.Reply(r.Say("wish.code"), r.Button("button.newcode", talk.CodeAgain, ""))
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

// wishedLink lets an account be linked by a press whose address says whose it
// is.
func (h *Room) wishedLink(r talk.Request) bot.Reply {
	return talk.Reply(r.Say("wish.link"), r.Primary("button.link", talk.Cmd, "link"))
}
