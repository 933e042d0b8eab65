// Package notice tells of what is wrong for everybody: when BSrE, which could
// not be asked, answers again.
package notice

import (
	"context"
	"embed"
	"time"

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
}

// New gives the room. The status is asked, and somebody looked up at the portal
// where it can be done, to see whether BSrE answers.
func New(k *talk.Kernel, db Store, status Status, portal bsre.Resetter) *Room {
	return &Room{k, db, status, portal}
}

// forget is its own button.
const forget talk.Name = "notice.forget"

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
	return talk.Capability{
		Name: "notice", Texts: texts,
		Actions: map[talk.Name]talk.Handler{talk.Await: h.await, forget: h.forget},
	}
}
