package handlers

import (
	"resetpin/handlers/talk"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/understand"
)

// What is asked after stands on buttons, and every button can be signed.
func TestEveryMeaningFitsAButton(t *testing.T) {
	h := testHandlers(t)
	library, err := guides.Load(guides.Builtin())
	if err != nil {
		t.Fatal(err)
	}
	h.Guides, h.Settings.ResetSenders = library, []string{"osd@bssn.go.id"}
	for _, c := range sentences().Classes() {
		if c.Meaning() == understand.Unknown {
			continue
		}
		for _, language := range []string{talk.Indonesian, talk.English} {
			r := typedText(h, "x", false, "")
			r.Lang = language
			answer := h.doYouMean(r, understand.Result{Offers: []understand.Scored{{Class: c}}})
			b := answer.Messages[0].Buttons[0][0]
			signed, err := bot.NewSigner(make([]byte, 32)).Sign(bot.Account{Platform: bot.Telegram, ID: "123456789012"}, b.Action, time.Now())
			if err != nil || len(signed) > 64 || b.Text == "" || argClass(b.Action.Arg) != c {
				t.Errorf("%s: button %+v, signed %q, %v", c, b, signed, err)
			}
		}
	}
}
