package mattermosttest

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/gorilla/websocket"
)

const (
	deadQueue = 128 // how many sent events can be sent again
	sendQueue = 256 // how many events wait for a client that is away
)

// event is something that is told by websocket: to one user when user is
// set, else to the members of the channel but omit.
type event struct {
	name    string
	data    map[string]any
	user    string
	channel *channel
	omit    string
	cleaned bool                         // administrators would be told more
	only    func(u *user) map[string]any // what else one user is told; nil: nothing
}

type broadcast struct {
	OmitUsers        map[string]bool `json:"omit_users"`
	UserID           string          `json:"user_id"`
	ChannelID        string          `json:"channel_id"`
	TeamID           string          `json:"team_id"`
	ConnectionID     string          `json:"connection_id"`
	OmitConnectionID string          `json:"omit_connection_id"`
	Cleaned          bool            `json:"contains_sanitized_data,omitempty"`
}

// frame is what waits to be sent: an event, or the reply to a request.
type frame struct {
	event string // without its number
	reply []byte
}

// sentEvent is an event that was sent and can be sent again.
type sentEvent struct {
	seq int64
	raw []byte
}

// conn is a websocket client. It outlives its socket, so that the client can
// go on with another one.
type conn struct {
	id      string
	token   *token
	user    *user
	socket  *websocket.Conn // nil: the client is away
	wake    chan struct{}
	queue   []frame
	sent    []sentEvent
	replay  []sentEvent
	seq     int64 // of the next event
	dying   bool  // the token was found revoked
	resumed bool
}

// ring wakes the sender.
func (c *conn) ring() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// publish tells an event to whom it concerns. It runs under the lock.
func (s *Server) publish(e event) {
	b := broadcast{UserID: e.user, Cleaned: e.cleaned}
	if e.channel != nil {
		b.ChannelID = e.channel.id
	}
	if e.omit != "" {
		b.OmitUsers = map[string]bool{e.omit: true}
	}
	around, err := json.Marshal(b)
	if err != nil {
		s.o.Logger.Error("pretend Mattermost could not write an event", "err", err)
		return
	}
	for _, c := range s.conns {
		switch {
		case c.token == nil, e.user != "" && c.user.id != e.user, e.omit == c.user.id:
			continue
		case e.user == "" && e.channel != nil && !e.channel.members[c.user.id]:
			continue
		}
		if c.token.revoked || c.user.gone {
			s.condemn(c)
			continue
		}
		data := e.data
		if e.only != nil {
			data = e.only(c.user)
		}
		raw, err := json.Marshal(data)
		if err != nil {
			s.o.Logger.Error("pretend Mattermost could not write an event", "err", err)
			continue
		}
		s.enqueue(c, frame{event: fmt.Sprintf(`{"event": %q, "data": %s, "broadcast": %s, "seq": `, e.name, raw, around)})
	}
}

// enqueue gives a client something to be sent. Who is away too long is
// forgotten.
func (s *Server) enqueue(c *conn, f frame) {
	if len(c.queue) >= sendQueue {
		s.forget(c)
		return
	}
	c.queue = append(c.queue, f)
	c.ring()
}

// condemn notes that a client's token was found revoked: it gets nothing any
// more. The real server closes the socket only when that happens within
// AuthWait of the upgrade.
func (s *Server) condemn(c *conn) {
	if c.dying {
		return
	}
	c.dying = true
	if s.o.RevokedWait == 0 {
		return
	}
	time.AfterFunc(s.o.RevokedWait, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.forget(c)
	})
}

// forget drops a client for good: it cannot resume.
func (s *Server) forget(c *conn) {
	if s.conns[c.id] == c {
		delete(s.conns, c.id)
	}
	s.hang(c, c.socket)
}

// hang cuts a client's socket, without a closing frame. The client may come
// back.
func (s *Server) hang(c *conn, socket *websocket.Conn) {
	if socket == nil {
		return
	}
	if err := socket.NetConn().Close(); err != nil {
		s.o.Logger.Debug("a websocket was closed", "err", err)
	}
	if c.socket == socket {
		c.socket = nil
		c.ring()
	}
}

// next gives the next thing to be sent on a socket; nothing when it has to
// wait. done tells that the socket is over.
func (s *Server) next(c *conn, socket *websocket.Conn) (raw []byte, done bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case c.socket != socket:
		return nil, true
	case s.frozen:
		return nil, false
	case len(c.replay) > 0:
		raw, c.replay = c.replay[0].raw, c.replay[1:]
		return raw, false
	case len(c.queue) == 0:
		return nil, false
	}
	f := c.queue[0]
	c.queue = c.queue[1:]
	if f.reply != nil {
		return f.reply, false
	}
	raw = fmt.Appendf(nil, "%s%d}", f.event, c.seq)
	if len(c.sent) >= deadQueue {
		c.sent = c.sent[1:]
	}
	c.sent = append(c.sent, sentEvent{c.seq, raw})
	c.seq++
	return raw, false
}

// hello greets a client that did not resume.
func (s *Server) hello(c *conn) {
	around, _ := json.Marshal(broadcast{UserID: c.user.id}) // strings only
	data, _ := json.Marshal(map[string]any{
		"connection_id": c.id, "server_hostname": "pretend", "server_version": Version + ".dev.0.false",
	})
	c.queue = append([]frame{{event: fmt.Sprintf(`{"event":"hello","data":%s,"broadcast":%s,"seq":`, data, around)}}, c.queue...)
	c.ring()
}

// register takes up a client that showed a good token.
func (s *Server) register(c *conn, t *token, u *user) {
	c.token, c.user = t, u
	s.conns[c.id] = c
	if !c.resumed {
		s.hello(c)
	}
	if !u.online {
		u.online = true
		s.publish(event{name: "status_change", user: u.id, data: map[string]any{"status": "online", userField: u.id}})
	}
}

// resume lets a client go on that was away: events from the number on that it
// names are sent again. When they are no longer kept, it is greeted as a new
// one; when there is no such client, or its old socket is still open, it gives
// nil.
func (s *Server) resume(u *user, id string, from int64) *conn {
	c := s.conns[id]
	if c == nil || c.user != u || c.socket != nil {
		return nil
	}
	delete(s.conns, id)
	c.resumed, c.replay = true, nil
	if from == 0 {
		c.seq = 0 // and nothing is sent again: so does the real server
		return c
	}
	for i, e := range c.sent {
		if e.seq == from {
			c.replay = append(c.replay, c.sent[i:]...)
		}
	}
	if lost := len(c.sent) > 0 && c.sent[len(c.sent)-1].seq != from-1; len(c.replay) == 0 && lost {
		c.id, c.seq, c.sent, c.resumed = newID(), 0, nil, false
	}
	return c
}
