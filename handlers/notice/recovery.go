package notice

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"resetpin/bot"
	"resetpin/handlers/bsre"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// await notes that somebody wants to be told.
func (h *Room) await(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if answer, done, err := h.NeedLink(ctx, r); done || err != nil {
		return answer, err
	}
	what := r.Action.Arg
	if what != askReset {
		what = askStatus
	}
	if err := h.db.AwaitRecovery(ctx, store.RecoveryWait{Account: r.Asker(), What: what, Language: r.Lang, Press: r.ID, Asked: r.Now}); err != nil {
		return bot.Reply{}, fmt.Errorf("wait for BSrE: %w", err)
	}
	return talk.Reply(r.Say("notice.await"), r.Button("notice.forget", forget, "")), nil
}

// forget lets somebody be who does not want to be told any more.
func (h *Room) forget(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if err := h.db.ForgetRecoveryWait(ctx, r.Asker()); err != nil {
		return bot.Reply{}, fmt.Errorf("wait no more: %w", err)
	}
	return talk.Replace(r.Say("notice.forgotten")), nil
}

// Look asks BSrE, when somebody waits, and tells some of them when it answers.
// It is called again and again; in several processes each person is still told
// once.
func (h *Room) Look(ctx context.Context) error {
	var mistakes []error
	for _, what := range []string{askStatus, askReset} {
		if err := h.look(ctx, what); err != nil {
			mistakes = append(mistakes, err)
		}
	}
	if err := h.watchOver(ctx); err != nil {
		mistakes = append(mistakes, err)
	}
	return errors.Join(mistakes...)
}

// mostRead bounds how many of those who wait are looked at: some may sleep.
const mostRead = 500

func (h *Room) look(ctx context.Context, what string) error {
	waits, err := h.db.RecoveryWaits(ctx, what, mostRead)
	if err != nil {
		return fmt.Errorf("look who waits: %w", err)
	}
	asked := false
	for _, w := range h.due(waits) {
		s, err := h.db.Session(ctx, w.Account)
		if err != nil {
			return fmt.Errorf("read session: %w", err)
		}
		if !s.Linked || served(s, w) {
			if _, err := h.db.EndRecoveryWait(ctx, w); err != nil {
				return fmt.Errorf("wait no more: %w", err)
			}
			continue
		}
		if !asked {
			if err := h.ask(ctx, what, talk.Person(s.Employee)); err != nil {
				h.Logger.DebugContext(ctx, "BSrE does not answer yet, and people wait", "error", err)
				return nil // the outage has a line of its own
			}
			asked = true
		}
		if err := h.tell(ctx, w); err != nil {
			return err
		}
	}
	return nil
}

// due gives those whose turn it is to be told, at most a few at once. Who
// asked long ago is not woken at night.
func (h *Room) due(waits []store.RecoveryWait) []store.RecoveryWait {
	now := h.Now()
	night := talk.Awake(h.Settings.Zone, now).After(now)
	waits = slices.DeleteFunc(waits, func(w store.RecoveryWait) bool { return night && now.Sub(w.Asked) > fresh })
	waits = waits[:min(len(waits), toldAtOnce)]
	// BSrE is asked about the first: what it cannot tell of one person must not
	// keep it from being asked about others.
	rand.Shuffle(len(waits), func(i, j int) { waits[i], waits[j] = waits[j], waits[i] }) //nolint:gosec // no secret
	return waits
}

// served tells whether somebody got meanwhile what they wait for.
func served(s store.Session, w store.RecoveryWait) bool {
	if w.What == askReset {
		return s.LastReset.After(w.Asked)
	}
	return s.Status.Asked.After(w.Asked)
}

// ask gives an error while BSrE does not answer what a command needs. What is
// wrong with the one person who is asked about is an answer too.
func (h *Room) ask(ctx context.Context, what string, p bsre.Person) error {
	if _, err := h.status.Status(ctx, p); unanswered(err) {
		return err //nolint:wrapcheck // it is only logged
	}
	h.Served(ctx, talk.BSrE)
	if what != askReset {
		return nil
	}
	_, err := h.portal.Glance(ctx, p)
	switch {
	case talk.TroubleOf(err) == talk.Unsupported:
		return nil
	case unanswered(err):
		return err //nolint:wrapcheck // it is only logged
	}
	h.Met(ctx, talk.Portal, p.NIP, nil)
	return nil
}

func unanswered(err error) bool {
	return err != nil && !talk.TroubleOf(err).Personal()
}

// tell says it, with the button that asks again: nothing is done unasked.
func (h *Room) tell(ctx context.Context, w store.RecoveryWait) error {
	button := "button.status"
	if w.What == askReset {
		button = "button.reset"
	}
	words := talk.Tell("recovered "+w.Press, talk.Push{
		To: bot.Account(w.Account), Language: w.Language, Key: "notice.recovered", Values: []string{"time", h.Clock(w.Asked, h.Now())},
		Buttons: []talk.PushButton{{Key: button, Action: talk.Cmd.With(w.What)}},
	})
	if _, err := h.db.EndRecoveryWait(ctx, w, words); err != nil {
		return fmt.Errorf("tell that BSrE answers: %w", err)
	}
	return nil
}
