package handlers

import (
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/talk"
	"resetpin/handlers/understand/understandtest"
	"resetpin/store"
)

// testHandlers are handlers without a database.
func testHandlers(t testing.TB) *Handlers {
	t.Helper()
	library, err := guides.Load(guides.Builtin())
	if err != nil {
		t.Fatal(err)
	}
	h := assemble(Config{Sentences: understandtest.Builtin(), Texts: builtinTextsFor(t), Guides: library,
		Settings: Settings{ResetSites: []string{"esign-bsre.bssn.go.id"}, ResetSenders: []string{"osd@bssn.go.id"}, DefaultLanguage: talk.Indonesian}})
	if err := h.Register(h.capabilities()...); err != nil {
		t.Fatal(err)
	}
	return h
}

func typedText(h *Handlers, text string, walking bool, prompt store.Prompt) talk.Request {
	now := time.Now()
	r := talk.Request{Update: bot.Update{Origin: bot.Origin{Account: bot.Account{Platform: bot.Telegram, ID: "1"}, Message: "7", Private: true}, Kind: bot.KindText, Text: text},
		Texts: h.Texts, Lang: talk.Indonesian, Now: now}
	r.Session.Prompt, r.Session.PromptAt = prompt, now
	if walking {
		r.Session.Walk = store.Walk{ID: 1, Guide: talk.ResetGuide, Step: "pin", State: store.WalkActive}
	}
	return r
}
