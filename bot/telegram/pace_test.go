package telegram

import (
	"testing"

	"golang.org/x/time/rate"
)

// Telegram takes a message a second in a private chat, and 20 a minute in a
// group. https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
func TestGroupsGetAThirdOfAPrivateChatsPace(t *testing.T) {
	p := newPace(Limits{}.withDefaults())
	for chat, want := range map[string]float64{"77": 1, "-100123": 20.0 / 60, "@channel": 20.0 / 60} {
		if got := p.get(chat).limiter.Limit(); got < rate.Limit(want)*0.99 || got > rate.Limit(want)*1.01 {
			t.Errorf("%s: %v messages a second, want %v", chat, got, want)
		}
	}
}
