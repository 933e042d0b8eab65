package telegram

import "testing"

// Telegram takes a message a second in a private chat, and 20 a minute in a
// group. https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
func TestNoMinuteOfAGroupHasMoreThanTwentyMessages(t *testing.T) {
	p := newPace(Limits{}.withDefaults())
	if got := p.get("77").limiter.Limit(); got != 1 {
		t.Errorf("in private: %v messages a second, want 1", got)
	}
	for _, chat := range []string{"-100123", "@channel"} {
		l := p.get(chat).limiter
		if most := float64(l.Burst()) + 60*float64(l.Limit()); most > 20 || most < 19 {
			t.Errorf("%s: up to %v messages in a minute, want 20", chat, most)
		}
	}
}
