package talk

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"resetpin/bot"
	"resetpin/handlers/resetlink"
	"resetpin/store"
)

// linkRules are what links are judged by.
func (k *Kernel) linkRules() resetlink.Rules {
	return resetlink.Rules{Sites: k.Settings.ResetSites, Wrappers: k.Settings.LinkWrappers}
}

// linksIn judges the links that a message shows and those that it hides behind
// words and buttons.
func (k *Kernel) linksIn(r Request) (shown, hidden []resetlink.Link) {
	rules := k.linkRules()
	return rules.Classify(whole(r)), rules.Classify(strings.Join(r.Links, "\n"))
}

// whole is all that was typed: a secret can stand right behind a slash.
func whole(r Request) string {
	if r.Kind == bot.KindCommand {
		return "/" + r.Command + " " + r.Text
	}
	return r.Text
}

// linkWords are the text keys that tell what a link is that is no key and
// pretends nothing, the most doubtful first.
func linkWords() []struct {
	verdict resetlink.Verdict
	key     string
} {
	return []struct {
		verdict resetlink.Verdict
		key     string
	}{{resetlink.Short, "link.short"}, {resetlink.Other, "link.other"}, {resetlink.BSrE, "link.bsre"}}
}

// aboutLinks tells what the links of a text are. It gives false when there is
// none, or one that the guard looks after.
func (k *Kernel) aboutLinks(r Request) (bot.Reply, bool) {
	shown, hidden := k.linksIn(r)
	all := slices.Concat(shown, hidden)
	for _, w := range linkWords() {
		i := slices.IndexFunc(all, func(l resetlink.Link) bool { return l.Verdict == w.verdict })
		if i >= 0 {
			text := r.Say(w.key, "host", all[i].Host, "site", k.Settings.ResetSites[0], "sender", k.Settings.ResetSenders[0])
			return Reply(text, r.Button("button.help", Cmd, "help")), true
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
func (k *Kernel) noteFake(ctx context.Context, r Request, host string) error {
	_, err := k.Store.NoteFake(ctx, store.Fake{Account: r.Asker(), NIP: r.Session.Employee.NIP, Host: host, Now: r.Now}, func(n store.FakeCount) []store.Job {
		var jobs []store.Job
		day := r.Now.UTC().Format(time.DateOnly)
		who := r.Account.String()
		if n.New && n.ByOne <= fakesOfOne {
			jobs = k.TellOfficers("fake:"+host+":"+who+":"+day, "fake.one", "name", k.named(r), "unit", Dash(r.Session.Employee.Unit),
				"host", host, "platform", PlatformName(r.Account.Platform))
		}
		if n.New && n.InHour >= campaign {
			jobs = append(jobs, k.TellOfficers("campaign:"+host+":"+day, "fake.many", "host", host, "count", strconv.Itoa(n.InHour))...)
		}
		return jobs
	})
	if err != nil {
		return fmt.Errorf("note a false link: %w", err)
	}
	return nil
}

// TellOfficers makes the jobs that say something in all officers' places. Each
// place is told once for a key.
func (k *Kernel) TellOfficers(key, text string, values ...string) []store.Job {
	var jobs []store.Job
	for _, chat := range k.Settings.HelpdeskChats {
		jobs = append(jobs, Tell(key, Push{To: chat, Language: k.Settings.DefaultLanguage, Key: text, Values: values}))
	}
	return jobs
}

// named is how officers are told of a person: by name when the account is
// linked.
func (k *Kernel) named(r Request) string {
	if r.Session.Linked {
		return r.Session.Employee.Name
	}
	return k.Texts.Get(k.Settings.DefaultLanguage, "fake.nobody")
}
