package handlers

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"resetpin/bot"
	"resetpin/store"
)

// myLinks shows the employee, and all accounts that are linked with them, each
// with the way to cut it.
func (h *Handlers) myLinks(ctx context.Context, r request) (bot.Reply, error) {
	links, err := h.Store.Links(ctx, r.session.Employee.NIP)
	if err != nil {
		return bot.Reply{}, fmt.Errorf("read links: %w", err)
	}
	answer := h.profile(r, "link.already")
	var list strings.Builder
	var buttons []bot.Button
	for _, l := range links {
		key, platform := "link.mine.this", platformName(l.Account.Platform)
		if l.Account != r.account() {
			key = "link.mine.other"
			buttons = append(buttons, bot.Button{Text: r.texts.Plain(r.language, "link.cut", "platform", platform), Action: bot.Action{Name: "link.cut", Arg: l.Account.Platform}})
		}
		fmt.Fprintf(&list, "- %s\n", r.say(key, "platform", platform, "chat", h.Store.Reference(l.Account), "since", h.day(l.Linked)))
	}
	text := r.texts.Plain(r.language, "link.mine", "list", strings.TrimSpace(list.String()))
	answer.Messages[0].Text += "\n\n" + text
	answer.Messages[0].Buttons = append(answer.Messages[0].Buttons, rows(buttons)...)
	return answer, nil
}

// cutAsked asks once before another account of the employee's is cut.
func (h *Handlers) cutAsked(ctx context.Context, r request) (bot.Reply, error) {
	if answer, done, err := h.needLink(ctx, r); done || err != nil {
		return answer, err
	}
	l, found, err := h.otherLink(ctx, r, r.Action.Arg)
	if err != nil {
		return bot.Reply{}, err
	}
	if !found {
		return reply(r.say("link.cut.none"), h.homeButtons(r)...), nil
	}
	platform := platformName(l.Account.Platform)
	yes := r.button("unlink.yes", "link.cut.ok", l.Account.Platform[:1]+bound(cutOf(r, l)))
	yes.Style = bot.StyleDanger
	return reply(r.say("link.cut.ask", "platform", platform, "chat", h.Store.Reference(l.Account), "since", h.day(l.Linked)),
		yes, r.button("button.cancel", "cancel", "")), nil
}

// cutOf is what a question to cut names: whose account, and which.
func cutOf(r request, l store.Link) string {
	return r.session.Employee.NIP + l.Account.Platform + l.Account.ID
}

// otherLink finds the employee's account on a platform, or on one that begins
// so, beside the one that asks.
func (h *Handlers) otherLink(ctx context.Context, r request, platform string) (store.Link, bool, error) {
	links, err := h.Store.Links(ctx, r.session.Employee.NIP)
	if err != nil {
		return store.Link{}, false, fmt.Errorf("read links: %w", err)
	}
	i := slices.IndexFunc(links, func(l store.Link) bool {
		return l.Account != r.account() && platform != "" && strings.HasPrefix(l.Account.Platform, platform)
	})
	if i < 0 {
		return store.Link{}, false, nil
	}
	return links[i], true, nil
}

// cutConfirmed cuts the account that the question named, and no other.
func (h *Handlers) cutConfirmed(ctx context.Context, r request) (bot.Reply, error) {
	if answer, done, err := h.needLink(ctx, r); done || err != nil {
		return answer, err
	}
	if r.Action.Arg == "" {
		return h.lost(r), nil
	}
	l, found, err := h.otherLink(ctx, r, r.Action.Arg[:1])
	if err != nil {
		return bot.Reply{}, err
	}
	if !found || !boundTo(r.Action.Arg[1:], cutOf(r, l)) {
		return replace(r.say("link.cut.none"), h.homeButtons(r)...), nil
	}
	nip := r.session.Employee.NIP
	_, err = h.Store.UnlinkOthers(ctx, nip, l.Account.Platform, r.account(), func(accounts []store.Account) []store.Job {
		return unlinkedJobs(nip, accounts, bySelf, r.language, r.now)
	})
	if err != nil {
		return bot.Reply{}, fmt.Errorf("cut a link: %w", err)
	}
	return replace(r.say("link.cut.done", "platform", platformName(l.Account.Platform)), h.homeButtons(r)...), nil
}
