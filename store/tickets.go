package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// TicketState is how a ticket stands.
type TicketState string

// The states of a ticket. An account has at most one that is not closed.
const (
	TicketWaiting TicketState = "waiting" // nobody has it
	TicketTaken   TicketState = "taken"   // an officer has it
	TicketClosed  TicketState = "closed"
)

// Ticket is one call for a person of the help desk.
type Ticket struct {
	ID        int64
	Account   Account // who called
	NIP       string  // empty: of an account that is not linked
	State     TicketState
	Reason    string // the page or place that led to it
	Language  string
	Claim     string  // when it is opened by an account that is not linked: the NIP whose address is said to be old; only its index is kept
	Facts     []byte  // what was passed on, in the form of whoever keeps it; nil: removed
	Holder    Account // who has it, or had it last
	Outcome   string  // why it was closed
	Helped    string  // what the employee said of the help; empty: was not asked
	Cause     string  // the update that opened it, or opened it again, last
	Opened    time.Time
	Announced time.Time // when officers were told of it; zero: not yet
	Taken     time.Time
	Answered  time.Time // the first word of an officer's
	Spoken    time.Time // the last word of anybody's
	Raised    time.Time // when it was brought up because nobody cared; zero: was not
	Closed    time.Time
}

// TicketWord is something said in a ticket.
type TicketWord struct {
	Key    string // of the update that said it: said once
	Author string // employee, officer or remark
	Text   string
	At     time.Time
}

// Deed is what is done in the transaction of a change: it is on record, and
// told.
type Deed struct {
	Lines []Event // of the audit trail
	Jobs  []Job
}

// deedTx does what goes with a change.
func (s *Store) deedTx(ctx context.Context, tx *sql.Tx, d Deed) error {
	if err := s.auditTx(ctx, tx, d.Lines...); err != nil {
		return err
	}
	return s.enqueueTx(ctx, tx, d.Jobs)
}

// TicketDeed is what changes together with a ticket.
type TicketDeed struct {
	Key   string       // not empty: done once for the ticket, and nothing the second time
	Words []TicketWord // added
	Lines []Event      // of the audit trail
	Jobs  []Job
}

const ticketColumns = `id, platform, account, nip_hash, nip_sealed, state, reason, language, facts, holder_platform, holder_account, outcome, helped,
	opened, announced, taken, answered, spoken, raised, closed, cause`

func (s *Store) scanTicket(row scanner) (Ticket, error) {
	var t Ticket
	var hash, sealed, facts []byte
	var at [7]int64
	err := row.Scan(&t.ID, &t.Account.Platform, &t.Account.ID, &hash, &sealed, &t.State, &t.Reason, &t.Language, &facts, &t.Holder.Platform, &t.Holder.ID, &t.Outcome, &t.Helped,
		&at[0], &at[1], &at[2], &at[3], &at[4], &at[5], &at[6], &t.Cause)
	if err != nil {
		return Ticket{}, notFound(err)
	}
	for i, to := range []*time.Time{&t.Opened, &t.Announced, &t.Taken, &t.Answered, &t.Spoken, &t.Raised, &t.Closed} {
		*to = fromMS(at[i])
	}
	if sealed != nil {
		if t.NIP, err = s.seal.openNIP("tickets", hash, sealed); err != nil {
			return Ticket{}, err
		}
	}
	if facts != nil {
		t.Facts, err = s.seal.open(ticketPlace(t.Account), facts)
	}
	return t, err
}

// sealFacts gives what was passed on as it is kept; nothing once it was removed.
func (s *Store) sealFacts(t Ticket) []byte {
	if t.Facts == nil {
		return nil
	}
	return s.seal.seal(ticketPlace(t.Account), t.Facts)
}

func ticketPlace(a Account) string { return "ticket of " + a.Platform + ":" + a.ID }

// OpenTicket writes a ticket down with the deed that goes with it, unless the
// account has one that is not closed: then it gives that one, and false.
func (s *Store) OpenTicket(ctx context.Context, t Ticket, deed func(Ticket) TicketDeed) (Ticket, bool, error) {
	var out Ticket
	var opened bool
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		opened = false
		if err := s.lockKeys(ctx, tx, "ticket "+t.Account.Platform+":"+t.Account.ID); err != nil {
			return err
		}
		var err error
		out, err = s.scanTicket(tx.QueryRowContext(ctx, `SELECT `+ticketColumns+` FROM tickets WHERE platform = $1 AND account = $2 AND state <> 'closed'`, t.Account.Platform, t.Account.ID))
		if err == nil {
			return nil
		}
		if !errors.Is(err, ErrNotFound) {
			return fmt.Errorf("read ticket: %w", err)
		}
		var hash, sealed []byte
		if t.NIP != "" {
			hash, sealed = s.seal.sealNIP("tickets", t.NIP)
		}
		var claim []byte
		if t.Claim != "" {
			claim = s.seal.nipHash(t.Claim)
		}
		out, err = s.scanTicket(tx.QueryRowContext(ctx, `INSERT INTO tickets (platform, account, nip_hash, nip_sealed, state, reason, language, facts, opened, spoken, claim_hash, cause)
			VALUES ($1, $2, $3, $4, 'waiting', $5, $6, $7, $8, $8, $9, $10) RETURNING `+ticketColumns,
			t.Account.Platform, t.Account.ID, hash, sealed, t.Reason, t.Language, s.sealFacts(t), ms(t.Opened), claim, t.Cause))
		if err != nil {
			return fmt.Errorf("write ticket: %w", err)
		}
		opened = true
		_, err = s.ticketDeed(ctx, tx, out, deed(out))
		return err
	})
	if err != nil {
		return Ticket{}, false, err
	}
	return out, opened, nil
}

// ChangeTicket lets decide change a ticket and tell what is done with it, in
// one transaction that nobody else's change comes between. decide may be called
// again from the start; its error undoes everything and is given back. What an
// Update with the same TicketDeed.Key has done before is not done again.
func (s *Store) ChangeTicket(ctx context.Context, id int64, decide func(t *Ticket) (TicketDeed, error)) (Ticket, error) {
	var t Ticket
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		if err := s.lockKeys(ctx, tx, fmt.Sprintf("ticket %d", id)); err != nil {
			return err
		}
		var err error
		if t, err = s.scanTicket(tx.QueryRowContext(ctx, `SELECT `+ticketColumns+` FROM tickets WHERE id = $1`, id)); err != nil {
			return fmt.Errorf("read ticket: %w", err)
		}
		before := t
		deed, err := decide(&t)
		if err != nil {
			return err
		}
		done, err := s.ticketDeed(ctx, tx, t, deed)
		if err != nil || !done {
			t = before
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE tickets SET state = $1, holder_platform = $2, holder_account = $3, outcome = $4, helped = $5,
			announced = $6, taken = $7, answered = $8, spoken = $9, raised = $10, closed = $11, facts = $12, cause = $13 WHERE id = $14`,
			string(t.State), t.Holder.Platform, t.Holder.ID, t.Outcome, t.Helped,
			ms(t.Announced), ms(t.Taken), ms(t.Answered), ms(t.Spoken), ms(t.Raised), ms(t.Closed), s.sealFacts(t), t.Cause, id)
		if err != nil {
			return fmt.Errorf("change ticket: %w", err)
		}
		return nil
	})
	return t, err
}

// ticketDeed does what goes with a change. It gives false when it was done
// before.
func (s *Store) ticketDeed(ctx context.Context, tx *sql.Tx, t Ticket, d TicketDeed) (bool, error) {
	words := d.Words
	if d.Key != "" && len(words) == 0 {
		words = []TicketWord{{Key: d.Key, Author: "deed"}}
	}
	for _, w := range words {
		res, err := tx.ExecContext(ctx, `INSERT INTO ticket_words (ticket, key, author, words, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (ticket, key) DO NOTHING`,
			t.ID, w.Key, w.Author, s.seal.seal(wordPlace(t.ID, w.Key), []byte(w.Text)), ms(w.At))
		if err != nil {
			return false, fmt.Errorf("add to a ticket: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return false, err //nolint:wrapcheck // impossible with these drivers
		}
	}
	return true, s.deedTx(ctx, tx, Deed{Lines: d.Lines, Jobs: d.Jobs})
}

func wordPlace(ticket int64, key string) string {
	return fmt.Sprintf("word %q of ticket %d", key, ticket)
}

// Ticket gives a ticket, or ErrNotFound.
func (s *Store) Ticket(ctx context.Context, id int64) (Ticket, error) {
	t, err := s.scanTicket(s.read.QueryRowContext(ctx, `SELECT `+ticketColumns+` FROM tickets WHERE id = $1`, id))
	if err != nil {
		return Ticket{}, fmt.Errorf("read ticket: %w", err)
	}
	return t, nil
}

// OpenTickets gives the tickets that are not closed, the oldest first.
func (s *Store) OpenTickets(ctx context.Context) ([]Ticket, error) {
	return readAll(ctx, s, "read tickets", s.scanTicket, `SELECT `+ticketColumns+` FROM tickets WHERE state <> 'closed' ORDER BY id`)
}

// AnnounceTickets notes that officers are told of tickets, with the jobs that
// do it. It gives ErrStale, and does nothing, when one of them is waited with no
// more, or was told of before.
func (s *Store) AnnounceTickets(ctx context.Context, ids []int64, now time.Time, jobs ...Job) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		for _, id := range ids {
			res, err := tx.ExecContext(ctx, `UPDATE tickets SET announced = $1 WHERE id = $2 AND state = 'waiting' AND announced = 0`, ms(now), id)
			if err != nil {
				return fmt.Errorf("announce tickets: %w", err)
			}
			if n, err := res.RowsAffected(); err != nil || n == 0 {
				return errors.Join(ErrStale, err)
			}
		}
		return s.enqueueTx(ctx, tx, jobs)
	})
}

// readAll reads the rows of a query.
func readAll[T any](ctx context.Context, s *Store, what string, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := s.read.QueryContext(ctx, query, args...)
	return allOf(s, what, scan, rows, err)
}

// allOf reads what a query found.
func allOf[T any](s *Store, what string, scan func(scanner) (T, error), rows *sql.Rows, err error) ([]T, error) {
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	defer closeRows(s, rows)
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", what, err)
		}
		out = append(out, v)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return out, nil
}

// PurgeTickets removes what was said in tickets that were closed before a
// time. That there was a ticket, why and how it ended stays for the report
// until Purge. It tells how many rows went.
func (s *Store) PurgeTickets(ctx context.Context, before time.Time) (int64, error) {
	var sum int64
	for _, query := range []string{
		`DELETE FROM room_threads WHERE id IN (SELECT r.id FROM room_threads r JOIN tickets t ON CAST(t.id AS TEXT) = r.subject WHERE t.state = 'closed' AND t.closed < $1 LIMIT $2)`,
		`DELETE FROM ticket_words WHERE id IN (SELECT w.id FROM ticket_words w JOIN tickets t ON t.id = w.ticket WHERE t.state = 'closed' AND t.closed < $1 LIMIT $2)`,
		`UPDATE tickets SET facts = NULL, claim_hash = NULL WHERE id IN (SELECT id FROM tickets WHERE state = 'closed' AND closed < $1 AND (facts IS NOT NULL OR claim_hash IS NOT NULL) LIMIT $2)`,
	} {
		n, err := s.purge(ctx, query, ms(before))
		sum += n
		if err != nil {
			return sum, fmt.Errorf("purge tickets: %w", err)
		}
	}
	return sum, nil
}
