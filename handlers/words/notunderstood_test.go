package words

import (
	"os"
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/understand"
	"resetpin/handlers/understand/understandtest"
)

// What is asked after stands on buttons, and every button can be signed.
func TestEveryMeaningFitsAButton(t *testing.T) {
	library, err := guides.Load(guides.Builtin())
	if err != nil {
		t.Fatal(err)
	}
	texts, err := talk.LoadTexts(os.DirFS("../texts"))
	if err != nil {
		t.Fatal(err)
	}
	k := talk.New(talk.Config{Texts: texts, Settings: talk.Settings{ResetSites: []string{"esign-bsre.bssn.go.id"}, ResetSenders: []string{"osd@bssn.go.id"}}})
	h := New(pages.New(k, library, nil, nil, ""), nil, nil, 0)
	for _, c := range understandtest.Builtin().Classes() {
		if c.Meaning() == understand.Unknown {
			continue
		}
		for _, language := range texts.Languages() {
			r := talk.Request{Update: bot.Update{Kind: bot.KindText, Text: "x"}, Texts: texts, Lang: language, Now: time.Now()}
			answer := h.doYouMean(r, understand.Result{Offers: []understand.Scored{{Class: c}}})
			b := answer.Messages[0].Buttons[0][0]
			signed, err := bot.NewSigner(make([]byte, 32)).Sign(bot.Account{Platform: bot.Telegram, ID: "123456789012"}, b.Action, time.Now())
			if err != nil || len(signed) > 64 || b.Text == "" || argClass(b.Action.Arg) != c {
				t.Errorf("%s: button %+v, signed %q, %v", c, b, signed, err)
			}
		}
	}
}
