// Package store keeps what the bot must remember: employees, links between
// chat accounts and employees, one-time codes, resets, walks through guides,
// the inbox, durable jobs and the audit trail, in SQLite or PostgreSQL.
package store

import (
	"errors"
	"time"
)

// Errors that callers act on.
var (
	ErrNotFound  = errors.New("not found")
	ErrAmbiguous = errors.New("more than one match")
	ErrStale     = errors.New("changed meanwhile")
)

// Account is a chat account. It has the shape of bot.Account, so that one
// converts into the other.
type Account struct {
	Platform string
	ID       string
}

// Employee is one row of the employee directory.
type Employee struct {
	NIP      string // 18 digits
	NIK      string // 16 digits; sealed in the database
	Name     string
	Email    string // the official address
	Position string
	Unit     string
	Grade    string
	OldNIP   string // 9 digits or empty
	Active   bool
}

// Prompt is what the bot asked an account for and now waits to read.
type Prompt string

// The prompts.
const (
	PromptNone  Prompt = ""
	PromptNIP   Prompt = "nip"
	PromptCode  Prompt = "code"
	PromptPhone Prompt = "phone"

	PromptNumber Prompt = "number" // a phone number that is new, for officers
)

// Session is all that an answer to an account usually needs, read at once.
type Session struct {
	Account  Account
	Language string // as the person chose it; empty: never chosen
	Browser  string // as the person told; empty: never asked
	Quiet    bool   // the person wants no reminders and questions
	TextOnly bool   // the person wants pages without pictures
	Errand   string // the command that waits until the account is linked; empty: none
	ErrandAt time.Time
	Prompt   Prompt
	PromptAt time.Time
	Offer    Offer
	Linked   bool
	Employee Employee  // the linked employee; zero when not Linked
	Verified time.Time // when the link was last proven by a code
	Status   Status    // the employee's last known status; zero Value: never asked
	Walk     Walk      // the owner's latest walk; zero ID: none

	OfferBefore Offer      // where the account was before Offer.By: it is not told by what
	Ticket      LastTicket // the account's latest; zero ID: none

	LastReset time.Time // when the employee last wished for a reset that was not refused; zero: never, or long ago
}

// LastTicket is what a conversation needs to know of an account's ticket.
type LastTicket struct {
	ID     int64
	State  TicketState
	Taken  time.Time
	Closed time.Time
	Helped string
	Cause  string // the update that opened it, or opened it again, last
}

// Offer is where the bot's last message left an account.
type Offer struct {
	Place   string    // a place's name; empty: none of its own
	Choices string    // the choices that stood there, in the form of whoever keeps them; sealed in the database
	At      time.Time // zero: nothing was offered
	Missed  int       // how often in a row nothing was understood
	By      string    // the update that led there; empty: none did
}

// Link ties a chat account to an employee.
type Link struct {
	Account  Account
	NIP      string
	Linked   time.Time
	Verified time.Time
}

// Status is what BSrE last said of an employee's certificate.
type Status struct {
	Value   string // BSrE's own word, ISSUE for example
	Message string // BSrE's own sentence
	Asked   time.Time
	EndDate time.Time // zero: not told
}

// ResetState is how far a reset came.
type ResetState string

// The states of a reset. Requested and asking are open, the others final.
const (
	ResetRequested ResetState = "requested" // written down, BSrE not asked yet
	ResetAsking    ResetState = "asking"    // the one call to BSrE was begun
	ResetSent      ResetState = "sent"      // BSrE mails the link
	ResetPhone     ResetState = "phone"     // BSrE wants the phone number verified first; nothing was reset
	ResetRefused   ResetState = "refused"
	ResetUnknown   ResetState = "unknown" // the answer was lost: it may or may not have been done
)

// Reset is one confirmed wish to reset a passphrase.
type Reset struct {
	ID       int64
	Key      string // of the press that confirmed it; unique
	NIP      string
	Account  Account
	Chat     string // where it was confirmed, to answer there
	Message  string
	State    ResetState
	Language string
	Created  time.Time
	Updated  time.Time
}

// ResetRequest asks to write down a reset.
type ResetRequest struct {
	Key      string
	NIP      string
	Account  Account
	Chat     string
	Message  string
	Language string
	Now      time.Time
	Cooldown time.Duration // between two resets of one employee
	Daily    int           // most resets of one employee in 24 hours
}

// ResetVerdict tells what became of a ResetRequest.
type ResetVerdict string

// The verdicts on a reset request. States refused and phone count neither
// for the cooldown nor for the daily limit.
const (
	ResetNew      ResetVerdict = "new"      // written down now
	ResetSeen     ResetVerdict = "seen"     // the same key was written down before: Reset is that row
	ResetOpen     ResetVerdict = "open"     // another reset of the employee is being asked just now: Reset is that row
	ResetCooldown ResetVerdict = "cooldown" // Until tells when it is possible again
	ResetDaily    ResetVerdict = "daily"    // Until tells when it is possible again
)

// ResetResult is the answer to a ResetRequest.
type ResetResult struct {
	Verdict ResetVerdict
	Reset   Reset
	Until   time.Time
}

// WalkState is how a walk through a guide stands.
type WalkState string

// The states of a walk.
const (
	WalkActive  WalkState = "active"
	WalkDone    WalkState = "done"
	WalkStopped WalkState = "stopped"
)

// Walk is somebody's way through a guide. Owner is the NIP of a linked
// employee, so that the walk goes on on another platform, or else the
// account's text form.
type Walk struct {
	ID      int64
	Owner   string
	Guide   string
	Step    string
	Version int // grows with every move
	State   WalkState
	Started time.Time
	Moved   time.Time
}

// Event is a line of the audit trail. It never holds a secret: no NIK, code,
// PIN, link or token.
type Event struct {
	At      time.Time
	Account Account // zero: the command line or the bot itself
	NIP     string  // empty: not known
	Action  string  // link, unlink, status, reset, walk …
	Outcome string
	Detail  string // a status value, a step's name
	ID      string // under which all is known that the same update caused; empty: the context's
}

// Job is work that survives a crash. Its payload is sealed in the database,
// and deleted there about an hour after the job ended.
type Job struct {
	Kind    string // one of the kinds given to Work; also its queue
	Payload []byte
	RunAt   time.Time // zero: now
	Key     string    // not empty: at most one unfinished job of the kind has this key
	Say     *Words    // not nil: it is no work to be done, but words to be said, and all else is empty
}

// InboxEntry is an update that was taken over and not yet answered.
type InboxEntry struct {
	Source  string // the platform
	ID      string // the platform's own id of the update
	Account string // whose order it belongs to
	Payload []byte // sealed in the database, wiped when done
}
