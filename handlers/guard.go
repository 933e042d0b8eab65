package handlers

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"resetpin/bot"
	"resetpin/handlers/bsre"
	"resetpin/store"
)

// guard takes out of the chat what should never stand there: a PIN while a
// walk is on, and reset links always (a link is a key). Nothing of the text
// is kept or logged, and no link is opened. event is what the audit trail says
// of it.
func (h *Handlers) guard(r request) (answer bot.Reply, event store.Event, taken bool) {
	switch r.Kind {
	case bot.KindText, bot.KindEdited, bot.KindOther:
	case bot.KindCommand: // "/link https://…" and "/resetpin rahasia123" are typed too
	default:
		return bot.Reply{}, store.Event{}, false
	}
	answer, event, taken = h.guardLinks(r)
	if !taken && h.canBePIN(r) {
		answer, event, taken = removal(r, here(r, "guard.pin")), store.Event{Outcome: "pin"}, true
	}
	event.Action = "guard"
	return answer, event, taken
}

// here gives the words for where others read along, or for the private chat.
func here(r request, key string) string {
	if r.Private {
		return key
	}
	return key + ".public"
}

// guardLinks judges the host before anything else is said: a fake called out
// may save the employee's signature. A link that shows BSrE's address and
// leads elsewhere is the worst of them. The host of a fake is kept, to warn
// others; of a genuine link nothing is.
func (h *Handlers) guardLinks(r request) (answer bot.Reply, event store.Event, taken bool) {
	shown, hidden := h.linksIn(r)
	isGenuine := func(l bsre.Link) bool { return l.Verdict == bsre.LinkGenuine }
	pretends := slices.ContainsFunc(shown, isGenuine)
	all := slices.Concat(shown, hidden)
	for i, l := range all {
		leadsAway := l.Verdict == bsre.LinkOther || l.Verdict == bsre.LinkShort
		if l.Verdict == bsre.LinkFake || leadsAway && i >= len(shown) && pretends {
			return removal(r, "guard.fake", "host", l.Host, "site", h.Settings.ResetSites[0]), store.Event{Outcome: "fake", Detail: l.Host}, true
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
// that, it says how the person can do it.
func removal(r request, key string, values ...string) bot.Reply {
	return bot.Reply{Remove: &bot.Removal{
		Message: r.Message,
		Done:    bot.Message{Text: r.say(key, values...) + "\n\n" + r.say("guard.removed")},
		Failed:  bot.Message{Text: r.say(key, values...) + "\n\n" + r.say("guard.remove."+r.Account.Platform)},
	}}
}

// canBePIN tells whether the text may be a PIN. While a walk is on nearly any
// single word is taken for one that no ordinary word is; a deleted
// "bagaimana" costs a smile, a kept PIN costs a signature. Outside a walk
// only words that say so themselves are.
func (h *Handlers) canBePIN(r request) bool {
	if saysPIN.MatchString(whole(r)) {
		return true
	}
	if !r.Private || !h.walking(r) || h.awaited(r) || r.Kind != bot.KindCommand && h.intents.find(bsre.WithoutLinks(r.Text)) != "" {
		return false
	}
	words := strings.Fields(r.Text)
	if r.Kind == bot.KindCommand {
		return slices.ContainsFunc(h.argued(r), func(w string) bool { return h.wordCanBePIN(w, false) })
	}
	for _, w := range words {
		if h.wordCanBePIN(w, len(words) == 1) {
			return true
		}
	}
	return false
}

// argued gives the words of a command that mean nothing to the bot: what
// follows its name, but a NIP or a code, and a name that is none.
func (h *Handlers) argued(r request) []string {
	words := strings.Fields(r.Text)
	if looksLikeNIP(r.Text) || isCode(r.Text) || onlyNumber(r.Text) && len(digits(r.Text)) == 9 {
		words = nil
	}
	if h.findCommand(r.Command) == nil {
		words = append(words, r.Command)
	}
	return words
}

// saysPIN is a sentence that hands over a PIN: "PIN saya: Abc12345!".
var saysPIN = regexp.MustCompile(`(?i)\b(?:pin|pass\s?phrase|passprhase|frasa sandi|kata sandi|password)\b(?:\s+(?:ds|tte|baru|saya|sy|aku|lama|my|new|is|adalah|nya))*\s*[:=]?\s*(?:[^\s]*[0-9][^\s]*[^\s]{3,}|[^\s]{3,}[0-9][^\s]*)\s*$`)

// awaited tells whether the text has the shape of what the bot asked for.
func (h *Handlers) awaited(r request) bool {
	if r.now.Sub(r.session.PromptAt) > promptLifetime {
		return false
	}
	switch r.session.Prompt {
	case store.PromptCode:
		return isCode(r.Text)
	case store.PromptNIP:
		return looksLikeNIP(r.Text) || onlyNumber(r.Text) && len(digits(r.Text)) == 9
	case store.PromptPhone:
		return strings.Trim(r.Text, "+0123456789 .-()") == ""
	}
	return false
}

var (
	emailShape = regexp.MustCompile(`^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}[.,]?$`)
	dateShape  = regexp.MustCompile(`^\d{1,4}[./:-]\d{1,2}([./:-]\d{1,4})?$`)
)

// wordCanBePIN judges one word: mixed characters of some length, or a longer
// number, or alone a word that is in no list of ordinary ones.
func (h *Handlers) wordCanBePIN(w string, alone bool) bool {
	n := utf8.RuneCountInString(w)
	if n < 4 || emailShape.MatchString(w) || dateShape.MatchString(w) || strings.Contains(w, "://") {
		return false
	}
	var letters, numbers, others, upperInside int
	for i, c := range w {
		switch {
		case unicode.IsDigit(c):
			numbers++
		case unicode.IsLetter(c):
			letters++
			if i > 0 && unicode.IsUpper(c) {
				upperInside++
			}
		default:
			others++
		}
	}
	shouted := upperInside == letters-1
	switch {
	case letters > 0 && numbers > 0:
		return n >= 6 || alone
	case numbers >= 6:
		return true
	case letters == 0:
		return alone && numbers > 0 && n >= 6
	case !alone:
		return others > 0 && n >= 8 && strings.ContainsAny(strings.Trim(w, `"'.,;:!?()`), "@#$%^&*+=_!")
	case upperInside > 0 && !shouted, others > 0 && strings.ContainsAny(w, "@#$%^&*+=_"):
		return true
	}
	return n >= 8 && !h.intents.ordinary(w)
}
