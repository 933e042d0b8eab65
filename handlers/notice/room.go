// Package notice tells of what is wrong for everybody: what officers announce,
// what the bot sees by itself, and when BSrE, which could not be asked, answers
// again.
package notice

import (
	"context"
	"embed"
	"sync"
	"time"

	"resetpin/bot"
	"resetpin/handlers/bsre"
	"resetpin/handlers/talk"
	"resetpin/store"
)

//go:embed *.yaml
var texts embed.FS

// Store is what it needs of the database.
type Store interface {
	Session(ctx context.Context, a store.Account) (store.Session, error)
	AwaitRecovery(ctx context.Context, w store.RecoveryWait) error
	ForgetRecoveryWait(ctx context.Context, a store.Account) error
	RecoveryWaits(ctx context.Context, what string, limit int) ([]store.RecoveryWait, error)
	EndRecoveryWait(ctx context.Context, w store.RecoveryWait, jobs ...store.Job) (bool, error)

	OfficerName(ctx context.Context, a store.Account) (string, error)
	Disturbances(ctx context.Context) ([]store.Disturbance, error)
	AnnounceDisturbance(ctx context.Context, d store.Disturbance, deed func(store.Disturbance) store.Deed) (store.Disturbance, error)
	ChangeDisturbance(ctx context.Context, id int64, decide func(d *store.Disturbance) (store.Deed, error)) (bool, error)
	NoteFailure(ctx context.Context, what, who string, now, since time.Time, several int, deed func(store.Disturbance) store.Deed) (bool, error)
	LastFailure(ctx context.Context, what string) (time.Time, error)
	ForgetFailures(ctx context.Context, what string) error
	Enqueue(ctx context.Context, jobs ...store.Job) error
}

// Status asks BSrE for a certificate's status.
type Status interface {
	Status(ctx context.Context, p bsre.Person) (bsre.Status, error)
}

// Room tells people.
type Room struct {
	*talk.Kernel
	db     Store
	status Status
	portal bsre.Resetter

	mu      sync.Mutex
	systems map[talk.System]*health
	overdue map[int64]bool // announcements that officers were reminded of
}

// New gives the room. The status is asked, and somebody looked up at the portal
// where it can be done, to see whether BSrE answers.
func New(k *talk.Kernel, db Store, status Status, portal bsre.Resetter) *Room {
	return &Room{Kernel: k, db: db, status: status, portal: portal, systems: make(map[talk.System]*health), overdue: make(map[int64]bool)}
}

// Its own buttons. The last three are officers'.
const (
	forget   talk.Name = "notice.forget"
	announce talk.Name = "notice.tell"
	hide     talk.Name = "notice.hide"
	end      talk.Name = "notice.end"
)

// command is the officers' command that announces something.
const command = "gangguan"

// What people wait for, as commands.
const (
	askStatus = "status"
	askReset  = "resetpin"
)

const (
	toldAtOnce = 5         // at one look: who is told asks BSrE, and not all may at the same moment
	fresh      = time.Hour // who asked to be told this long ago is told at night too: they are up
)

// Capability is what it brings.
func (h *Room) Capability() talk.Capability {
	presses := map[talk.Name]talk.Handler{announce: h.announce, hide: h.hide, end: h.endIt}
	actions := map[talk.Name]talk.Handler{talk.Await: h.await, forget: h.forget}
	for name, run := range presses { // an admin is an officer in the private chat
		actions[name] = h.ForAdmins(run)
	}
	return talk.Capability{
		Name: "notice", Texts: texts, Actions: actions,
		Commands:     []talk.Command{h.AdminCommand(command, h.officers)},
		RoomCommands: map[string]talk.Handler{command: h.officers},
		RoomPresses:  presses,
		Notice:       h.words, Watch: h,
	}
}

// tellRooms says something in the officers' rooms but in one of them. What has
// a key is said once.
func (h *Room) tellRooms(key string, but bot.Account, answer bot.Reply) []store.Job {
	var jobs []store.Job
	for _, room := range h.Settings.HelpdeskChats {
		if room != but {
			jobs = append(jobs, talk.SayJob(key, bot.Origin{Account: room}, answer))
		}
	}
	return jobs
}

// say gives a text in the officers' language.
func (h *Room) say(key string, values ...string) string {
	return h.Texts.Get(h.Settings.DefaultLanguage, key, values...)
}

// button gives a button in the officers' language, about a disturbance.
func (h *Room) button(key string, does talk.Name, id string) bot.Button {
	return bot.Button{Text: h.say(key), Action: does.With(id)}
}
