package mailtest

import (
	"context"
	"errors"
	"maps"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"time"
)

// Mail is a mail as its reader sees it.
type Mail struct {
	ID        int // grows with every mail of the server
	MessageID string
	From      string // the address
	FromName  string
	To        string // the address it was delivered to
	Subject   string
	Text      string
	HTML      string
	Header    mail.Header // all headers, decoded
	Raw       string      // as it came; empty for what Put brought
	At        time.Time   // when it showed up in the inbox
	Seen      bool
}

// ErrClosed says that the server was closed while something was waited for.
var ErrClosed = errors.New("the pretend mail server is closed")

// keep is how many mails the server holds; older ones are forgotten.
const keep = 5000

// inbox holds the mails of all addresses.
type inbox struct {
	now func() time.Time

	mu     sync.Mutex
	mails  []*kept
	lastID int
	late   map[*time.Timer]bool
	watch  map[chan struct{}]bool
	wake   chan struct{} // closed at every change
	over   bool
}

type kept struct {
	Mail
	given bool // by Next
}

func (b *inbox) init(now func() time.Time) {
	b.now = now
	b.late = make(map[*time.Timer]bool)
	b.watch = make(map[chan struct{}]bool)
	b.wake = make(chan struct{})
}

// put shows a mail in the inbox of m.To, after the delay.
func (b *inbox) put(m Mail, delay time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.over {
		return
	}
	if delay <= 0 {
		b.show(m)
		return
	}
	var t *time.Timer
	t = time.AfterFunc(delay, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.late[t] {
			delete(b.late, t)
			b.show(m)
		}
	})
	b.late[t] = true
}

// show runs under the lock.
func (b *inbox) show(m Mail) {
	b.lastID++
	m.ID, m.At, m.Seen = b.lastID, b.now(), false
	b.mails = append(b.mails, &kept{Mail: m})
	if len(b.mails) > keep {
		b.mails = slices.Delete(b.mails, 0, len(b.mails)-keep)
	}
	b.tell()
}

// tell runs under the lock.
func (b *inbox) tell() {
	close(b.wake)
	b.wake = make(chan struct{})
	for c := range b.watch {
		select {
		case c <- struct{}{}:
		default: // it has word already
		}
	}
}

func (b *inbox) changed() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tell()
}

func (b *inbox) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.over {
		return
	}
	b.over = true
	for t := range b.late {
		t.Stop()
	}
	clear(b.late)
	b.tell()
}

// Inbox gives the mails of an address, oldest first.
func (s *Server) Inbox(addr string) []Mail {
	b := &s.inbox
	b.mu.Lock()
	defer b.mu.Unlock()
	var mails []Mail
	for _, m := range b.mails {
		if strings.EqualFold(m.To, addr) {
			mails = append(mails, m.Mail)
		}
	}
	return mails
}

// Addresses gives the addresses that have mail, in lower case and sorted.
func (s *Server) Addresses() []string {
	b := &s.inbox
	b.mu.Lock()
	defer b.mu.Unlock()
	all := make(map[string]bool)
	for _, m := range b.mails {
		all[strings.ToLower(m.To)] = true
	}
	return slices.Sorted(maps.Keys(all))
}

// Next waits for the oldest mail of the address that Next has not given
// before.
func (s *Server) Next(ctx context.Context, addr string) (Mail, error) {
	b := &s.inbox
	for {
		b.mu.Lock()
		for _, m := range b.mails {
			if !m.given && strings.EqualFold(m.To, addr) {
				m.given = true
				b.mu.Unlock()
				return m.Mail, nil
			}
		}
		wake, over := b.wake, b.over
		b.mu.Unlock()
		if over {
			return Mail{}, ErrClosed
		}
		select {
		case <-wake:
		case <-ctx.Done():
			return Mail{}, ctx.Err()
		}
	}
}

// MarkSeen marks the mail with the ID as read.
func (s *Server) MarkSeen(id int) {
	b := &s.inbox
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.mails {
		if m.ID == id && !m.Seen {
			m.Seen = true
			b.tell()
		}
	}
}

// Put lays a mail into the inbox of m.To without SMTP, as if another server
// had brought it. ID, At and Seen are set here; while the server is late the
// mail is late too.
func (s *Server) Put(m Mail) {
	delay := time.Duration(0)
	if mode, d := s.Mode(); mode == ModeLate {
		delay = d
	}
	s.inbox.put(m, delay)
}

// Clear empties the inbox of an address, or with an empty one all of them.
func (s *Server) Clear(addr string) {
	b := &s.inbox
	b.mu.Lock()
	defer b.mu.Unlock()
	b.mails = slices.DeleteFunc(b.mails, func(m *kept) bool { return addr == "" || strings.EqualFold(m.To, addr) })
	b.tell()
}

// Subscribe gives a channel that has a word after every change of an inbox or
// of the mode; several changes may be one word. cancel ends it. The channel is
// never closed.
func (s *Server) Subscribe() (changed <-chan struct{}, cancel func()) {
	b := &s.inbox
	c := make(chan struct{}, 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.watch[c] = true
	return c, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.watch, c)
	}
}
