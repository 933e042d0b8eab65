package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// sessionQuery reads all that an answer to an account usually needs. Two
// walks can be meant, the employee's and the account's own; a link decides.
const sessionQuery = `
SELECT a.language, a.browser, a.quiet, a.text_only, a.errand, a.errand_at, a.prompt, a.prompt_at, a.place, a.offered, a.offered_at, a.missed, a.offered_by, a.before_place, a.before_offered, a.before_at, a.before_missed, a.verified, a.nip_hash,
       e.person, e.active,
       s.value, s.message, s.asked, s.end_date,
       w.id, w.guide, w.step, w.version, w.state, w.started, w.moved,
       (SELECT max(created) FROM resets WHERE nip_hash = a.nip_hash AND state NOT IN ('refused', 'phone')),
       t.id, t.state, t.taken, t.closed, t.helped, t.cause
FROM (SELECT CAST($1 AS TEXT) AS platform, CAST($2 AS TEXT) AS account) me
LEFT JOIN accounts a ON a.platform = me.platform AND a.account = me.account
LEFT JOIN employees e ON e.nip_hash = a.nip_hash
LEFT JOIN statuses s ON s.nip_hash = a.nip_hash
LEFT JOIN walks w ON w.id = (
    SELECT id FROM walks WHERE owner_hash = coalesce(a.nip_hash, $3) ORDER BY id DESC LIMIT 1)
LEFT JOIN tickets t ON t.id = (
    SELECT max(id) FROM tickets WHERE platform = me.platform AND account = me.account)`

// Session reads all that an answer to an account usually needs. An account
// that was never seen gives a Session with nothing but the account.
func (s *Store) Session(ctx context.Context, a Account) (Session, error) {
	var ticketState, helped, cause, language, browser, errand, prompt, place, by, beforePlace, value, guide, step, state sql.NullString
	var quiet, textOnly, errandAt, promptAt, offeredAt, missed, beforeAt, beforeMissed, verified, active, asked, end, walk, version, started, moved, reset, ticket, ticketTaken, ticketClosed sql.NullInt64
	var hash, person, message, offered, beforeOffered []byte
	owner := a.Platform + ":" + a.ID
	if err := s.batch.settle(ctx, a); err != nil {
		return Session{}, fmt.Errorf("read session: %w", err)
	}
	err := s.session.QueryRowContext(s.brief(ctx), a.Platform, a.ID, s.ownerHash(owner)).Scan(&language, &browser, &quiet, &textOnly, &errand, &errandAt, &prompt, &promptAt, &place, &offered, &offeredAt, &missed, &by, &beforePlace, &beforeOffered, &beforeAt, &beforeMissed, &verified, &hash,
		&person, &active,
		&value, &message, &asked, &end,
		&walk, &guide, &step, &version, &state, &started, &moved, &reset,
		&ticket, &ticketState, &ticketTaken, &ticketClosed, &helped, &cause)
	if err != nil {
		return Session{}, fmt.Errorf("read session: %w", err)
	}
	out := Session{
		Account: a, Language: language.String, Browser: browser.String, Quiet: quiet.Int64 != 0, TextOnly: textOnly.Int64 != 0, Errand: errand.String, ErrandAt: fromMS(errandAt.Int64), Prompt: Prompt(prompt.String), PromptAt: fromMS(promptAt.Int64),
		Status: Status{Value: value.String, Asked: fromMS(asked.Int64), EndDate: fromMS(end.Int64)},
		Walk: Walk{ID: walk.Int64, Guide: guide.String, Step: step.String, Version: int(version.Int64),
			State: WalkState(state.String), Started: fromMS(started.Int64), Moved: fromMS(moved.Int64)},
		LastReset: fromMS(reset.Int64),
		Ticket:    LastTicket{ID: ticket.Int64, State: TicketState(ticketState.String), Taken: fromMS(ticketTaken.Int64), Closed: fromMS(ticketClosed.Int64), Helped: helped.String, Cause: cause.String},
	}
	if out.Offer, err = s.openOffer(a, place.String, offered, offeredAt.Int64, missed.Int64); err != nil {
		return Session{}, err
	}
	out.Offer.By = by.String
	if out.OfferBefore, err = s.openOffer(a, beforePlace.String, beforeOffered, beforeAt.Int64, beforeMissed.Int64); err != nil {
		return Session{}, err
	}
	if value.Valid {
		if out.Status.Message, err = s.openStatus(hash, message); err != nil {
			return Session{}, err
		}
	}
	if person != nil {
		out.Linked, out.Verified = true, fromMS(verified.Int64)
		if out.Employee, err = s.openEmployee(hash, person, active.Int64); err != nil {
			return Session{}, err
		}
		owner = out.Employee.NIP
	}
	if walk.Valid {
		out.Walk.Owner = owner
	}
	return out, nil
}

// SetLanguage keeps the language that the person chose.
func (s *Store) SetLanguage(ctx context.Context, a Account, lang string) error {
	return s.upsert(ctx, `INSERT INTO accounts (platform, account, language) VALUES ($1, $2, $3)
		ON CONFLICT (platform, account) DO UPDATE SET language = excluded.language`, a.Platform, a.ID, lang)
}

// SetBrowser keeps which browser the person uses.
func (s *Store) SetBrowser(ctx context.Context, a Account, browser string) error {
	return s.upsert(ctx, `INSERT INTO accounts (platform, account, browser) VALUES ($1, $2, $3)
		ON CONFLICT (platform, account) DO UPDATE SET browser = excluded.browser`, a.Platform, a.ID, browser)
}

// SetQuiet keeps whether the person wants no reminders and questions.
func (s *Store) SetQuiet(ctx context.Context, a Account, quiet bool) error {
	return s.upsert(ctx, `INSERT INTO accounts (platform, account, quiet) VALUES ($1, $2, $3)
		ON CONFLICT (platform, account) DO UPDATE SET quiet = excluded.quiet`, a.Platform, a.ID, flag(quiet))
}

// SetTextOnly keeps whether the person wants pages without pictures.
func (s *Store) SetTextOnly(ctx context.Context, a Account, textOnly bool) error {
	return s.upsert(ctx, `INSERT INTO accounts (platform, account, text_only) VALUES ($1, $2, $3)
		ON CONFLICT (platform, account) DO UPDATE SET text_only = excluded.text_only`, a.Platform, a.ID, flag(textOnly))
}

// SetErrand keeps the command that the person wanted when the bot asked who they
// are; empty: none.
func (s *Store) SetErrand(ctx context.Context, a Account, command string, now time.Time) error {
	return s.upsert(ctx, `INSERT INTO accounts (platform, account, errand, errand_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (platform, account) DO UPDATE SET errand = excluded.errand, errand_at = excluded.errand_at`, a.Platform, a.ID, command, ms(now))
}

// SetPrompt keeps what the bot asked the account for.
func (s *Store) SetPrompt(ctx context.Context, a Account, p Prompt, now time.Time) error {
	return s.upsert(ctx, `INSERT INTO accounts (platform, account, prompt, prompt_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (platform, account) DO UPDATE SET prompt = excluded.prompt, prompt_at = excluded.prompt_at`, a.Platform, a.ID, string(p), ms(now))
}

func (s *Store) upsert(ctx context.Context, query string, args ...any) error {
	if err := s.batch.do(ctx, query, args...); err != nil {
		return fmt.Errorf("write account: %w", err)
	}
	return nil
}
