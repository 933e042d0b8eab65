package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
)

// Mended is a ticket of an account that is not linked, about an old address in
// the directory, which the import changes.
type Mended struct {
	Ticket Ticket
	Rooms  []Account // in which officers have a thread about it
}

// claimed is a ticket about an old address, and what the address was.
type claimed struct {
	ticket int64
	hash   []byte
	before string
}

// claimed gives the tickets about old addresses whose accounts are not linked
// yet.
func (im *importer) claimed(ctx context.Context, tx *sql.Tx) ([]claimed, error) {
	rows, err := tx.QueryContext(ctx, `SELECT t.id, t.claim_hash FROM tickets t LEFT JOIN accounts a ON a.platform = t.platform AND a.account = t.account
		WHERE t.claim_hash IS NOT NULL AND a.nip_hash IS NULL ORDER BY t.id`)
	if err != nil {
		return nil, fmt.Errorf("read tickets about addresses: %w", err)
	}
	defer closeRows(im.s, rows)
	var out []claimed
	for rows.Next() {
		var c claimed
		if err := rows.Scan(&c.ticket, &c.hash); err != nil {
			return nil, fmt.Errorf("read tickets about addresses: %w", err)
		}
		out = append(out, c)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read tickets about addresses: %w", err)
	}
	for i := range out {
		e, err := im.s.employeeTx(ctx, tx, out[i].hash)
		if err != nil {
			return nil, err
		}
		out[i].before = e.Email
	}
	return out, nil
}

// mended gives the tickets whose address the import has changed, and notes that
// they are told of: once.
func (im *importer) mended(ctx context.Context, tx *sql.Tx, before []claimed) ([]Mended, error) {
	var out []Mended
	for _, c := range before {
		e, err := im.s.employeeTx(ctx, tx, c.hash)
		if err != nil {
			return nil, err
		}
		if !e.Active || e.Email == "" || strings.EqualFold(e.Email, c.before) {
			continue
		}
		var m Mended
		if m.Ticket, err = im.s.scanTicket(tx.QueryRowContext(ctx, `UPDATE tickets SET claim_hash = NULL WHERE id = $1 RETURNING `+ticketColumns, c.ticket)); err != nil {
			return nil, fmt.Errorf("note that an address was mended: %w", err)
		}
		if m.Rooms, err = im.s.roomsTx(ctx, tx, c.ticket); err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// roomsTx gives the rooms in which there is a thread about a ticket.
func (s *Store) roomsTx(ctx context.Context, tx *sql.Tx, ticket int64) ([]Account, error) {
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT platform, room FROM room_threads WHERE subject = $1 ORDER BY platform, room`, strconv.FormatInt(ticket, 10))
	if err != nil {
		return nil, fmt.Errorf("read threads: %w", err)
	}
	defer closeRows(s, rows)
	var out []Account
	for rows.Next() {
		var a Account
		if err := rows.Scan(&a.Platform, &a.ID); err != nil {
			return nil, fmt.Errorf("read threads: %w", err)
		}
		out = append(out, a)
	}
	return out, rows.Err()
}
