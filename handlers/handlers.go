// Package handlers is what the bot does: the list of its capabilities, each a
// package below. A capability reads and writes its part of the store, asks
// BSrE, asks the guides for a step, and answers with a bot.Reply; it sends
// nothing itself, knows no platform's library and no other capability. What it
// wants of another goes by the kernel (package talk), or by a small interface
// that is filled here.
package handlers

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"resetpin/handlers/accounts"
	"resetpin/handlers/desk"
	"resetpin/handlers/followup"
	"resetpin/handlers/help"
	"resetpin/handlers/language"
	"resetpin/handlers/letters"
	"resetpin/handlers/link"
	"resetpin/handlers/notice"
	"resetpin/handlers/pages"
	"resetpin/handlers/post"
	"resetpin/handlers/privacy"
	"resetpin/handlers/reset"
	"resetpin/handlers/status"
	"resetpin/handlers/talk"
	"resetpin/handlers/walk"
	"resetpin/handlers/words"
	"time"

	"resetpin/bot"
	"resetpin/handlers/bsre"
)

// Store is what the capabilities need of the database, each its part.
type Store interface {
	talk.Store
	pages.Store
	walk.Store
	status.Store
	reset.Store
	link.Directory
	link.Store
	accounts.Store
	followup.Store
	desk.Store
	notice.Store
	privacy.Store
	language.Store
}

// Settings are the handlers' part of the settings, by the names of the
// environment.
type Settings struct {
	CodeTTL, LinkTTL time.Duration // LinkTTL 0: never
	ResetCooldown    time.Duration
	ResetDailyLimit  int
	BSrETimeout      time.Duration // of one call to BSrE; 0: 10 s
	DefaultLanguage  string
	ResetSites       []string // the first is the one the guide names
	ResetSenders     []string
	LinkWrappers     []string // hosts of mail filters of the agency's own that wrap links
	HelpdeskContact  string
	SigningApp       string // where people sign; empty: in words
	HelpdeskChats    []bot.Account
	Admins           []bot.Account // officers elsewhere than in those chats
	Hours            desk.Hours    // in which they are there
	TicketRetention  time.Duration // of a ticket's words, after its end; 0: 30 days
	Retention        time.Duration
	ResetTrigger     string         // of Mattermost's command that resets; empty: resetpin
	StatusTrigger    string         // of the one that tells the status; empty: statusds
	Zone             *time.Location // in which people are shown times, and have their night; nil: WIB
	Reminder         time.Duration  // after the last step, when the link was not opened; 0: 30 minutes
	Question         time.Duration  // after the walk's end, whether signing worked; 0: a day
}

// filled gives the settings with what was left out.
func (s Settings) filled() Settings {
	if s.Zone == nil {
		s.Zone = time.FixedZone("WIB", 7*60*60)
	}
	if s.BSrETimeout == 0 {
		s.BSrETimeout = bsre.DefaultTimeout
	}
	if s.TicketRetention == 0 {
		s.TicketRetention = 30 * 24 * time.Hour
	}
	if s.Reminder == 0 {
		s.Reminder = 30 * time.Minute
	}
	if s.Question == 0 {
		s.Question = 24 * time.Hour
	}
	s.ResetTrigger, s.StatusTrigger = cmp.Or(s.ResetTrigger, "resetpin"), cmp.Or(s.StatusTrigger, "statusds")
	return s
}

// Config is all that New needs.
type Config struct {
	Store     Store
	Status    status.Client
	Resetter  bsre.Resetter
	Site      pages.Site // nil: nobody looks, and the guide tells what holds in any case
	Guides    pages.Guides
	Sentences talk.Sentences
	Texts     *talk.Texts
	Settings  Settings
	Logger    *slog.Logger
	Now       func() time.Time
	Count     func(talk.Trouble) // those that people are told of; nil: nobody counts

	// PrivateLink gives the address that opens the private chat with the bot
	// on a platform, with a start word ("resetpin", "link" …); an empty one where
	// no address does that.
	PrivateLink func(platform, word string) string
	// TrustedEmail gives the e-mail address of an account on a platform whose
	// addresses count as verified; nil entries and platforms do not.
	TrustedEmail map[string]func(ctx context.Context, id string) (string, error)
	// Members tells who is in the officers' rooms, by platform; a platform that
	// has no entry is not asked.
	Members map[string]bot.Members
}

// Handlers answers updates, and does the durable jobs that come of them.
type Handlers struct {
	*talk.Kernel
	accounts *accounts.Room
	followup *followup.Room
	help     *help.Room
	desk     *desk.Desk
	language *language.Room
	link     *link.Room
	notice   *notice.Room
	post     *post.Room
	privacy  *privacy.Room
	reset    *reset.Room
	status   *status.Room
	walk     *walk.Room
	words    *words.Room
}

// New checks the configuration, the texts and the guides, and gives the
// handlers.
func New(c Config) (*Handlers, error) {
	if c.Store == nil || c.Status == nil || c.Resetter == nil || c.Guides == nil || c.Sentences == nil || c.Texts == nil || c.Logger == nil {
		return nil, errors.New("handlers: an incomplete configuration")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	h := assemble(c)
	if err := h.Register(h.capabilities()...); err != nil {
		return nil, err
	}
	return h, h.status.Check()
}

// capabilities lists all that the bot can do. A new one has its line here.
func (h *Handlers) capabilities() []talk.Capability {
	return []talk.Capability{
		h.accounts.Capability(),
		h.followup.Capability(),
		h.help.Capability(),
		h.desk.Capability(),
		h.language.Capability(),
		h.link.Capability(),
		h.notice.Capability(),
		h.post.Capability(),
		h.privacy.Capability(),
		h.reset.Capability(),
		h.status.Capability(),
		h.walk.Capability(),
		h.words.Capability(),
	}
}

// assemble builds the capabilities, and hands each what it needs of others.
func assemble(c Config) *Handlers {
	s := c.Settings.filled()
	k := talk.New(talk.Config{
		Store: c.Store, Sentences: c.Sentences, Texts: c.Texts, Logger: c.Logger, Now: c.Now, Count: c.Count, PrivateLink: c.PrivateLink,
		Settings: talk.Settings{
			DefaultLanguage: s.DefaultLanguage, LinkTTL: s.LinkTTL, ResetSites: s.ResetSites, ResetSenders: s.ResetSenders, LinkWrappers: s.LinkWrappers,
			HelpdeskContact: s.HelpdeskContact, HelpdeskChats: s.HelpdeskChats, Admins: s.Admins, ResetTrigger: s.ResetTrigger, StatusTrigger: s.StatusTrigger, Zone: s.Zone,
		},
	})
	p := pages.New(k, c.Guides, c.Site, c.Store, s.SigningApp)
	h := &Handlers{
		Kernel: k, accounts: accounts.New(k, c.Store), followup: followup.New(p, c.Store, s.Reminder, s.Question), help: help.New(p),
		language: language.New(k, c.Store), notice: notice.New(k, c.Store, c.Status, c.Resetter), post: post.New(k, c.Store, s.CodeTTL), privacy: privacy.New(k, c.Store, s.Retention, s.TicketRetention), status: status.New(p, c.Store, c.Status, c.Resetter),
	}
	h.walk = walk.New(p, c.Store, h.followup, h.status)
	h.words = words.New(p, c.Store, h.walk, s.CodeTTL)
	h.reset = reset.New(p, reset.Config{
		Store: c.Store, Portal: c.Resetter, Status: h.status, Walks: h.walk, Cooldown: s.ResetCooldown, Daily: s.ResetDailyLimit, Timeout: s.BSrETimeout,
	})
	h.link = link.New(k, link.Config{
		People: c.Store, Store: c.Store, Post: h.post, Accounts: h.accounts, Linked: h.status.WantEnd, CodeTTL: s.CodeTTL, Trusted: c.TrustedEmail,
	})
	h.desk = desk.New(desk.Config{
		Kernel: k, Store: c.Store, Status: c.Status, Site: c.Site, Guides: c.Guides, Members: c.Members, Rooms: s.HelpdeskChats,
		Hours: s.Hours, Keep: s.TicketRetention, Logger: c.Logger, Now: c.Now,
	})
	return h
}

// Desk is the help desk's side.
func (h *Handlers) Desk() *desk.Desk { return h.desk }

// Recovered tells some of those who wait that BSrE answers again, when it does;
// see notice.Room.
func (h *Handlers) Recovered(ctx context.Context) error { return h.notice.Look(ctx) }

// SendBy lets the handlers send mails, from their durable jobs. It is called
// once, before the first of them.
func (h *Handlers) SendBy(m *letters.Mailer) { h.post.Mails = m }

// Sweep brings resets to their end that a crash left open; see reset.Room.
func (h *Handlers) Sweep(ctx context.Context, before time.Time) error {
	return h.reset.Sweep(ctx, before)
}

// LookUpEnds looks up the ends of certificates until ctx ends; see status.Room.
func (h *Handlers) LookUpEnds(ctx context.Context) { h.status.LookUpEnds(ctx) }
