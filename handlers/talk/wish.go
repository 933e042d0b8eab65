package talk

import "resetpin/bot"

// A wish (bot.Update.Wish) is what a slash command asks for: it is sure whose
// it is, and not that they meant it for this bot. It may ask, and be answered
// in the private chat; what changes something is done when a button or a
// dialog that was signed for this account says so.

// WishedHere asks to write the same in the private chat, where it counts.
func (k *Kernel) WishedHere(r Request) bot.Reply {
	return Reply(r.Say("wish.here"), k.HomeButtons(r)...)
}

// wishedAction lets an action that words stand for be pressed.
func (k *Kernel) wishedAction(r Request) bot.Reply {
	return Reply(r.Say("wish.press"), bot.Button{Text: r.Say("button.go"), Action: r.Action, Style: bot.StylePrimary}, r.Button("button.cancel", Cancel, ""))
}
