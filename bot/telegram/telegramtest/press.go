package telegramtest

import (
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
)

// ErrNoButton says that the message shows no such button.
var ErrNoButton = errors.New("telegramtest: no such button")

// Press presses a button of message id, found by its text or, failing that,
// its callback data. It gives the query's id; for a URL button the query is
// empty and url is what opens; for one that copies both are empty, and for a key
// of the keyboard that came with the message, see PressKey. The error is ErrNoButton, wrapped.
func (p *Person) Press(id int, button string) (query, url string, err error) {
	if p.hasKey(id, button) {
		_, err := p.PressKey(button)
		return "", "", err
	}
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	m := p.chat.find(id)
	if m == nil || m.deleted {
		return "", "", fmt.Errorf("%w: %q, message %d is not there", ErrNoButton, button, id)
	}
	all := slices.Concat(m.buttons...)
	at := slices.IndexFunc(all, func(b Button) bool { return b.Text == button })
	if at < 0 {
		at = slices.IndexFunc(all, func(b Button) bool { return b.Data == button && button != "" })
	}
	if at < 0 {
		return "", "", fmt.Errorf("%w: %q at message %d", ErrNoButton, button, id)
	}
	if all[at].URL != "" {
		return "", all[at].URL, nil
	}
	if all[at].Copy != "" {
		p.user.copied = all[at].Copy
		return "", "", nil
	}
	return p.press(id, all[at].Data), "", nil
}

// Copied is what the last button that copies put on the clipboard.
func (p *Person) Copied() string {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.user.copied
}

// PressData sends a press with data that may be on no button, at a message
// that may be gone, as a forged client can. It gives the query's id.
func (p *Person) PressData(id int, data string) string {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.press(id, data)
}

func (p *Person) press(id int, data string) string {
	s := p.s
	p.meet()
	q := &query{id: randomID(), user: p.user.id, chat: p.chat.id, message: id, pressed: s.o.Now()}
	s.queries[q.id] = q
	var at any = map[string]any{"message_id": id, "chat": s.wireChat(p.chat), "date": 0} // inaccessible
	if m := p.chat.find(id); m != nil && !m.deleted {
		at = s.wireMessage(m)
	}
	s.enqueue("callback_query", p.chat.id, map[string]any{
		"id": q.id, "from": s.wireUser(p.user.id), "message": at,
		"chat_instance": strconv.FormatInt(p.chat.id*7919, 10), "data": data,
	})
	return q.id
}

// randomID is like Telegram's callback query ids: up to 19 digits.
func randomID() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		panic(err) // crypto/rand never fails
	}
	return n.String()
}
