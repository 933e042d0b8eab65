// Package link ties a chat account to an employee: by a code that is mailed
// to the official address, or by an address that the platform vouches for.
package link

import (
	"context"
	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/handlers/understand"
	"resetpin/store"
	"time"
)

// Directory finds employees.
type Directory interface {
	Employee(ctx context.Context, nip string) (store.Employee, error)
	EmployeeByOldNIP(ctx context.Context, old string) (store.Employee, error)
	EmployeeByEmail(ctx context.Context, email string) (store.Employee, error)
}

// Store is what it needs of the database beside.
type Store interface {
	CreateCode(ctx context.Context, r store.CodeRequest) (store.CodeGrant, error)
	LastClaim(ctx context.Context, a store.Account) (nip string, asked time.Time, err error)
	RedeemCode(ctx context.Context, r store.CodeAttempt, jobs func(nip string, displaced []store.Account) []store.Job) (store.CodeResult, error)
	Link(ctx context.Context, a store.Account, nip string, now time.Time, jobs func(displaced []store.Account) []store.Job) error
	Reference(a store.Account) string
	Record(ctx context.Context, e store.Event, jobs ...store.Job) error
}

// Post tells whether mails cannot be sent just now.
type Post interface{ Down(now time.Time) bool }

// Accounts shows somebody their linked accounts.
type Accounts interface {
	Mine(ctx context.Context, r talk.Request) (bot.Reply, error)
}

// Config is what New needs.
type Config struct {
	People   Directory
	Store    Store
	Post     Post
	Accounts Accounts
	Linked   func(e store.Employee) // told of every new link; must not wait
	CodeTTL  time.Duration
	// Trusted gives the e-mail address of an account on a platform whose
	// addresses count as verified; nil entries and platforms do not.
	Trusted map[string]func(ctx context.Context, id string) (string, error)
}

// Room ties accounts to employees.
type Room struct {
	*talk.Kernel
	people   Directory
	db       Store
	post     Post
	accounts Accounts
	tell     func(e store.Employee)
	codeTTL  time.Duration
	trusted  map[string]func(ctx context.Context, id string) (string, error)
}

// New gives the room.
func New(k *talk.Kernel, c Config) *Room {
	return &Room{k, c.People, c.Store, c.Post, c.Accounts, c.Linked, c.CodeTTL, c.Trusted}
}

// Names of its own buttons and dialogs, and its kind of job.
const (
	codeMissing talk.Name = "code.missing"
	formNIP     talk.Name = "link.nip"
	formCode    talk.Name = "link.code"

	jobAlarm talk.JobKind = "alarm" // a danger that officers are told of
)

// Capability is what it brings.
func (h *Room) Capability() talk.Capability {
	return talk.Capability{
		Name:     "link",
		Commands: []talk.Command{{Name: "link", Listed: 30, Run: h.link}},
		Actions: map[talk.Name]talk.Handler{
			talk.LinkAgain: h.verifyAgain, talk.CodeAgain: h.codeAgain, codeMissing: h.codeMissing, talk.OtherNIP: h.otherNIP,
		},
		Forms: map[talk.Name]talk.Handler{
			formNIP: func(ctx context.Context, r talk.Request) (bot.Reply, error) {
				return h.enterNIP(ctx, r, r.Fields[fieldNIP])
			},
			formCode: func(ctx context.Context, r talk.Request) (bot.Reply, error) {
				return h.enterCode(ctx, r, r.Fields[fieldCode])
			},
		},
		Jobs:      map[talk.JobKind]talk.Work{jobAlarm: h.alarm, talk.JobCode: h.codeFor},
		Means:     map[understand.Meaning]talk.Meant{understand.NIP: h.enterNIP, understand.Code: h.enterCode},
		Introduce: h.introduce,
	}
}
