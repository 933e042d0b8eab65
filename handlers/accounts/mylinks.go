package accounts

import (
	"context"
	"fmt"
	"resetpin/bot"
	"resetpin/handlers/letters"
	"resetpin/handlers/talk"
	"resetpin/store"
	"slices"
	"strings"
)

// Mine shows the employee, and all accounts that are linked with them, each
// with the way to cut it.
func (h *Room) Mine(ctx context.Context, r talk.Request) (bot.Reply, error) {
	links, err := h.db.Links(ctx, r.Session.Employee.NIP)
	if err != nil {
		return bot.Reply{}, fmt.Errorf("read links: %w", err)
	}
	answer := h.Profile(r, "link.already")
	var list strings.Builder
	var buttons []bot.Button
	for _, l := range links {
		key, platform := "link.mine.this", talk.PlatformName(l.Account.Platform)
		if l.Account != r.Asker() {
			key = "link.mine.other"
			buttons = append(buttons, bot.Button{Text: r.Texts.Plain(r.Lang, "link.cut", "platform", platform), Action: talk.LinkCut.With(l.Account.Platform)})
		}
		fmt.Fprintf(&list, "- %s\n", r.Say(key, "platform", platform, "chat", h.db.Reference(l.Account), "since", h.Day(l.Linked)))
	}
	text := r.Texts.Plain(r.Lang, "link.mine", "list", strings.TrimSpace(list.String()))
	answer.Messages[0].Text += "\n\n" + text
	answer.Messages[0].Buttons = append(answer.Messages[0].Buttons, talk.Rows(buttons)...)
	return answer, nil
}

// cutAsked asks once before another account of the employee's is cut.
func (h *Room) cutAsked(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if answer, done, err := h.NeedLink(ctx, r); done || err != nil {
		return answer, err
	}
	l, found, err := h.otherLink(ctx, r, r.Action.Arg)
	if err != nil {
		return bot.Reply{}, err
	}
	if !found {
		return talk.Reply(r.Say("link.cut.none"), h.HomeButtons(r)...), nil
	}
	platform := talk.PlatformName(l.Account.Platform)
	yes := r.Button("unlink.yes", cutOK, l.Account.Platform[:1]+talk.Bound(cutOf(r, l)))
	yes.Style = bot.StyleDanger
	return talk.Reply(r.Say("link.cut.ask", "platform", platform, "chat", h.db.Reference(l.Account), "since", h.Day(l.Linked)),
		yes, r.Button("button.cancel", talk.Cancel, "")), nil
}

// cutOf is what a question to cut names: whose account, and which.
func cutOf(r talk.Request, l store.Link) string {
	return r.Session.Employee.NIP + l.Account.Platform + l.Account.ID
}

// otherLink finds the employee's account on a platform, or on one that begins
// so, beside the one that asks.
func (h *Room) otherLink(ctx context.Context, r talk.Request, platform string) (store.Link, bool, error) {
	links, err := h.db.Links(ctx, r.Session.Employee.NIP)
	if err != nil {
		return store.Link{}, false, fmt.Errorf("read links: %w", err)
	}
	i := slices.IndexFunc(links, func(l store.Link) bool {
		return l.Account != r.Asker() && platform != "" && strings.HasPrefix(l.Account.Platform, platform)
	})
	if i < 0 {
		return store.Link{}, false, nil
	}
	return links[i], true, nil
}

// cutConfirmed cuts the account that the question named, and no other.
func (h *Room) cutConfirmed(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if answer, done, err := h.NeedLink(ctx, r); done || err != nil {
		return answer, err
	}
	if r.Action.Arg == "" {
		return h.Lost(r), nil
	}
	l, found, err := h.otherLink(ctx, r, r.Action.Arg[:1])
	if err != nil {
		return bot.Reply{}, err
	}
	if !found || !talk.BoundTo(r.Action.Arg[1:], cutOf(r, l)) {
		return talk.Replace(r.Say("link.cut.none"), h.HomeButtons(r)...), nil
	}
	nip := r.Session.Employee.NIP
	_, err = h.db.UnlinkOthers(ctx, nip, l.Account.Platform, r.Asker(), func(accounts []store.Account) []store.Job {
		return letters.UnlinkedJobs(nip, accounts, letters.BySelf, r.Lang, r.Now)
	})
	if err != nil {
		return bot.Reply{}, fmt.Errorf("cut a link: %w", err)
	}
	return talk.Replace(r.Say("link.cut.done", "platform", talk.PlatformName(l.Account.Platform)), h.HomeButtons(r)...), nil
}
