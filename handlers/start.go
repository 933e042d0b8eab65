package handlers

import (
	"context"
	"fmt"
	"resetpin/handlers/talk"
	"slices"
	"strconv"
	"strings"

	"resetpin/bot"
	"resetpin/store"
)

// start greets, or goes straight to where a deep link (?start=resetpin) leads.
func (h *Handlers) start(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if word := strings.ToLower(strings.TrimSpace(r.Text)); word != "start" && h.Table().Has(word) {
		r.Text = ""
		return h.RunCommand(ctx, r, word)
	}
	if r.Session.Linked {
		text := r.Say("start.linked", "name", r.Session.Employee.Name)
		if place := h.place(r); place != "" {
			text = r.Say("start.walking", "name", r.Session.Employee.Name, "place", place)
		}
		return talk.Reply(text, h.HomeButtons(r)...), nil
	}
	return talk.Reply(r.Say("start", "privasi", h.Typed(r.Account.Platform, "privasi")), h.HomeButtons(r)...), nil
}

// help lists the table of commands.
func (h *Handlers) help(_ context.Context, r talk.Request) (bot.Reply, error) {
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
func (h *Handlers) listed(platform, name string) string {
	if platform == bot.Mattermost {
		return "`" + h.Typed(platform, name) + "`"
	}
	return h.Typed(platform, name)
}

// privacy tells what is stored and for how long.
func (h *Handlers) privacy(_ context.Context, r talk.Request) (bot.Reply, error) {
	days := strconv.Itoa(int(h.Settings.Retention.Hours() / 24))
	return talk.Reply(r.Say("privacy", "days", days, "unlink", h.Typed(r.Account.Platform, "unlink")), append(h.HomeButtons(r), talk.QuietButton(r))...), nil
}

// chooseLanguage offers the languages.
func (h *Handlers) chooseLanguage(_ context.Context, r talk.Request) (bot.Reply, error) {
	return talk.Reply(r.Say("language.ask"),
		r.Button("language.id", talk.Language, talk.Indonesian),
		r.Button("language.en", talk.Language, talk.English), talk.ModeButton(r)), nil
}

func (h *Handlers) languageChosen(ctx context.Context, r talk.Request) (bot.Reply, error) {
	lang := r.Action.Arg
	if lang != talk.Indonesian && lang != talk.English {
		return h.Lost(r), nil
	}
	if err := h.Store.SetLanguage(ctx, r.Asker(), lang); err != nil {
		return bot.Reply{}, fmt.Errorf("set language: %w", err)
	}
	r.Lang = lang
	return talk.Replace(r.Say("language.set"), h.HomeButtons(r)...), nil
}

// unlink asks once before the account loses its employee.
func (h *Handlers) unlink(_ context.Context, r talk.Request) (bot.Reply, error) {
	if !r.Session.Linked {
		return talk.Reply(r.Say("unlink.none"), h.HomeButtons(r)...), nil
	}
	yes := r.Button("unlink.yes", talk.UnlinkOK, talk.Bound(r.Session.Employee.NIP))
	yes.Style = bot.StyleDanger
	return talk.Reply(r.Say("unlink.ask", "name", r.Session.Employee.Name), yes, r.Button("button.cancel", talk.Cancel, "")), nil
}

func (h *Handlers) unlinkConfirmed(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if r.Session.Linked && !talk.BoundTo(r.Action.Arg, r.Session.Employee.NIP) {
		return h.unlink(ctx, r)
	}
	if _, err := h.Store.Unlink(ctx, r.Asker()); err != nil && !talk.NotFound(err) {
		return bot.Reply{}, fmt.Errorf("unlink: %w", err)
	}
	r.Session = store.Session{}
	return talk.Replace(r.Say("unlink.done"), h.HomeButtons(r)...), nil
}
