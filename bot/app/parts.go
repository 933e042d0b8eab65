package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"resetpin/bot"
	"resetpin/bot/settings"
	"resetpin/bot/telegram"
	"resetpin/handlers"
	"resetpin/handlers/bsre"
	"resetpin/handlers/desk"
	"resetpin/handlers/letters"
	"resetpin/handlers/pages"
	"resetpin/handlers/resetsite"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// ids let the database keep under which id something was done.
func ids() store.IDs { return store.IDs{Of: bot.ID, With: bot.WithID} }

// inbox is the store's inbox in the engine's words.
type inbox struct {
	s      *store.Store
	unkept func(ctx context.Context, err error) // is told what could not be kept, under its id; the platform brings it again
}

// Add stores updates durably.
func (i inbox) Add(ctx context.Context, items []bot.InboxItem) ([]bool, error) {
	entries := make([]store.InboxEntry, len(items))
	for n, it := range items {
		entries[n] = store.InboxEntry(it)
	}
	fresh, err := i.s.AddInbox(ctx, entries...)
	if store.Unreachable(err) {
		for _, it := range items {
			i.unkept(bot.WithID(ctx, bot.IDOf(bot.Update{ID: it.ID, Origin: bot.Origin{Account: bot.Account{Platform: it.Source}}})), err)
		}
	}
	return fresh, err
}

// Ack closes an update.
func (i inbox) Ack(ctx context.Context, source, id string) error {
	return i.s.AckInbox(ctx, source, id)
}

// Open gives what is not answered.
func (i inbox) Open(ctx context.Context) ([]bot.InboxItem, error) {
	entries, err := i.s.OpenInbox(ctx)
	return items(entries), err
}

// mostOfAccount is how many of an account's open updates are read at once:
// who floods the bot must not make it read the flood again and again.
const mostOfAccount = 50

// Lock keeps other processes off the account, and tells what they have
// received from it.
func (i inbox) Lock(ctx context.Context, account string) (bot.Lock, error) {
	unlock, err := i.s.LockAccount(ctx, account)
	if err != nil || i.s.SingleProcess() {
		return bot.Lock{Alone: true, Release: unlock}, err
	}
	entries, err := i.s.AccountInbox(ctx, account, mostOfAccount)
	if err != nil {
		unlock()
		return bot.Lock{}, err
	}
	return bot.Lock{Open: items(entries), More: len(entries) == mostOfAccount, Release: unlock}, nil
}

func items(entries []store.InboxEntry) []bot.InboxItem {
	out := make([]bot.InboxItem, len(entries))
	for n, e := range entries {
		out[n] = bot.InboxItem(e)
	}
	return out
}

// say hands words that were written just now to the engine.
func (a *App) say(rows []store.InboxEntry) { a.engine.Adopt(items(rows)...) }

// notes keep what a platform has to know again: Telegram's ids of pictures, the
// supergroup that an officers' group became, how far Mattermost was read.
type notes struct {
	s    *store.Store
	kind string // before each name
}

// Get gives a kept value, or an empty one.
func (n notes) Get(ctx context.Context, name string) (string, error) {
	value, err := n.s.KV(ctx, n.kind+name)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return string(value), err
}

// Put keeps a value.
func (n notes) Put(ctx context.Context, name, value string) error {
	return n.s.PutKV(ctx, n.kind+name, []byte(value))
}

// statusClient builds the client of the eSign Client Service.
func statusClient(s settings.Settings, w *wires) (*bsre.StatusClient, error) {
	ca, err := trustedForBSrE(s)
	if err != nil {
		return nil, err
	}
	return bsre.NewStatusClient(bsre.Config{
		URL: s.BSrEURL, Username: s.BSrEUsername, Password: s.BSrEPassword.Reveal(), API: bsre.API(s.BSrEAPI), CA: ca, Timeout: s.BSrETimeout,
		Wrap: w.to(systemStatus),
	})
}

// call builds the client of the agency's own gateway.
func call(s settings.Settings, w *wires) (*bsre.Call, error) {
	ca, err := trustedForBSrE(s)
	if err != nil {
		return nil, err
	}
	return bsre.NewCall(bsre.CallConfig{
		Method: s.CallMethod, URL: s.CallURL, Body: s.CallBody, BSrEURL: s.BSrEURL,
		Username: s.BSrEUsername, Password: s.BSrEPassword.Reveal(), CA: ca, Timeout: s.BSrETimeout,
		Wrap: w.to(systemGateway),
	})
}

// zone gives the zone that people are shown times in.
func zone(s settings.Settings) *time.Location {
	z, err := talk.ParseZone(s.TimeZone)
	if err != nil {
		panic(err) // settings let no other name through
	}
	return z
}

// siteProbe builds what looks at the reset site.
func siteProbe(s settings.Settings, log *slog.Logger, now func() time.Time) (*resetsite.Probe, error) {
	ca, err := caFile(s.ResetSiteCA, "RESET_SITE_CA_FILE")
	if err != nil {
		return nil, err
	}
	return resetsite.New(resetsite.Config{Site: s.ResetSite[0], CA: ca, Now: now, Logger: log}), nil
}

// buildHandlers builds BSrE's clients, the guides and the handlers.
func (a *App) buildHandlers(texts *talk.Texts, o Options) error {
	status, err := statusClient(a.s, a.wires)
	if err != nil {
		return err
	}
	a.metrics.watchBreaker(systemStatus, status.Breaker)
	var resetter bsre.Resetter
	if a.s.BSrEReset == "portal" {
		odd := &oddLog{a: a, told: make(map[string]bool)}
		a.portal, err = portal(a.s, a.store, portalOptions{gap: o.Gap, now: o.Now, odd: odd.note, wires: a.wires})
		resetter = a.portal
	} else {
		resetter, err = call(a.s, a.wires)
	}
	if err != nil {
		return err
	}
	if a.guides, err = newLiveGuides(a.s.GuidesDir, a.log); err != nil {
		return err
	}
	words := o.Sentences
	if words == nil {
		own := &sentences{dir: a.s.GuidesDir, sites: a.s.ResetSite, log: a.log}
		a.guides.changed = own.refresh
		a.learn = func() { own.get() }
		words = own
	}
	var site pages.Site
	if a.s.ResetSiteLook {
		if a.site, err = siteProbe(a.s, a.log, o.Now); err != nil {
			return err
		}
		site = a.site
		a.metrics.registry.MustRegister(newSiteMetrics(a.site))
	}
	set := handlerSettings(a.s)
	if set.Hours, err = desk.ParseHours(a.s.HelpdeskHours, a.s.HelpdeskClosed, set.Zone); err != nil {
		return fmt.Errorf("HELPDESK_HOURS, HELPDESK_CLOSED: %w", err)
	}
	a.handlers, err = handlers.New(handlers.Config{
		Members: a.members(),
		Site:    site,
		Store:   a.store, Status: status, Resetter: resetter, Guides: a.guides, Sentences: words, Texts: texts, Settings: set,
		Logger: a.log, Now: o.Now, Count: a.metrics.Trouble, PrivateLink: a.privateLink, TrustedEmail: a.trustedEmail(),
	})
	return err
}

// handlerSettings are the handlers' part of the settings.
func handlerSettings(s settings.Settings) handlers.Settings {
	out := handlers.Settings{
		CodeTTL: s.CodeTTL, LinkTTL: s.LinkTTL, ResetCooldown: s.ResetCooldown, ResetDailyLimit: s.ResetDailyLimit, BSrETimeout: s.BSrETimeout,
		DefaultLanguage: s.DefaultLanguage, ResetSites: s.ResetSite, LinkWrappers: s.LinkWrappers, ResetSenders: s.ResetSenders,
		HelpdeskContact: s.HelpdeskContact, SigningApp: s.SigningApp, Retention: s.Retention, Zone: zone(s), ResetTrigger: s.MattermostReset, StatusTrigger: s.MattermostStatus,
	}
	out.HelpdeskChats = helpdeskChats(s)
	for _, admin := range s.Admins {
		a, err := bot.ParseAccount(admin)
		if err != nil {
			panic(err) // settings let no other through
		}
		out.Admins = append(out.Admins, a)
	}
	out.TicketRetention = s.TicketRetention
	return out
}

// privateLink gives the address of the private chat with the bot. Mattermost's
// depends on the person's team; there a command is answered in private anyway.
func (a *App) privateLink(platform, word string) string {
	for _, s := range a.sides {
		if s.platform == platform && s.link != nil {
			return s.link(word)
		}
	}
	return ""
}

// buildWorker builds what does the durable jobs.
func (a *App) buildWorker(texts *talk.Texts, o Options) error {
	sender, err := mailSender(a.s)
	if err != nil {
		return err
	}
	if w := sender.Warning(); w != "" {
		a.log.Warn(w)
	}
	watch := &mailWatch{metrics: a.metrics, now: o.Now}
	a.remarks = append(a.remarks, part{"mail", watch.ready})
	room, err := letters.NewMailer(letters.MailerConfig{
		Sender: mailCalls{sender, a.metrics}, Directory: a.store, Codes: a.store, Texts: texts, Frame: handlers.TextFiles(), Helpdesk: a.s.HelpdeskContact, Zone: zone(a.s), Now: o.Now,
		Logger: a.log, Watch: watch.note, State: func(ctx context.Context, took time.Duration, err error) {
			a.outages.note(ctx, systemMail, "", took, err)
		},
	})
	if err != nil {
		return err
	}
	a.handlers.SendBy(room)
	return nil
}

// menu is the table of commands as Telegram shows it.
func menu(commands []handlers.CommandInfo) map[string][]telegram.Command {
	out := make(map[string][]telegram.Command)
	for _, c := range commands {
		for lang, text := range c.Description {
			out[lang] = append(out[lang], telegram.Command{Name: c.Name, Description: text})
		}
	}
	out[""] = out[talk.Indonesian]
	return out
}
