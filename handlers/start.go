package handlers

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"resetpin/bot"
	"resetpin/store"
)

// start greets, or goes straight to where a deep link (?start=resetpin) leads.
func (h *Handlers) start(ctx context.Context, r request) (bot.Reply, error) {
	if c := h.findCommand(strings.ToLower(strings.TrimSpace(r.Text))); c != nil && c.Name != "start" {
		r.Text = ""
		return c.run(h, ctx, r)
	}
	if r.session.Linked {
		text := r.say("start.linked", "name", r.session.Employee.Name)
		if place := h.place(r); place != "" {
			text = r.say("start.walking", "name", r.session.Employee.Name, "place", place)
		}
		return reply(text, h.homeButtons(r)...), nil
	}
	return reply(r.say("start", "privasi", h.typed(r.Account.Platform, "privasi")), h.homeButtons(r)...), nil
}

// help lists the table of commands.
func (h *Handlers) help(_ context.Context, r request) (bot.Reply, error) {
	var b strings.Builder
	b.WriteString(r.say("help.head"))
	b.WriteString("\n\n")
	for _, c := range h.commands {
		if !c.Hidden {
			fmt.Fprintf(&b, "- %s – %s\n", h.listed(r.Account.Platform, c.Name), r.say("command."+c.Name))
		}
	}
	b.WriteString("\n")
	b.WriteString(r.say("help.foot"))
	b.WriteString(h.helpdeskLine(r))
	isHelp := func(b bot.Button) bool { return b.Action == bot.Action{Name: "cmd", Arg: "help"} } // it would lead here
	return reply(b.String(), append(slices.DeleteFunc(h.homeButtons(r), isHelp), modeButton(r))...), nil
}

// typed is how a command is typed on a platform. Mattermost has two slash
// commands; the others are words of the first.
func (h *Handlers) typed(platform, name string) string {
	switch {
	case platform != bot.Mattermost:
		return "/" + name
	case name == "resetpin":
		return "/" + h.Settings.ResetTrigger
	case name == "status":
		return "/" + h.Settings.StatusTrigger
	}
	return "/" + h.Settings.ResetTrigger + " " + name
}

// listed is a command in a list: as code where the platform makes no link of
// it.
func (h *Handlers) listed(platform, name string) string {
	if platform == bot.Mattermost {
		return "`" + h.typed(platform, name) + "`"
	}
	return h.typed(platform, name)
}

// helpdeskLine tells whom to ask when a person is needed, if that is set.
func (h *Handlers) helpdeskLine(r request) string {
	if h.Settings.HelpdeskContact == "" {
		return ""
	}
	return "\n\n" + r.say("helpdesk", "contact", h.Settings.HelpdeskContact)
}

// privacy tells what is stored and for how long.
func (h *Handlers) privacy(_ context.Context, r request) (bot.Reply, error) {
	days := strconv.Itoa(int(h.Settings.Retention.Hours() / 24))
	return reply(r.say("privacy", "days", days, "unlink", h.typed(r.Account.Platform, "unlink")), append(h.homeButtons(r), quietButton(r))...), nil
}

// chooseLanguage offers the languages.
func (h *Handlers) chooseLanguage(_ context.Context, r request) (bot.Reply, error) {
	return reply(r.say("language.ask"),
		r.button("language.id", "lang", Indonesian),
		r.button("language.en", "lang", English), modeButton(r)), nil
}

func (h *Handlers) languageChosen(ctx context.Context, r request) (bot.Reply, error) {
	lang := r.Action.Arg
	if lang != Indonesian && lang != English {
		return h.lost(r), nil
	}
	if err := h.Store.SetLanguage(ctx, r.account(), lang); err != nil {
		return bot.Reply{}, fmt.Errorf("set language: %w", err)
	}
	r.language = lang
	return replace(r.say("language.set"), h.homeButtons(r)...), nil
}

// unlink asks once before the account loses its employee.
func (h *Handlers) unlink(_ context.Context, r request) (bot.Reply, error) {
	if !r.session.Linked {
		return reply(r.say("unlink.none"), h.homeButtons(r)...), nil
	}
	yes := r.button("unlink.yes", "unlink.ok", bound(r.session.Employee.NIP))
	yes.Style = bot.StyleDanger
	return reply(r.say("unlink.ask", "name", r.session.Employee.Name), yes, r.button("button.cancel", "cancel", "")), nil
}

func (h *Handlers) unlinkConfirmed(ctx context.Context, r request) (bot.Reply, error) {
	if r.session.Linked && !boundTo(r.Action.Arg, r.session.Employee.NIP) {
		return h.unlink(ctx, r)
	}
	if _, err := h.Store.Unlink(ctx, r.account()); err != nil && !isNotFound(err) {
		return bot.Reply{}, fmt.Errorf("unlink: %w", err)
	}
	r.session = store.Session{}
	return replace(r.say("unlink.done"), h.homeButtons(r)...), nil
}
