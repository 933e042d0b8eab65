// Package reset makes BSrE send the mail with the link to a new PIN: the
// question, the one call, and what is told of its outcome.
package reset

import (
	"context"
	"resetpin/bot"
	"resetpin/handlers/bsre"
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
	"resetpin/handlers/understand"
	"resetpin/store"
	"time"
)

// Wishes are what the question needs of the database.
type Wishes interface {
	CheckReset(ctx context.Context, r store.ResetRequest) (store.ResetResult, error)
	RequestReset(ctx context.Context, r store.ResetRequest, job func(id int64) store.Job) (store.ResetResult, error)
	Resets(ctx context.Context, nip string, limit int) ([]store.Reset, error)
	ResetsBefore(ctx context.Context, id int64) (int, error)
	WaitingJobs(ctx context.Context, kind string) (int, error)
}

// Ledger is what the call needs of the database.
type Ledger interface {
	BeginReset(ctx context.Context, id int64, now time.Time) (store.Reset, bool, error)
	FinishReset(ctx context.Context, id int64, st store.ResetState, detail string, now time.Time, jobs ...store.Job) (bool, error)
	OpenResets(ctx context.Context, before, now time.Time) ([]store.Reset, error)
	Reset(ctx context.Context, id int64) (store.Reset, error)
	Employee(ctx context.Context, nip string) (store.Employee, error)
	Links(ctx context.Context, nip string) ([]store.Link, error)
}

// Budget is what may be spent on phone numbers.
type Budget interface {
	Spend(ctx context.Context, nip, what string, now time.Time, budgets ...store.Budget) (until time.Time, err error)
	Refund(ctx context.Context, nip, what string, at time.Time) error
}

// Store is all of them.
type Store interface {
	Wishes
	Ledger
	Budget
}

// Status tells what BSrE says of a certificate.
type Status interface {
	Ask(ctx context.Context, r talk.Request) (store.Status, error)
	Answer(r talk.Request, st store.Status, note string) bot.Reply
	Keep(ctx context.Context, nip string, s bsre.Subject, now time.Time) error
}

// Walks leads through the guides.
type Walks interface {
	// Unfinished is a walk through a guide that did not come to its end, while its
	// link may still be good.
	Unfinished(ctx context.Context, r talk.Request, guide string) (store.Walk, bool, error)
	// Begin begins the walk of a reset whose mail is on its way, once.
	Begin(ctx context.Context, r talk.Request, row store.Reset) ([]bot.Message, error)
	// At begins a guide at one of its steps; false when there is no such guide.
	At(ctx context.Context, r talk.Request, guide, step string) (bot.Message, bool, error)
}

// Config is what New needs.
type Config struct {
	Store    Store
	Portal   bsre.Resetter
	Status   Status
	Walks    Walks
	Cooldown time.Duration // between two links for one employee
	Daily    int           // links for one employee
	Timeout  time.Duration // of one call to BSrE
}

// Room asks BSrE for links.
type Room struct {
	*pages.Pages
	wishes Wishes
	ledger Ledger
	budget Budget
	portal bsre.Resetter
	status Status
	walks  Walks
	limits Config
	asking *inHand
}

// New gives the room.
func New(p *pages.Pages, c Config) *Room {
	return &Room{p, c.Store, c.Store, c.Store, c.Portal, c.Status, c.Walks, c, &inHand{ids: make(map[int64]bool)}}
}

// Kinds of durable jobs.
const (
	jobPrepare talk.JobKind = "prepare" // the question before a reset, when one's turn has come
	jobReset   talk.JobKind = "reset"   // the one call to BSrE for a reset that was written down
	jobTell    talk.JobKind = "tell"    // an older version's: the outcome of a reset
)

// confirmationLifetime is how long the question can be answered.
const confirmationLifetime = 10 * time.Minute

// Capability is what it brings.
func (h *Room) Capability() talk.Capability {
	return talk.Capability{
		Name:     "reset",
		Commands: []talk.Command{{Name: "resetpin", Aliases: []string{"reset"}, Listed: 10, Run: h.resetPIN}},
		Actions:  map[talk.Name]talk.Handler{talk.ResetOK: h.resetConfirmed, talk.ResetNew: h.resetAnew, talk.Phone: h.phoneLook},
		Jobs:     map[talk.JobKind]talk.Work{jobPrepare: h.prepare, jobReset: h.reset, jobTell: h.toldBefore, talk.JobNumber: h.checkNumber},
		Sayings:  map[talk.SayKind]talk.Saying{sayOutcome: h.tell},
		Means: map[understand.Meaning]talk.Meant{understand.Phone: func(ctx context.Context, r talk.Request, number string) (bot.Reply, error) {
			r.Text = number
			return h.enterPhone(ctx, r)
		}},
	}
}
