// Package handlers is what the bot does: one file for each thing (link,
// status, reset, guide, unlink, language, privacy, help). A handler reads and
// writes the store, asks BSrE, asks the guides for a step, and returns a
// bot.Reply; it sends nothing itself and knows no platform's library.
package handlers

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"resetpin/handlers/talk"
	"time"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/bsre"
	"resetpin/handlers/resetsite"
	"resetpin/store"
)

// Store is what the handlers need of the database.
type Store interface {
	Session(ctx context.Context, a store.Account) (store.Session, error)
	SetLanguage(ctx context.Context, a store.Account, lang string) error
	SetBrowser(ctx context.Context, a store.Account, browser string) error
	SetQuiet(ctx context.Context, a store.Account, quiet bool) error
	SetTextOnly(ctx context.Context, a store.Account, textOnly bool) error
	SetErrand(ctx context.Context, a store.Account, command string, now time.Time) error
	SetPrompt(ctx context.Context, a store.Account, p store.Prompt, now time.Time) error
	SetOffer(ctx context.Context, a store.Account, o store.Offer) error

	Employee(ctx context.Context, nip string) (store.Employee, error)
	EmployeeByOldNIP(ctx context.Context, old string) (store.Employee, error)
	EmployeeByEmail(ctx context.Context, email string) (store.Employee, error)

	CreateCode(ctx context.Context, r store.CodeRequest) (store.CodeGrant, error)
	LastClaim(ctx context.Context, a store.Account) (nip string, asked time.Time, err error)
	Reference(a store.Account) string
	RedeemCode(ctx context.Context, r store.CodeAttempt, jobs func(nip string, displaced []store.Account) []store.Job) (store.CodeResult, error)
	Link(ctx context.Context, a store.Account, nip string, now time.Time, jobs func(displaced []store.Account) []store.Job) error
	Unlink(ctx context.Context, a store.Account) (string, error)
	UnlinkOthers(ctx context.Context, nip, platform string, but store.Account, jobs func(accounts []store.Account) []store.Job) ([]store.Account, error)
	Links(ctx context.Context, nip string) ([]store.Link, error)

	SaveStatus(ctx context.Context, nip string, st store.Status) error
	SaveCertificate(ctx context.Context, nip string, c store.Certificate) error
	Certificate(ctx context.Context, nip string) (store.Certificate, error)

	Spend(ctx context.Context, nip, what string, now time.Time, budgets ...store.Budget) (until time.Time, err error)
	Refund(ctx context.Context, nip, what string, at time.Time) error

	JudgeReset(ctx context.Context, r store.ResetRequest) (store.ResetResult, error)
	RequestReset(ctx context.Context, r store.ResetRequest, job func(id int64) store.Job) (store.ResetResult, error)
	BeginReset(ctx context.Context, id int64, now time.Time) (store.Reset, bool, error)
	FinishReset(ctx context.Context, id int64, st store.ResetState, detail string, now time.Time, jobs ...store.Job) (bool, error)
	OpenResets(ctx context.Context, before, now time.Time) ([]store.Reset, error)
	Reset(ctx context.Context, id int64) (store.Reset, error)
	Resets(ctx context.Context, nip string, limit int) ([]store.Reset, error)
	ResetsBefore(ctx context.Context, id int64) (int, error)
	WaitingJobs(ctx context.Context, kind string) (int, error)

	StartWalk(ctx context.Context, owner, guide, step string, now time.Time, lines ...store.Event) (store.Walk, error)
	MoveWalk(ctx context.Context, id int64, version int, step string, st store.WalkState, now time.Time, lines ...store.Event) (store.Walk, error)
	Walk(ctx context.Context, owner string) (store.Walk, error)
	GuideWalk(ctx context.Context, owner, guide string) (store.Walk, error)

	Audit(ctx context.Context, e store.Event) error
	NoteFake(ctx context.Context, f store.Fake, jobs func(store.FakeCount) []store.Job) (store.FakeCount, error)
	Record(ctx context.Context, e store.Event, jobs ...store.Job) error
	Enqueue(ctx context.Context, jobs ...store.Job) error
}

// StatusClient asks BSrE for a certificate's status.
type StatusClient interface {
	Status(ctx context.Context, p bsre.Person) (bsre.Status, error)
}

// Site tells what the reset site's certificate is worth just now.
type Site interface {
	Find(ctx context.Context) resetsite.Finding
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
	if s.Reminder == 0 {
		s.Reminder = 30 * time.Minute
	}
	if s.Question == 0 {
		s.Question = 24 * time.Hour
	}
	s.ResetTrigger, s.StatusTrigger = cmp.Or(s.ResetTrigger, "resetpin"), cmp.Or(s.StatusTrigger, "statusds")
	return s
}

// Bounds that are nobody's to set.
const (
	confirmationLifetime = 10 * time.Minute
)

// Guides are the guides that are served; they may change between two calls.
type Guides interface {
	Guide(name string) (*guides.Guide, bool)
	Names() []string
	Title(name, language string) string
}

// Config is all that New needs.
type Config struct {
	Store     Store
	Status    StatusClient
	Resetter  bsre.Resetter
	Site      Site // nil: nobody looks, and the guide tells what holds in any case
	Guides    Guides
	Sentences talk.Sentences
	Texts     *talk.Texts
	Settings  Settings
	Logger    *slog.Logger
	Now       func() time.Time

	// PrivateLink gives the address that opens the private chat with the bot
	// on a platform, with a start word ("resetpin", "link" …); an empty one where
	// no address does that.
	PrivateLink func(platform, word string) string
	// TrustedEmail gives the e-mail address of an account on a platform whose
	// addresses count as verified; nil entries and platforms do not.
	TrustedEmail map[string]func(ctx context.Context, id string) (string, error)
}

// Handlers answers updates.
type Handlers struct {
	*talk.Kernel
	Store        Store
	Status       StatusClient
	Resetter     bsre.Resetter
	Site         Site
	Guides       Guides
	Settings     Settings
	TrustedEmail map[string]func(ctx context.Context, id string) (string, error)

	outage outage
	ends   *endLookups
	post   *post
	mails  *MailRoom
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
	return h, h.checkGuides()
}

func assemble(c Config) *Handlers {
	s := c.Settings.filled()
	kernel := talk.New(talk.Config{
		Store: c.Store, Sentences: c.Sentences, Texts: c.Texts, Logger: c.Logger, Now: c.Now, PrivateLink: c.PrivateLink,
		Settings: talk.Settings{
			DefaultLanguage: s.DefaultLanguage, LinkTTL: s.LinkTTL, ResetSites: s.ResetSites, ResetSenders: s.ResetSenders, LinkWrappers: s.LinkWrappers,
			HelpdeskContact: s.HelpdeskContact, HelpdeskChats: s.HelpdeskChats, ResetTrigger: s.ResetTrigger, StatusTrigger: s.StatusTrigger, Zone: s.Zone,
		},
	})
	return &Handlers{
		Kernel: kernel, Store: c.Store, Status: c.Status, Resetter: c.Resetter, Site: c.Site, Guides: c.Guides, Settings: s, TrustedEmail: c.TrustedEmail,
		ends: newEndLookups(), post: &post{},
	}
}
