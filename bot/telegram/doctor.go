package telegram

import (
	"context"
	"fmt"
	"resetpin/bot/platform"
	"time"

	"github.com/go-telegram/bot/models"
)

// Delivery is how Telegram delivers updates, as it says itself
// (https://core.telegram.org/bots/api#webhookinfo).
type Delivery struct {
	URL       string    // of the webhook; empty: none, updates are polled for
	Waiting   int       // updates that were not delivered yet
	LastError string    // of the last delivery that failed; empty: none did
	FailedAt  time.Time // when that was
}

// Delivery asks Telegram how it delivers updates.
func (a *Adapter) Delivery(ctx context.Context) (Delivery, error) {
	var info models.WebhookInfo
	err := platform.Within(ctx, a.c.Limits.Call, func(ctx context.Context) error { return a.api.call(ctx, "getWebhookInfo", struct{}{}, &info) })
	if err != nil {
		return Delivery{}, fmt.Errorf("ask how updates are delivered: %w", err)
	}
	d := Delivery{URL: info.URL, Waiting: info.PendingUpdateCount, LastError: info.LastErrorMessage}
	if info.LastErrorDate != 0 {
		d.FailedAt = time.Unix(int64(info.LastErrorDate), 0)
	}
	return d, nil
}
