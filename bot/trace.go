package bot

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"log/slog"
)

// idAlphabet has at most one of what is mistaken for each other when read
// aloud or written by hand (0 O, 1 I L, 5 S, 8 B, U V), and no vowel, so that
// no word comes out.
const idAlphabet = "2346789CDFGHJKMNPQRTWXYZ"

// idLength is short enough to be read to an officer over the telephone.
const idLength = 6

func spell(raw []byte) string {
	id := make([]byte, idLength)
	for i := range id {
		id[i] = idAlphabet[int(raw[i])%len(idAlphabet)]
	}
	return string(id)
}

// IDOf gives the id under which all that an update causes is known: in the
// log, the audit trail, the jobs, the requests to outside systems, and in what
// a person is told when something went wrong. It is made of the platform's own
// id of the update, so that it is the same after a crash and in every replica.
func IDOf(u Update) string {
	sum := sha256.Sum256([]byte(u.Account.Platform + "\x00" + u.ID))
	return spell(sum[:])
}

// NewID gives a random id for what no update caused: a command at the command
// line, the bot's own housekeeping.
func NewID() string {
	var raw [idLength]byte
	_, _ = rand.Read(raw[:]) // never fails
	return spell(raw[:])
}

type idMark struct{}

// WithID gives a context in which everything is done under an id; empty: under
// the one that it has.
func WithID(ctx context.Context, id string) context.Context {
	if id == "" {
		return ctx
	}
	return context.WithValue(ctx, idMark{}, id)
}

// ID gives the id under which something is done; empty: none.
func ID(ctx context.Context) string {
	id, _ := ctx.Value(idMark{}).(string)
	return id
}

// WithIDs gives a logger whose lines bear the id of the context that they are
// written in.
func WithIDs(log *slog.Logger) *slog.Logger {
	if _, ok := log.Handler().(idHandler); ok {
		return log
	}
	return slog.New(idHandler{log.Handler()})
}

type idHandler struct{ slog.Handler }

// Handle adds the id.
func (h idHandler) Handle(ctx context.Context, r slog.Record) error {
	if id := ID(ctx); id != "" {
		r = r.Clone()
		r.AddAttrs(slog.String("id", id))
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs keeps the handler.
func (h idHandler) WithAttrs(a []slog.Attr) slog.Handler { return idHandler{h.Handler.WithAttrs(a)} }

// WithGroup keeps the handler.
func (h idHandler) WithGroup(name string) slog.Handler { return idHandler{h.Handler.WithGroup(name)} }
