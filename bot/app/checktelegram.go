package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"resetpin/bot"
	"resetpin/bot/telegram"
)

func (c *doctor) telegram(ctx context.Context) (string, error) {
	ca, err := trusted(c.s)
	if err != nil {
		return "", err
	}
	a, err := telegram.New(telegram.Config{Wrap: c.wires.to(systemTelegram), CA: ca, Token: c.s.TelegramToken.Reveal(), APIURL: c.s.TelegramAPIURL, Signer: bot.NewSigner([]byte("check"))})
	if err != nil {
		return "", err
	}
	me, err := a.Me(ctx)
	var refused *telegram.Error
	switch {
	case errors.As(err, &refused) && refused.Code == http.StatusUnauthorized:
		return "", errors.New("TELEGRAM_BOT_TOKEN is no bot's token; take it anew from @BotFather")
	case err != nil:
		return "", mend("TELEGRAM_API_URL, or the way to api.telegram.org", err)
	}
	if c.s.HelpdeskTelegram != "" {
		err := a.CheckChat(ctx, c.s.HelpdeskTelegram)
		if errors.Is(err, telegram.ErrRoom) {
			return "", fmt.Errorf("HELPDESK_TELEGRAM_CHAT: %w", err)
		}
		if err != nil {
			return "", fmt.Errorf("HELPDESK_TELEGRAM_CHAT: %w; add @%s to that group, and take the group's id from there", err, me.Username)
		}
	}
	words := "the bot is @" + me.Username
	advice, err := c.delivery(ctx, a)
	return words + advice, err
}

// delivery looks at how Telegram delivers updates: its own word of what went
// wrong is the only sign of a webhook that it cannot reach.
func (c *doctor) delivery(ctx context.Context, a *telegram.Adapter) (advice string, err error) {
	d, err := a.Delivery(ctx)
	if err != nil {
		return "", mend("TELEGRAM_API_URL", err)
	}
	want := c.s.PublicURL + "/telegram/webhook"
	switch {
	case c.s.TelegramMode != "webhook" && d.URL != "":
		advice = "a webhook is set for this bot, at " + d.URL + ": serve takes it away, since TELEGRAM_MODE is polling; stop whoever set it"
	case c.s.TelegramMode == "webhook" && d.URL == "":
		advice = "no webhook is set yet: serve sets it"
	case c.s.TelegramMode == "webhook" && d.URL != want:
		advice = "the webhook is at " + d.URL + ": serve moves it to " + want
	case d.LastError != "" && time.Since(d.FailedAt) < deliveryFresh:
		return "", fmt.Errorf("updates could not be delivered to PUBLIC_URL at %s: %s (%d updates wait); look at the proxy with TLS in front of LISTEN_ADDR, and whether serve runs",
			d.FailedAt.UTC().Format(time.RFC3339), d.LastError, d.Waiting)
	case d.LastError != "":
		advice = "Telegram could not deliver at " + d.FailedAt.UTC().Format(time.RFC3339) + ": " + d.LastError
	default:
		return "", nil
	}
	return "\n" + advicePrefix + advice, nil
}

// deliveryFresh is how long a delivery that failed is a fault of today.
const deliveryFresh = time.Hour
