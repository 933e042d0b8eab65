package app_test

import (
	"net/http"
	"testing"

	"resetpin/bot/telegram/telegramtest"
)

// An answer that Telegram does not take is counted, and comes when it does.
func TestAnAnswerThatCannotBeDeliveredIsCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.showLog()
	p := w.telegramPerson(7001)
	p.Types("/help")
	sees(t, p, "Yang bisa saya bantu") // the bot is up
	w.telegram.Break(telegramtest.Fault{Method: "sendMessage", Code: http.StatusBadGateway})
	p.Types("/privasi")
	eventually(t, "the failure in the metrics", func() bool {
		lines := w.metric("resetpin_delivery_failures_total{")
		return len(lines) == 1 && lines[0] == `resetpin_delivery_failures_total{platform="telegram"} 1`
	})
	w.telegram.Heal()
	sees(t, p, "Data Anda")
}
