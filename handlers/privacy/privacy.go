package privacy

import (
	"context"
	"fmt"
	"resetpin/bot"
	"resetpin/handlers/talk"
	"strconv"
)

// quietChosen switches reminders and questions off and on.
func (h *Room) quietChosen(ctx context.Context, r talk.Request) (bot.Reply, error) {
	quiet := r.Action.Arg == "on"
	if err := h.db.SetQuiet(ctx, r.Asker(), quiet); err != nil {
		return bot.Reply{}, fmt.Errorf("set quiet: %w", err)
	}
	r.Session.Quiet = quiet
	key := "quiet.isoff"
	if quiet {
		key = "quiet.ison"
	}
	return talk.Replace(r.Say(key), talk.QuietButton(r)), nil
}

// privacy tells what is stored and for how long.
func (h *Room) privacy(_ context.Context, r talk.Request) (bot.Reply, error) {
	days := strconv.Itoa(int(h.retention.Hours() / 24))
	return talk.Reply(r.Say("privacy", "days", days, "keep", strconv.Itoa(int(h.tickets.Hours()/24)), "unlink", h.Typed(r.Account.Platform, "unlink")), append(h.HomeButtons(r), talk.QuietButton(r))...), nil
}
