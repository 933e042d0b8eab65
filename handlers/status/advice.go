package status

import (
	"fmt"
	"resetpin/bot"
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
)

// advice is what helps at a status, with the buttons that lead there.
func (h *Room) advice(r talk.Request, status string) (string, []bot.Button) {
	g, ok := h.Guides.Guide(pages.StatusGuide)
	if !ok {
		return "", h.HomeButtons(r)
	}
	view, err := g.View(pages.StatusStep(status), h.Situation(r))
	if err != nil {
		// Impossible: New has looked at every one of them.
		h.Logger.Error("no advice for a status", "status", pages.StatusWord(status), "error", err)
		return "", h.HomeButtons(r)
	}
	return "**" + view.Title + "**\n" + view.Body, append(pages.AdviceButtons(view.Choices), r.Button("button.help", talk.Cmd, "help"))
}

// Check makes sure at start-up that every status has its advice and
// that the reset has its guide, in every language.
func (h *Room) Check() error {
	if len(h.Settings.ResetSites) == 0 || len(h.Settings.ResetSenders) == 0 {
		return fmt.Errorf("handlers: no reset site or sender is set")
	}
	if _, ok := h.Guides.Guide(talk.ResetGuide); !ok {
		return fmt.Errorf("guides: there is no guide %q", talk.ResetGuide)
	}
	g, ok := h.Guides.Guide(pages.StatusGuide)
	if !ok {
		return fmt.Errorf("guides: there is no guide %q", pages.StatusGuide)
	}
	steps := []string{pages.UnknownAdvice}
	for _, status := range pages.Statuses() {
		steps = append(steps, pages.StatusStep(status))
	}
	for _, step := range steps {
		for _, lang := range h.Texts.Languages() {
			if _, err := g.View(step, h.Situation(talk.Request{Lang: lang, Texts: h.Texts})); err != nil {
				return fmt.Errorf("guides: advice %q: %w", step, err)
			}
		}
	}
	return nil
}
