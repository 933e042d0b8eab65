package store_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

var helper = store.Account{Platform: "telegram", ID: "900"}

// call is somebody's call for a person.
func call(a store.Account, nip string) store.Ticket {
	return store.Ticket{Account: a, NIP: nip, Reason: "mail", Language: "id", Facts: []byte("Nama: " + budi.Name), Opened: noon}
}

func opening(key, text string) func(store.Ticket) store.TicketDeed {
	return func(t store.Ticket) store.TicketDeed {
		return store.TicketDeed{
			Words: []store.TicketWord{{Key: key, Author: "employee", Text: text, At: noon}},
			Lines: []store.Event{{At: noon, NIP: t.NIP, Action: "ticket", Outcome: "opened"}},
			Jobs:  []store.Job{{Kind: "push", Payload: fmt.Appendf(nil, "%d", t.ID)}},
		}
	}
}

var errTaken = errors.New("somebody has it")

func takeTicket(by store.Account) func(*store.Ticket) (store.TicketDeed, error) {
	return func(t *store.Ticket) (store.TicketDeed, error) {
		if t.State != store.TicketWaiting {
			return store.TicketDeed{}, errTaken
		}
		t.State, t.Holder, t.Taken = store.TicketTaken, by, noon.Add(time.Minute)
		return store.TicketDeed{Jobs: []store.Job{{Kind: "push", Payload: []byte("taken")}}}, nil
	}
}

func TestATicketGoesItsWay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		load(t, s, budi, sari)
		open, fresh, err := s.OpenTicket(ctx, call(phone, budi.NIP), opening("1", "tolong"))
		if err != nil || !fresh || open.State != store.TicketWaiting || open.NIP != budi.NIP || string(open.Facts) != "Nama: "+budi.Name {
			t.Fatalf("opened %+v, %v, %v", open, fresh, err)
		}
		again, fresh, err := s.OpenTicket(ctx, call(phone, budi.NIP), opening("2", "tolong"))
		if err != nil || fresh || again.ID != open.ID {
			t.Errorf("opened again: %+v, %v, %v", again, fresh, err)
		}
		if got := must[store.Session](t)(s.Session(ctx, phone)).Ticket; got.ID != open.ID || got.State != store.TicketWaiting {
			t.Errorf("the session's ticket: %+v", got)
		}
		if n := jobsOf(t, s, "push"); n != 1 {
			t.Errorf("%d messages about one ticket", n)
		}
		taken := must[store.Ticket](t)(s.ChangeTicket(ctx, open.ID, takeTicket(helper)))
		if taken.Holder != helper || !taken.Taken.Equal(noon.Add(time.Minute)) {
			t.Errorf("taken: %+v", taken)
		}
		if _, err := s.ChangeTicket(ctx, open.ID, takeTicket(phone)); !errors.Is(err, errTaken) {
			t.Errorf("taken twice: %v", err)
		}
		say := func(t *store.Ticket) (store.TicketDeed, error) {
			t.Answered = noon.Add(2 * time.Minute)
			return store.TicketDeed{Words: []store.TicketWord{{Key: "3", Author: "officer", Text: "halo", At: noon}}, Jobs: []store.Job{{Kind: "push", Payload: []byte("halo")}}}, nil
		}
		for range 2 { // the second is the same update, done again after a crash
			must[store.Ticket](t)(s.ChangeTicket(ctx, open.ID, say))
		}
		if n := jobsOf(t, s, "push"); n != 3 {
			t.Errorf("%d messages, want those of opening, taking and one answer", n)
		}
		words := must[[]store.TicketWord](t)(s.TicketWords(ctx, open.ID))
		if len(words) != 2 || words[0].Text != "tolong" || words[1].Author != "officer" {
			t.Errorf("words: %+v", words)
		}
		if all := must[[]store.Ticket](t)(s.OpenTickets(ctx)); len(all) != 1 || all[0].ID != open.ID {
			t.Errorf("open: %+v", all)
		}
		closed := must[store.Ticket](t)(s.ChangeTicket(ctx, open.ID, func(t *store.Ticket) (store.TicketDeed, error) {
			t.State, t.Outcome, t.Closed = store.TicketClosed, "solved", noon.Add(time.Hour)
			return store.TicketDeed{Key: "close"}, nil
		}))
		if got := must[store.Ticket](t)(s.Ticket(ctx, open.ID)); got.Outcome != "solved" || got.State != closed.State {
			t.Errorf("closed: %+v", got)
		}
		if _, fresh, err := s.OpenTicket(ctx, call(phone, budi.NIP), opening("4", "lagi")); err != nil || !fresh {
			t.Errorf("a new one after the end: %v, %v", fresh, err)
		}
		if _, err := s.ChangeTicket(ctx, 4711, takeTicket(helper)); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("no such ticket: %v", err)
		}
	})
}

// Two officers, two replicas, one press each: one has it.
func TestATicketIsTakenOnce(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		stores := twice(t, url)
		open, _, err := stores[0].OpenTicket(t.Context(), call(phone, ""), opening("1", "tolong"))
		if err != nil {
			t.Fatal(err)
		}
		var had atomic.Int32
		together(8, func(i int) {
			by := store.Account{Platform: "telegram", ID: strconv.Itoa(900 + i)}
			switch _, err := stores[i%2].ChangeTicket(t.Context(), open.ID, takeTicket(by)); {
			case err == nil:
				had.Add(1)
			case !errors.Is(err, errTaken):
				t.Error(err)
			}
		})
		if had.Load() != 1 {
			t.Errorf("%d officers have it", had.Load())
		}
	})
}

// What was said is sealed, and goes when its time is over; the report still
// knows that there was a ticket.
func TestATicketsWordsAreSealedAndForgotten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		load(t, s, budi)
		open, _, err := s.OpenTicket(ctx, call(phone, budi.NIP), opening("1", "layar saya putih"))
		if err != nil {
			t.Fatal(err)
		}
		for _, query := range []string{
			`SELECT count(*) FROM ticket_words WHERE CAST(words AS TEXT) LIKE '%layar%'`,
			`SELECT count(*) FROM tickets WHERE CAST(facts AS TEXT) LIKE '%` + strings.Fields(budi.Name)[0] + `%'`,
		} {
			if n := count(t, s, query); n != 0 {
				t.Errorf("%d rows hold it in clear: %s", n, query)
			}
		}
		room := store.Account{Platform: "telegram", ID: "-4001"}
		subject := strconv.FormatInt(open.ID, 10)
		if err := s.KeepThread(ctx, room, subject, "t7"); err != nil {
			t.Fatal(err)
		}
		if err := s.KeepThread(ctx, room, subject, "m8"); err != nil {
			t.Fatal(err)
		}
		if got := must[string](t)(s.Thread(ctx, room, subject)); got != "t7" {
			t.Errorf("thread %q", got)
		}
		if got := must[string](t)(s.Subject(ctx, room, "m8")); got != subject {
			t.Errorf("subject %q", got)
		}
		if got := must[string](t)(s.Subject(ctx, room, "m9")); got != "" {
			t.Errorf("an unknown thread is about %q", got)
		}
		must[int64](t)(s.PurgeTickets(ctx, noon.Add(24*365*time.Hour)))
		if n := count(t, s, `SELECT count(*) FROM ticket_words`); n != 1 {
			t.Errorf("an open ticket has %d words left", n)
		}
		must[store.Ticket](t)(s.ChangeTicket(ctx, open.ID, func(t *store.Ticket) (store.TicketDeed, error) {
			t.State, t.Closed = store.TicketClosed, noon
			return store.TicketDeed{}, nil
		}))
		must[int64](t)(s.PurgeTickets(ctx, noon))
		if n := count(t, s, `SELECT count(*) FROM ticket_words`); n != 1 {
			t.Errorf("before its time %d words are left", n)
		}
		must[int64](t)(s.PurgeTickets(ctx, noon.Add(time.Hour)))
		if got := must[store.Ticket](t)(s.Ticket(ctx, open.ID)); got.Facts != nil || got.Reason != "mail" {
			t.Errorf("after its time: %+v", got)
		}
		for _, table := range []string{"ticket_words", "room_threads"} {
			if n := count(t, s, `SELECT count(*) FROM `+table); n != 0 {
				t.Errorf("%d rows are left in %s", n, table)
			}
		}
		if got := must[string](t)(s.Thread(ctx, room, subject)); got != "" {
			t.Errorf("thread %q", got)
		}
	})
}
