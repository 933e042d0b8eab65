package store_test

import (
	"reflect"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

func TestTicketsAreCounted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		load(t, s, budi, sari)
		for i, c := range []struct {
			nip, reason   string
			answer, close time.Duration // after the ticket; 0: not
			helped        string
		}{
			{budi.NIP, "reset/mail", time.Minute, time.Hour, "yes"},
			{sari.NIP, "reset/mail", 3 * time.Minute, 2 * time.Hour, "no"},
			{"", "address", 9 * time.Minute, 0, ""},
			{"", "address", 0, 30 * time.Minute, "asked"},
		} {
			a := store.Account{Platform: "telegram", ID: string(rune('a' + i))}
			ticket, _, err := s.OpenTicket(ctx, store.Ticket{Account: a, NIP: c.nip, Reason: c.reason, Language: "id", Opened: noon}, func(store.Ticket) store.TicketDeed { return store.TicketDeed{} })
			if err != nil {
				t.Fatal(err)
			}
			must[store.Ticket](t)(s.ChangeTicket(ctx, ticket.ID, func(t *store.Ticket) (store.TicketDeed, error) {
				t.Helped = c.helped
				if c.answer > 0 {
					t.Answered = noon.Add(c.answer)
				}
				if c.close > 0 {
					t.State, t.Closed = store.TicketClosed, noon.Add(c.close)
				}
				return store.TicketDeed{}, nil
			}))
		}
		for _, w := range []struct {
			owner   string
			started time.Time
		}{{budi.NIP, noon.Add(-time.Hour)}, {sari.NIP, noon.Add(-48 * time.Hour)}, {"telegram:y", noon.Add(time.Minute)}, {"telegram:x", noon}} {
			must[store.Walk](t)(s.StartWalk(ctx, w.owner, "reset", "mail", w.started))
		}
		want := store.TicketSums{
			Opened: 4, Reasons: map[string]int{"reset/mail": 2, "address": 2}, Answer: 3 * time.Minute, End: time.Hour,
			Yes: 1, No: 1, Silent: 1, Walks: 4, Needed: 1, Answered: 3, Closed: 3,
		}
		got := must[store.TicketSums](t)(s.Tickets(ctx, store.Span{From: noon.Add(-72 * time.Hour), Until: noon.Add(time.Hour)}))
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v\nwant %+v", got, want)
		}
		none := must[store.TicketSums](t)(s.Tickets(ctx, store.Span{From: noon.Add(time.Hour), Until: noon.Add(2 * time.Hour)}))
		if none.Opened+none.Walks != 0 || none.Answer != 0 {
			t.Errorf("of a time in which nothing was: %+v", none)
		}
		if open := must[store.Depths](t)(s.Depths(ctx)).Tickets; open[store.TicketWaiting] != 1 {
			t.Errorf("open: %+v", open)
		}
	})
}
