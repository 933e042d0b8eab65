package handlers

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"resetpin/bot"
	"resetpin/handlers/bsre"
	"resetpin/store"
)

// linkRules are what links are judged by.
func (h *Handlers) linkRules() bsre.Rules {
	return bsre.Rules{Sites: h.Settings.ResetSites, Wrappers: h.Settings.LinkWrappers}
}

// linksIn judges the links that a message shows and those that it hides behind
// words and buttons.
func (h *Handlers) linksIn(r request) (shown, hidden []bsre.Link) {
	rules := h.linkRules()
	return rules.Judge(whole(r)), rules.Judge(strings.Join(r.Links, "\n"))
}

// whole is all that was typed: a secret can stand right behind a slash.
func whole(r request) string {
	if r.Kind == bot.KindCommand {
		return "/" + r.Command + " " + r.Text
	}
	return r.Text
}

// linkWords are the text keys that tell what a link is that is no key and
// pretends nothing, the most doubtful first.
func linkWords() []struct {
	verdict bsre.Verdict
	key     string
} {
	return []struct {
		verdict bsre.Verdict
		key     string
	}{{bsre.LinkShort, "link.short"}, {bsre.LinkOther, "link.other"}, {bsre.LinkBSrE, "link.bsre"}}
}

// aboutLinks tells what the links of a text are. It gives false when there is
// none, or one that the guard looks after.
func (h *Handlers) aboutLinks(r request) (bot.Reply, bool) {
	shown, hidden := h.linksIn(r)
	all := slices.Concat(shown, hidden)
	for _, w := range linkWords() {
		i := slices.IndexFunc(all, func(l bsre.Link) bool { return l.Verdict == w.verdict })
		if i >= 0 {
			text := r.say(w.key, "host", all[i].Host, "site", h.Settings.ResetSites[0], "sender", h.Settings.ResetSenders[0])
			return reply(text, r.button("button.help", "cmd", "help")), true
		}
	}
	return bot.Reply{}, false
}

// Bounds of what officers are told of false links.
const (
	campaign   = 5 // people who show the same host within an hour
	fakesOfOne = 3 // hosts of one account within an hour; more may be somebody who plays
)

// noteFake counts a false link and tells the officers' places: of each
// employee who got one, and once when many got the same.
func (h *Handlers) noteFake(ctx context.Context, r request, host string) error {
	_, err := h.Store.NoteFake(ctx, store.Fake{Account: r.account(), NIP: r.session.Employee.NIP, Host: host, Now: r.now}, func(n store.FakeCount) []store.Job {
		var jobs []store.Job
		day := r.now.UTC().Format(time.DateOnly)
		who := r.Account.String()
		if n.New && n.ByOne <= fakesOfOne {
			jobs = h.tellOfficers(ctx, "fake:"+host+":"+who+":"+day, "fake.one", "name", h.named(r), "unit", dash(r.session.Employee.Unit),
				"host", host, "platform", platformName(r.Account.Platform))
		}
		if n.New && n.InHour >= campaign {
			jobs = append(jobs, h.tellOfficers(ctx, "campaign:"+host+":"+day, "fake.many", "host", host, "count", strconv.Itoa(n.InHour))...)
		}
		return jobs
	})
	if err != nil {
		return fmt.Errorf("note a false link: %w", err)
	}
	return nil
}

// tellOfficers makes the jobs that say something in all officers' places. Each
// place is told once for a key.
func (h *Handlers) tellOfficers(ctx context.Context, key, text string, values ...string) []store.Job {
	var jobs []store.Job
	for _, chat := range h.Settings.HelpdeskChats {
		job, err := newJob(jobPush, key+":"+chat.String(), push{To: chat, Language: h.Settings.DefaultLanguage, Key: text, Values: values})
		if err != nil {
			h.Logger.ErrorContext(ctx, "a notice to the officers could not be made", "error", err)
			continue
		}
		jobs = append(jobs, job)
	}
	return jobs
}

// named is how officers are told of a person: by name when the account is
// linked.
func (h *Handlers) named(r request) string {
	if r.session.Linked {
		return r.session.Employee.Name
	}
	return h.Texts.Get(h.Settings.DefaultLanguage, "fake.nobody")
}
