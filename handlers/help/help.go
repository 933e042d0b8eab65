package help

import (
	"context"
	"fmt"
	"resetpin/bot"
	"resetpin/handlers/talk"
	"slices"
	"strings"
)

// start greets, or goes straight to where a deep link (?start=resetpin) leads.
func (h *Room) start(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if word := strings.ToLower(strings.TrimSpace(r.Text)); word != "start" && h.Table().Has(word) {
		r.Text = ""
		return h.RunCommand(ctx, r, word)
	}
	if r.Session.Linked {
		text := r.Say("start.linked", "name", r.Session.Employee.Name)
		if place := h.PlaceWords(r); place != "" {
			text = r.Say("start.walking", "name", r.Session.Employee.Name, "place", place)
		}
		return talk.Reply(text, h.HomeButtons(r)...), nil
	}
	return talk.Reply(r.Say("start", "privasi", h.Typed(r.Account.Platform, "privasi")), h.HomeButtons(r)...), nil
}

// help lists the table of commands.
func (h *Room) help(_ context.Context, r talk.Request) (bot.Reply, error) {
	var b strings.Builder
	b.WriteString(r.Say("help.head"))
	b.WriteString("\n\n")
	for _, c := range h.Table().Listed() {
		fmt.Fprintf(&b, "- %s – %s\n", h.listed(r.Account.Platform, c.Name), r.Say("command."+c.Name))
	}
	b.WriteString("\n")
	b.WriteString(r.Say("help.foot"))
	b.WriteString(h.HelpdeskLine(r))
	isHelp := func(b bot.Button) bool { return b.Action == talk.Cmd.With("help") } // it would lead here
	return talk.Reply(b.String(), append(slices.DeleteFunc(h.HomeButtons(r), isHelp), talk.ModeButton(r))...), nil
}

// listed is a command in a list: as code where the platform makes no link of
// it.
func (h *Room) listed(platform, name string) string {
	if platform == bot.Mattermost {
		return "`" + h.Typed(platform, name) + "`"
	}
	return h.Typed(platform, name)
}
