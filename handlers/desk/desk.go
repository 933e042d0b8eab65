// Package desk is the help desk's part of the conversation: an employee calls
// for a person, who is given what has happened so far and talks with them
// through the bot until they are helped. What is said of it is a ticket.
package desk

import (
	"cmp"
	"context"
	"embed"
	"io/fs"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/bsre"
	"resetpin/handlers/resetsite"
	"resetpin/handlers/talk"
	"resetpin/handlers/understand"
	"resetpin/store"
)

//go:embed texts
var texts embed.FS

func ownTexts() fs.FS {
	own, err := fs.Sub(texts, "texts")
	if err != nil {
		panic(err) // a name that cannot be wrong
	}
	return own
}

// Store is what the desk needs of the database.
type Store interface {
	OpenTicket(ctx context.Context, t store.Ticket, deed func(store.Ticket) store.TicketDeed) (store.Ticket, bool, error)
	ChangeTicket(ctx context.Context, id int64, decide func(t *store.Ticket) (store.TicketDeed, error)) (store.Ticket, error)
	Ticket(ctx context.Context, id int64) (store.Ticket, error)
	OpenTickets(ctx context.Context) ([]store.Ticket, error)
	AnnounceTickets(ctx context.Context, ids []int64, now time.Time, jobs ...store.Job) error
	AccountInbox(ctx context.Context, account string, most int) ([]store.InboxEntry, error)
	TicketWords(ctx context.Context, id int64) ([]store.TicketWord, error)
	Subject(ctx context.Context, room store.Account, thread string) (string, error)

	AskPhoneCheck(ctx context.Context, c store.PhoneCheck, key string, since time.Time, deed func(store.PhoneCheck) store.Deed) (store.PhoneCheck, bool, error)
	ChangePhoneCheck(ctx context.Context, id int64, decide func(c *store.PhoneCheck) (store.Deed, error)) (store.PhoneCheck, error)
	LastPhoneCheck(ctx context.Context, nip string) (store.PhoneCheck, error)

	LastClaim(ctx context.Context, a store.Account) (nip string, asked time.Time, err error)
	OfficerName(ctx context.Context, a store.Account) (string, error)
	SetOfficerName(ctx context.Context, a store.Account, name string) error

	Spend(ctx context.Context, nip, what string, now time.Time, budgets ...store.Budget) (until time.Time, err error)
	Record(ctx context.Context, e store.Event, jobs ...store.Job) error
	People
}

// People is what the desk reads and does about employees.
type People interface {
	Session(ctx context.Context, a store.Account) (store.Session, error)
	Employee(ctx context.Context, nip string) (store.Employee, error)
	Resets(ctx context.Context, nip string, limit int) ([]store.Reset, error)
	Certificate(ctx context.Context, nip string) (store.Certificate, error)
	Links(ctx context.Context, nip string) ([]store.Link, error)
	SaveStatus(ctx context.Context, nip string, st store.Status) error
	Unlink(ctx context.Context, a store.Account) (string, error)
	FreeNIP(ctx context.Context, nip string, by store.Account, now time.Time) error
	FreeChat(ctx context.Context, a store.Account, nip string, by store.Account, now, until time.Time, jobs ...store.Job) error
}

// Status asks BSrE for a certificate's status.
type Status interface {
	Status(ctx context.Context, p bsre.Person) (bsre.Status, error)
}

// Site tells what the reset site's certificate is worth just now.
type Site interface {
	Find(ctx context.Context) resetsite.Finding
}

// Guides are the guides that are served; they may change between two calls.
type Guides interface {
	Guide(name string) (*guides.Guide, bool)
}

// Config is what New needs.
type Config struct {
	Kernel  *talk.Kernel
	Store   Store
	Status  Status
	Site    Site                   // nil: nobody looks
	Guides  Guides                 // what officers are led by
	Members map[string]bot.Members // by platform; who is asked whether somebody is an officer
	Rooms   []bot.Account          // where officers work
	Hours   Hours
	Keep    time.Duration // how long a ticket's words are kept after its end
	Logger  *slog.Logger
	Now     func() time.Time
	Pause   time.Duration // until a thread that nobody knows is looked for again; 0: threadPause
}

// Desk is the help desk's side of the conversation.
type Desk struct {
	Config
	foreign foreign
}

// New gives the desk.
func New(c Config) *Desk {
	c.Pause = cmp.Or(c.Pause, threadPause)
	return &Desk{Config: c}
}

// Names of the desk's own buttons. Those that officers press stand in rooms.
const (
	openTicket talk.Name = "desk.open"
	reopen     talk.Name = "desk.again"
	enough     talk.Name = "desk.enough"
	helped     talk.Name = "desk.helped"

	take     talk.Name = "desk.take"
	takeOver talk.Name = "desk.over"
	giveBack talk.Name = "desk.back"
	finish   talk.Name = "desk.finish"
	closeAs  talk.Name = "desk.close"
	tools    talk.Name = "desk.tools"
	askDeed  talk.Name = "desk.ask"
	doDeed   talk.Name = "desk.do"
	steps    talk.Name = "desk.steps"
)

// jobNews tells officers of new tickets.
const jobNews talk.JobKind = "tickets"

// Capability is what the desk brings.
func (d *Desk) Capability() talk.Capability {
	answer := func(a store.CheckState) talk.Handler {
		return func(ctx context.Context, r talk.Request) (bot.Reply, error) { return d.answerCall(ctx, r, a) }
	}
	return talk.Capability{
		Name: "desk", Texts: ownTexts(),
		Commands: []talk.Command{
			d.Kernel.AdminCommand(cmdQueue, d.queue),
			d.Kernel.AdminCommand(cmdEmployee, d.employee),
			d.Kernel.AdminCommand(cmdCall, d.calling),
			{Name: cmdWho, Run: d.who},
		},
		Actions: map[talk.Name]talk.Handler{
			talk.Helpdesk: d.call, talk.Number: d.askNumber, openTicket: d.open, reopen: d.reopen, enough: d.enough, helped: d.helped,
			callYes: answer(store.CheckYes), callNo: answer(store.CheckNo), impostor: d.reportImpostor,
			look: d.Kernel.ForAdmins(d.show),
		},
		Jobs:    map[talk.JobKind]talk.Work{jobNews: d.news, jobSilent: d.silence},
		Places:  map[understand.Place]talk.Handler{talk.WithPerson: d.words, talk.AskPerson: d.sentence, talk.PersonDone: d.afterwards, talk.NewNumber: d.typedNumber},
		Contact: d.handedNumber,
		Unheard: d.unheard,
		Room:    d.room, RoomActions: []talk.Name{take, takeOver, giveBack, finish, closeAs, tools, askDeed, doDeed, steps, callNow, look},
	}
}

// audited is the deed by which the audit trail knows what becomes of tickets.
const audited = "ticket"

// byOfficers is the deed by which it knows of what officers do.
const byOfficers = "officer"

// numberOf reads a ticket's number from a button's argument, and what else
// stands there: "17", "17.solved".
func numberOf(arg string) (id int64, rest string) {
	text, rest, _ := strings.Cut(arg, ".")
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, ""
	}
	return id, rest
}

func number(t store.Ticket) string { return strconv.FormatInt(t.ID, 10) }

// toEmployee says something to whom the ticket is about.
func toEmployee(t store.Ticket, r bot.Reply) store.Job {
	return talk.SayJob("", bot.Origin{Account: bot.Account(t.Account), Private: true}, r)
}

// toThread says something in a ticket's thread of a room.
func toThread(t store.Ticket, room bot.Account, r bot.Reply) store.Job {
	return talk.SayJob("", bot.Origin{Account: room, Subject: number(t)}, r)
}

// toThreads says something in a ticket's thread of each room; what it gives for
// one may be no more than how the thread begins now.
func (d *Desk) toThreads(t store.Ticket, change bot.ThreadChange, say func(room bot.Account) bot.Reply) []store.Job {
	var jobs []store.Job
	for _, room := range d.Rooms {
		r := say(room)
		r.Thread = change
		jobs = append(jobs, toThread(t, room, r))
	}
	return jobs
}

// theirs is the room of the officer who has the ticket; the first when that is
// none of the rooms.
func (d *Desk) theirs(t store.Ticket) bot.Account {
	for _, room := range d.Rooms {
		if room.Platform == t.Holder.Platform {
			return room
		}
	}
	return d.Rooms[0]
}

// say gives a text in the officers' language.
func (d *Desk) say(key string, values ...string) string {
	return d.Kernel.Texts.Get(d.language(), key, values...)
}

func (d *Desk) language() string { return d.Kernel.Settings.DefaultLanguage }

// button gives a button in the officers' language, about a ticket.
func (d *Desk) button(key string, does talk.Name, arg string) bot.Button {
	return bot.Button{Text: d.say(key), Action: does.With(arg)}
}

// told gives a text for the employee of a ticket.
func (d *Desk) told(t store.Ticket, key string, values ...string) string {
	return d.Kernel.Texts.Get(t.Language, key, values...)
}

// carried is what one side says to the other, in the lines they wrote.
func (d *Desk) carried(lang, who, text string) string {
	return strings.TrimSpace(d.Kernel.Texts.Get(lang, "desk.carried", "who", who) + " " + guides.Verbatim(text))
}

// officer is the name that an officer shows.
func (d *Desk) officer(ctx context.Context, lang string, a store.Account) (string, error) {
	name, err := d.Store.OfficerName(ctx, a)
	if err != nil || name != "" {
		return name, err //nolint:wrapcheck // it says what was read
	}
	return d.Kernel.Texts.Get(lang, "desk.officer"), nil
}
