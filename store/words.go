package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"fmt"
)

// Words are what the bot has to say to an account unasked: a row of the
// account's conversation, written in the transaction that decided it.
type Words struct {
	Account Account // whose order it keeps; a chat of the help desk is one too
	Key     string  // not empty: what was said with it is not said again, for as long as answered updates are known
	Payload []byte  // the conversation's own form, sealed in the database
}

// OnSay sets who is told of words that this process has written, when they are
// committed. It is called before anything is written.
func (s *Store) OnSay(say func(rows []InboxEntry)) { s.say = say }

// sayTx writes words into the inbox. What another process reads there is found
// by its look.
func (s *Store) sayTx(ctx context.Context, tx *sql.Tx, words []Words) error {
	for _, w := range words {
		e := InboxEntry{Source: w.Account.Platform, ID: s.wordsID(w), Account: w.Account.Platform + ":" + w.Account.ID, Payload: w.Payload}
		res, err := tx.ExecContext(ctx, s.addInbox(), s.inboxRow(e)...)
		if err != nil {
			return fmt.Errorf("write words: %w", err)
		}
		switch n, err := res.RowsAffected(); {
		case err != nil:
			return fmt.Errorf("write words: %w", err)
		case n > 0:
			s.uncommitted.add(tx, func(u *effects) { u.words = append(u.words, e) })
		}
	}
	return nil
}

// wordsID names a row of words; a key may name an employee.
func (s *Store) wordsID(w Words) string {
	if w.Key == "" {
		return "say " + rand.Text()
	}
	return "say " + hex.EncodeToString(s.seal.blindIndex("words "+w.Account.Platform+":"+w.Account.ID, w.Key))
}
