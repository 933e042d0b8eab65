package reset

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"resetpin/bot"
	"resetpin/handlers/bsre"
	"resetpin/handlers/talk"
	"resetpin/store"
	"strconv"
	"time"
)

const (
	queueTold     = 2 * time.Second // a longer wait for one's turn is told, and somebody else's turn comes meanwhile
	queuePatience = 5 * time.Second // most to wait on the spot when the wait was guessed too short
	queueLife     = 15 * time.Minute
)

// preparation is somebody's way to the question whether to reset, that waits
// for their turn.
type preparation struct {
	NIP      string
	Account  bot.Account
	Chat     string
	Language string
	At       time.Time
}

// key names the one answer to it.
func (p preparation) key() string { return "prepared " + strconv.FormatInt(p.At.UnixNano(), 36) }

// queuePlace tells which place in the queue somebody would get who asks now, and
// about how long they would wait.
func (h *Room) queuePlace(ctx context.Context) (place int, wait time.Duration, err error) {
	turn := h.portal.Turn()
	if turn == 0 {
		return 1, 0, nil
	}
	waiting, err := h.wishes.WaitingJobs(ctx, string(jobPrepare))
	if err != nil {
		return 0, 0, fmt.Errorf("look at the queue: %w", err)
	}
	people, wait := h.portal.Queue()
	return people + waiting + 1, wait + time.Duration(waiting)*turn, nil
}

// lookUp looks the employee up at BSrE, on the spot when that is soon done;
// else it is told how long the queue is, and a durable job goes on when the
// turn has come. The wait is the bot's own: BSrE has nothing to do with it.
func (h *Room) lookUp(ctx context.Context, r talk.Request) (subject bsre.Subject, queue *bot.Reply, err error) {
	place, wait, err := h.queuePlace(ctx)
	if err != nil {
		return bsre.Subject{}, nil, err
	}
	if wait <= queueTold {
		soon, cancel := context.WithTimeout(ctx, queuePatience+2*h.limits.Timeout)
		defer cancel()
		subject, err = h.portal.Lookup(soon, talk.Person(r.Session.Employee))
		h.Met(ctx, talk.Portal, r.Session.Employee.NIP, err)
		if talk.TroubleOf(err) != talk.Busy || ctx.Err() != nil {
			return subject, nil, err
		}
	}
	answer, err := h.queueUp(ctx, r, place, wait)
	return bsre.Subject{}, &answer, err
}

func (h *Room) queueUp(ctx context.Context, r talk.Request, place int, wait time.Duration) (bot.Reply, error) {
	nip := r.Session.Employee.NIP
	job, err := talk.NewJob(jobPrepare, r.Account.String(), preparation{NIP: nip, Account: r.Account, Chat: r.Chat, Language: r.Lang, At: r.Now})
	if err != nil {
		return bot.Reply{}, err
	}
	if err := h.Store.Enqueue(ctx, job); err != nil {
		return bot.Reply{}, fmt.Errorf("queue up: %w", err)
	}
	return talk.Reply(h.queueWords(r, place, wait)), nil
}

// queueWords tell somebody's place in the queue.
func (h *Room) queueWords(r talk.Request, place int, wait time.Duration) string {
	return r.Say("queue.place", "place", strconv.Itoa(place), "wait", waitWords(r, wait))
}

// waitWords are a wait in round numbers.
func waitWords(r talk.Request, wait time.Duration) string {
	const step = 5 // seconds
	seconds := max(int(math.Ceil(wait.Seconds()/step))*step, step)
	if seconds < 90 {
		return r.Say("queue.seconds", "n", strconv.Itoa(seconds))
	}
	return r.Say("queue.minutes", "n", strconv.Itoa(int(math.Ceil(wait.Minutes()))))
}

// prepare goes on with a question whose turn has come.
func (h *Room) prepare(ctx context.Context, payload []byte) error {
	var p preparation
	if err := json.Unmarshal(payload, &p); err != nil {
		return fmt.Errorf("%w: read preparation: %w", store.ErrJobCancel, err)
	}
	to := bot.Origin{Account: p.Account, Chat: p.Chat, Private: true}
	r, err := h.Unasked(ctx, to, p.Language)
	if err != nil {
		return err
	}
	if !r.Session.Linked || r.Session.Employee.NIP != p.NIP {
		return nil // they are somebody else by now
	}
	if r.Now.Sub(p.At) > queueLife {
		return h.Deliver(ctx, p.key(), to, talk.Reply(r.Say("reset.late"), r.Primary("button.reset", talk.ResetNew, "")))
	}
	subject, err := h.portal.Lookup(ctx, talk.Person(r.Session.Employee))
	if talk.TroubleOf(err) == talk.Busy {
		return err // the job's time is over, and it begins anew
	}
	answer, err := h.question(ctx, r, subject, err)
	if err != nil {
		return err
	}
	return h.Deliver(ctx, p.key(), to, answer)
}

// queueLine tells the place of a reset that was just written down, where
// others come before it.
func (h *Room) queueLine(ctx context.Context, r talk.Request, id int64) (string, error) {
	turn := h.portal.Turn()
	if turn == 0 {
		return "", nil
	}
	before, err := h.wishes.ResetsBefore(ctx, id)
	if err != nil {
		return "", fmt.Errorf("look at the queue: %w", err)
	}
	wait := time.Duration(before+1) * turn
	if before == 0 || wait <= queueTold {
		return "", nil
	}
	return "\n\n" + r.Say("queue.reset", "place", strconv.Itoa(before+1), "wait", waitWords(r, wait)), nil
}
