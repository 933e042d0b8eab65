package reset

import (
	"context"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/handlers/bsre"
	"resetpin/handlers/letters"
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
	"resetpin/handlers/talk/talktest"
	"resetpin/store"
)

// portal is one whose answers tests set.
type portal struct {
	subject bsre.Subject // whom it finds
	looks   int
	lookErr error

	outcome bsre.Outcome // of a reset
	err     error
	calls   int
	during  func() // happens while a reset is asked for
	before  error  // of the context, after that

	numbers  []string // to be verified
	verified bsre.Subject
	phoneErr error

	people     int // before whoever asks now
	wait, turn time.Duration
}

func (p *portal) Lookup(context.Context, bsre.Person) (bsre.Subject, error) {
	p.looks++
	return p.subject, p.lookErr
}

func (p *portal) VerifyPhone(_ context.Context, _ bsre.Person, number string) (bsre.Subject, error) {
	p.numbers = append(p.numbers, number)
	return p.verified, p.phoneErr
}

func (p *portal) Glance(ctx context.Context, who bsre.Person) (bsre.Subject, error) {
	return p.Lookup(ctx, who)
}
func (p *portal) Queue() (int, time.Duration) { return p.people, p.wait }
func (p *portal) Turn() time.Duration         { return p.turn }

func (p *portal) Reset(ctx context.Context, _ bsre.Person) (bsre.Outcome, error) {
	p.calls++
	if p.during != nil {
		p.during()
	}
	p.before = ctx.Err()
	return p.outcome, p.err
}

// certificate is one in a state.
type certificate struct{ value string }

func (c *certificate) Ask(context.Context, talk.Request) (store.Status, error) {
	return store.Status{Value: c.value}, nil
}
func (*certificate) Answer(_ talk.Request, _ store.Status, note string) bot.Reply {
	return talk.Reply(note)
}
func (*certificate) Keep(context.Context, string, bsre.Subject, time.Time) error { return nil }

type walks struct{}

func (walks) Unfinished(context.Context, talk.Request, string) (store.Walk, bool, error) {
	return store.Walk{}, false, nil
}
func (walks) Begin(context.Context, talk.Request, store.Reset) ([]bot.Message, error) {
	return []bot.Message{{Text: "begun"}}, nil
}
func (walks) At(context.Context, talk.Request, string, string) (bot.Message, bool, error) {
	return bot.Message{}, false, nil
}

func newRoom(t *testing.T) (*talktest.Conversation, *Room, *portal) {
	t.Helper()
	c, p := talktest.New(t), &portal{
		subject: bsre.Subject{UID: "u", Serial: "s", Email: "satu@contoh.go.id", Phone: "08xxxxxx7890", PhoneVerified: true},
		outcome: bsre.Outcome{Kind: bsre.OutcomeSent, Email: "satu@contoh.go.id"},
	}
	h := New(c.Pages, Config{Store: c.DB, Portal: p, Status: &certificate{pages.Issue}, Walks: walks{}, Cooldown: 5 * time.Minute, Daily: 3, Timeout: time.Second})
	c.Register(h.Capability())
	c.Link()
	return c, h, p
}

// confirmed asks for a reset, says yes twice, and gives its row.
func confirmed(t *testing.T, c *talktest.Conversation) store.Reset {
	t.Helper()
	yes := c.Button(c.Says(c.Press(talk.ResetNew.With("")), "Lanjutkan?"), talk.ResetOK)
	c.Says(c.Press(yes.Action))
	c.Says(c.Press(yes.Action))
	rows, err := c.DB.Resets(t.Context(), talktest.NIP, 10)
	if err != nil || len(rows) != 1 || c.Waiting(jobReset) != 1 {
		t.Fatalf("%d rows and %d jobs, %v", len(rows), c.Waiting(jobReset), err)
	}
	return rows[0]
}

// A process that is asked to stop in the middle of the call still writes down
// what came of it: else the employee would hear that nobody knows.
func TestACallThatWasBegunIsBroughtToItsEnd(t *testing.T) {
	c, h, p := newRoom(t)
	row := confirmed(t, c)
	ctx, stop := context.WithCancel(t.Context())
	p.during = stop
	if err := h.reset(ctx, resetJob(row.ID).Payload); err != nil {
		t.Fatalf("the job ended with %v", err)
	}
	got, err := c.DB.Reset(t.Context(), row.ID)
	if err != nil || got.State != store.ResetSent || p.before != nil {
		t.Errorf("the reset is %q, %v; the call's own context: %v", got.State, err, p.before)
	}
	if told := c.Unasked(); len(told) != 1 || len(told[0].Messages) != 2 || told[0].Messages[1].Text != "begun" || c.Waiting(letters.JobMail) != 1 {
		t.Errorf("told %+v, and %d mails wait", told, c.Waiting(letters.JobMail))
	}
}

// ended counts the ends that are written down.
type ended struct {
	Ledger
	n int
}

// FinishReset counts.
func (e *ended) FinishReset(ctx context.Context, id int64, st store.ResetState, detail string, now time.Time, jobs ...store.Job) (bool, error) {
	e.n++
	return e.Ledger.FinishReset(ctx, id, st, detail, now, jobs...)
}

// A job that is done again, and a sweep, make no second call, and do nothing
// else.
func TestNothingIsCalledTwice(t *testing.T) {
	c, h, p := newRoom(t)
	ends := &ended{Ledger: c.DB}
	h.ledger = ends
	row := confirmed(t, c)
	for range 3 {
		if err := h.reset(t.Context(), resetJob(row.ID).Payload); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Sweep(t.Context(), c.Now.Add(time.Hour)); err != nil || p.calls != 1 || ends.n != 1 {
		t.Errorf("%d calls and %d ends, %v", p.calls, ends.n, err)
	}
	if n := len(c.Unasked()); n != 1 {
		t.Errorf("told %d times", n)
	}
}
