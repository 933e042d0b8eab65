package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/bsre"
	"resetpin/handlers/talk"
	"resetpin/handlers/understand"
	"resetpin/store"
	"resetpin/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var (
	forum  = bot.Account{Platform: bot.Telegram, ID: "-1001557000009"}
	rina   = bot.Account{Platform: bot.Telegram, ID: "901"}
	budi   = bot.Account{Platform: bot.Telegram, ID: "902"}
	caller = bot.Account{Platform: bot.Telegram, ID: "77"}
	member = store.Employee{NIP: "198805052012122001", NIK: "3171234567890001", Name: "Pegawai Satu", Email: "pegawai.satu@contoh.go.id", Unit: "Biro Contoh", Active: true}
)

// said is what a deed says.
type said struct {
	To    bot.Origin
	Reply bot.Reply
}

// recorder is the real store; it notes what is said with each deed that was
// done, and may refuse deeds.
type recorder struct {
	*store.Store
	mu   sync.Mutex
	said []said
	news int
	jobs []store.Job // for others to do
	fail error
	late func() // happens once when a thread was looked for in vain; nil: nothing does

	texts *talk.Texts
	lang  string
}

func (s *recorder) note(t *testing.T, jobs []store.Job) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, j := range jobs {
		if j.Kind == string(jobNews) {
			s.news++
			continue
		}
		if j.Say == nil {
			s.jobs = append(s.jobs, j)
			continue
		}
		u, err := bot.DecodeUnasked(bot.InboxItem{Source: j.Say.Account.Platform, ID: "1", Payload: j.Say.Payload})
		if err != nil {
			t.Error(err)
		}
		one := said{To: u.Origin}
		if err := json.Unmarshal(u.Words, &one.Reply); err != nil {
			t.Error(err)
		}
		var push talk.Push
		if json.Unmarshal(u.Words, &push) == nil && push.Key != "" { // words that are put together when they are said
			lang := cmp.Or(push.Language, s.lang)
			one.Reply = talk.Reply(s.texts.Get(lang, push.Key, push.Values...))
			for _, b := range push.Buttons {
				one.Reply.Messages[0].Buttons = append(one.Reply.Messages[0].Buttons, []bot.Button{{Text: s.texts.Plain(lang, b.Key, b.Values...), Action: b.Action}})
			}
		}
		s.said = append(s.said, one)
	}
}

// world is a desk on a real database, with a clock of its own.
type world struct {
	*Desk
	t   *testing.T
	db  *recorder
	now time.Time
	ids int
	in  map[bot.Account]bool // who is in the room

	place bot.Account // where officers work
	lang  string      // that everybody has chosen
}

// tracked lets the recorder hear of the jobs of a deed that was done.
type tracked struct {
	*recorder
	w *world
}

func (s tracked) OpenTicket(ctx context.Context, t store.Ticket, deed func(store.Ticket) store.TicketDeed) (store.Ticket, bool, error) {
	if s.fail != nil {
		return store.Ticket{}, false, s.fail
	}
	var jobs []store.Job
	out, fresh, err := s.Store.OpenTicket(ctx, t, func(t store.Ticket) store.TicketDeed { d := deed(t); jobs = d.Jobs; return d })
	if err == nil && fresh {
		s.note(s.w.t, jobs)
	}
	return out, fresh, err
}

func (s tracked) ChangeTicket(ctx context.Context, id int64, decide func(*store.Ticket) (store.TicketDeed, error)) (store.Ticket, error) {
	if s.fail != nil {
		return store.Ticket{}, s.fail
	}
	before := s.waiting()
	var deed store.TicketDeed
	t, err := s.Store.ChangeTicket(ctx, id, func(t *store.Ticket) (store.TicketDeed, error) { d, err := decide(t); deed = d; return d, err })
	onlyJobs := !slices.ContainsFunc(deed.Jobs, func(j store.Job) bool { return j.Say != nil })
	if err == nil && (onlyJobs || s.waiting() > before) {
		s.note(s.w.t, deed.Jobs)
	}
	return t, err
}

func (s tracked) Subject(ctx context.Context, room store.Account, thread string) (string, error) {
	subject, err := s.Store.Subject(ctx, room, thread)
	if late := s.late; late != nil && subject == "" {
		s.late = nil
		late()
	}
	return subject, err
}

func (s tracked) AskPhoneCheck(ctx context.Context, c store.PhoneCheck, key string, since time.Time, deed func(store.PhoneCheck) store.Deed) (store.PhoneCheck, bool, error) {
	var jobs []store.Job
	out, fresh, err := s.Store.AskPhoneCheck(ctx, c, key, since, func(c store.PhoneCheck) store.Deed { d := deed(c); jobs = d.Jobs; return d })
	if err == nil && fresh {
		s.note(s.w.t, jobs)
	}
	return out, fresh, err
}

func (s tracked) ChangePhoneCheck(ctx context.Context, id int64, decide func(*store.PhoneCheck) (store.Deed, error)) (store.PhoneCheck, error) {
	var deed store.Deed
	c, err := s.Store.ChangePhoneCheck(ctx, id, func(c *store.PhoneCheck) (store.Deed, error) { d, err := decide(c); deed = d; return d, err })
	if err == nil {
		s.note(s.w.t, deed.Jobs)
	}
	return c, err
}

func (s tracked) AnnounceTickets(ctx context.Context, ids []int64, now time.Time, jobs ...store.Job) error {
	err := s.Store.AnnounceTickets(ctx, ids, now, jobs...)
	if err == nil {
		s.note(s.w.t, jobs)
	}
	return err
}

func (s tracked) Record(ctx context.Context, e store.Event, jobs ...store.Job) error {
	before := s.waiting()
	err := s.Store.Record(ctx, e, jobs...)
	if err == nil && s.waiting() > before {
		s.note(s.w.t, jobs)
	}
	return err
}

// waiting counts what waits to be said.
func (s tracked) waiting() int {
	rows, err := s.OpenInbox(s.w.t.Context())
	if err != nil {
		s.w.t.Error(err)
	}
	return len(rows)
}

// Member tells who is in the room.
func (w *world) Member(_ context.Context, _, person bot.Account) (bool, error) {
	return w.in[person], nil
}

// Status is BSrE's.
func (w *world) Status(context.Context, bsre.Person) (bsre.Status, error) {
	return bsre.Status{Value: "EXPIRED"}, nil
}

// nothing understands nothing.
type nothing struct{}

func (nothing) Understand(understand.Input) understand.Result { return understand.Result{Lost: true} }

func newWorld(t *testing.T, s *store.Store) *world {
	t.Helper()
	return newWorldIn(t, s, forum, talk.Indonesian)
}

// newWorldIn is a world whose officers work in a room, and where all speak a
// language.
func newWorldIn(t *testing.T, s *store.Store, room bot.Account, lang string) *world {
	t.Helper()
	texts, err := talk.LoadTexts(os.DirFS("../texts"), os.DirFS("texts"))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, db: &recorder{Store: s, texts: texts, lang: lang}, now: at(16, 9, 0), in: map[bot.Account]bool{}, place: room, lang: lang}
	for _, o := range []bot.Account{rina, budi} {
		w.in[bot.Account{Platform: room.Platform, ID: o.ID}] = true
	}
	now := func() time.Time { return w.now }
	db := tracked{w.db, w}
	k := talk.New(talk.Config{Store: s, Sentences: nothing{}, Texts: texts, Logger: slog.New(slog.DiscardHandler), Now: now, Settings: talk.Settings{
		DefaultLanguage: lang, HelpdeskChats: []bot.Account{room}, Zone: wib, ResetSites: []string{"esign-bsre.bssn.go.id"},
		ResetTrigger: "resetpin", StatusTrigger: "statusds",
	}, PrivateLink: func(string, string) string { return "" }})
	hours, err := ParseHours("Mon-Fri 08:00-16:30", nil, wib)
	if err != nil {
		t.Fatal(err)
	}
	library, err := guides.Load(os.DirFS("../../guides"))
	if err != nil {
		t.Fatal(err)
	}
	w.Desk = New(Config{Kernel: k, Store: db, Status: w, Guides: library, Members: map[string]bot.Members{room.Platform: w}, Rooms: []bot.Account{room}, Hours: hours, Keep: 30 * 24 * time.Hour, Logger: k.Logger, Now: now, Pause: time.Microsecond})
	rows := func(yield func(store.Employee, error) bool) { yield(member, nil) }
	if _, err := s.Import(t.Context(), rows, store.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	return w
}

// by is an update of somebody's.
func (w *world) by(who bot.Account, u bot.Update) talk.Request {
	w.t.Helper()
	session, err := w.db.Session(w.t.Context(), store.Account(who))
	if err != nil {
		w.t.Fatal(err)
	}
	if u.ID == "" {
		w.ids++
		u.ID = "u" + strconv.Itoa(w.ids)
	}
	u.Account = who
	if u.Chat == "" {
		u.Private = true
	}
	return talk.Request{Update: u, Session: session, Lang: w.lang, Texts: w.Kernel.Texts, Now: w.now}
}

func (w *world) do(run talk.Handler, r talk.Request) bot.Reply {
	w.t.Helper()
	answer, err := run(w.t.Context(), r)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer
}

// link makes the caller an employee.
func (w *world) link(who bot.Account) {
	w.t.Helper()
	if err := w.db.Link(w.t.Context(), store.Account(who), member.NIP, w.now, func([]store.Account) []store.Job { return nil }); err != nil {
		w.t.Fatal(err)
	}
}

// opened is a ticket of somebody's, and its number.
func (w *world) opened(who bot.Account) string {
	w.t.Helper()
	w.do(w.open, w.by(who, bot.Update{Kind: bot.KindText, Text: "layar saya putih"}))
	return strconv.FormatInt(w.by(who, bot.Update{}).Session.Ticket.ID, 10)
}

// press is an officer's press in the room.
func (w *world) press(who bot.Account, name talk.Name, arg string) bot.Reply {
	w.t.Helper()
	return w.do(w.room, w.by(who, bot.Update{Origin: bot.Origin{Chat: w.place.ID, Thread: "t7"}, Kind: bot.KindAction, Action: name.With(arg)}))
}

// types is what an officer writes in the thread of a ticket.
func (w *world) types(who bot.Account, number, text string) bot.Reply {
	w.t.Helper()
	if err := w.db.KeepThread(w.t.Context(), store.Account(w.place), number, "t"+number); err != nil {
		w.t.Fatal(err)
	}
	return w.do(w.room, w.by(who, bot.Update{Origin: bot.Origin{Chat: w.place.ID, Thread: "t" + number}, Kind: bot.KindText, Text: text}))
}

// heard gives what was said to somebody, or in the room, since the last call.
func (w *world) heard(to bot.Account) string {
	w.db.mu.Lock()
	defer w.db.mu.Unlock()
	var out []string
	var rest []said
	for _, s := range w.db.said {
		if s.To.Account != to {
			rest = append(rest, s)
			continue
		}
		for _, m := range s.Reply.Messages {
			out = append(out, m.Text)
		}
	}
	w.db.said = rest
	return strings.Join(out, "\n")
}

func holds(t *testing.T, what, text string, words ...string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(text, word) {
			t.Errorf("%s: %q lacks %q", what, text, word)
		}
	}
}
