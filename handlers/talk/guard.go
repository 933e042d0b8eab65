package talk

import (
	"slices"

	"resetpin/bot"
	"resetpin/handlers/resetlink"
	"resetpin/handlers/understand"
	"resetpin/store"
)

// fake is the outcome of a link that pretends to be BSrE's.
const fake = "fake"

// guard takes out of the chat what should never stand there: a PIN, looked for
// hardest until days after a reset, and reset links (a link is a key). Nothing of the text
// is kept or logged, and no link is opened. event is what the audit trail says
// of it.
func (k *Kernel) guard(r Request) (answer bot.Reply, event store.Event, taken bool) {
	switch r.Kind {
	case bot.KindText, bot.KindEdited, bot.KindOther:
	case bot.KindCommand: // "/link https://…" and "/resetpin rahasia123" are typed too
	default:
		return bot.Reply{}, store.Event{}, false
	}
	answer, event, taken = k.guardLinks(r)
	if !taken && r.Understood.Secret == understand.SecretPIN {
		answer, event, taken = removal(r, here(r, "guard.pin")), store.Event{Outcome: "pin"}, true
	}
	event.Action = "guard"
	return answer, event, taken
}

// here gives the words for where others read along, or for the private chat.
func here(r Request, key string) string {
	if r.Private {
		return key
	}
	return key + ".public"
}

// guardLinks judges the host before anything else is said: a fake called out
// may save the employee's signature. A link that shows BSrE's address and
// leads elsewhere is the worst of them. The host of a fake is kept, to warn
// others; of a genuine link nothing is.
func (k *Kernel) guardLinks(r Request) (answer bot.Reply, event store.Event, taken bool) {
	shown, hidden := k.linksIn(r)
	isGenuine := func(l resetlink.Link) bool { return l.Verdict == resetlink.Genuine }
	pretends := slices.ContainsFunc(shown, isGenuine)
	all := slices.Concat(shown, hidden)
	for i, l := range all {
		leadsAway := l.Verdict == resetlink.Other || l.Verdict == resetlink.Short
		if l.Verdict == resetlink.Fake || leadsAway && i >= len(shown) && pretends {
			return removal(r, "guard.fake", "host", l.Host, "site", k.Settings.ResetSites[0]), store.Event{Outcome: fake, Detail: l.Host}, true
		}
	}
	i := slices.IndexFunc(all, isGenuine)
	switch {
	case i < 0:
		return bot.Reply{}, store.Event{}, false
	case all[i].Wrapper != "" && r.Private:
		return removal(r, "guard.wrapped", "host", all[i].Wrapper), store.Event{Outcome: "link"}, true
	}
	return removal(r, here(r, "guard.link")), store.Event{Outcome: "link"}, true
}

// removal takes the message away and says why; where the platform forbids
// that, it says how the person can do it there, or that they are to.
func removal(r Request, key string, values ...string) bot.Reply {
	how := "guard.remove." + r.Account.Platform
	if !r.Texts.Has(how) {
		how = "guard.remove"
	}
	return bot.Reply{Remove: &bot.Removal{
		Message: r.Message,
		Done:    bot.Message{Text: r.Say(key, values...) + "\n\n" + r.Say("guard.removed")},
		Failed:  bot.Message{Text: r.Say(key, values...) + "\n\n" + r.Say(how)},
	}}
}
