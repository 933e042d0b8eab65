package language

import (
	"context"
	"fmt"
	"resetpin/bot"
	"resetpin/handlers/talk"
)

// chooseLanguage offers the languages.
func (h *Room) chooseLanguage(_ context.Context, r talk.Request) (bot.Reply, error) {
	var buttons []bot.Button
	for _, lang := range r.Texts.Languages() {
		in := r
		in.Lang = lang // each is named by its own name
		buttons = append(buttons, in.Button("language.name", talk.Language, lang))
	}
	return talk.Reply(r.Say("language.ask"), append(buttons, talk.ModeButton(r))...), nil
}

func (h *Room) languageChosen(ctx context.Context, r talk.Request) (bot.Reply, error) {
	lang := r.Action.Arg
	if !r.Texts.Speaks(lang) {
		return h.Lost(r), nil
	}
	if err := h.db.SetLanguage(ctx, r.Asker(), lang); err != nil {
		return bot.Reply{}, fmt.Errorf("set language: %w", err)
	}
	r.Lang = lang
	return talk.Replace(r.Say("language.set"), h.HomeButtons(r)...), nil
}

// modeChosen switches pictures off and on.
func (h *Room) modeChosen(ctx context.Context, r talk.Request) (bot.Reply, error) {
	textOnly := r.Action.Arg == "text"
	if err := h.db.SetTextOnly(ctx, r.Asker(), textOnly); err != nil {
		return bot.Reply{}, fmt.Errorf("set text only: %w", err)
	}
	r.Session.TextOnly = textOnly
	key := "mode.pictures"
	if textOnly {
		key = "mode.text"
	}
	return talk.Replace(r.Say(key), h.HomeButtons(r)...), nil
}
