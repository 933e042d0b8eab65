package mattermosttest

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/gorilla/websocket"
)

// readLimit bounds a frame of a client.
const readLimit = 8 << 10

// errUnknown says that a client asked to resume in a wrong way.
var errUnknown = errors.New("not a connection to resume")

// serveSocket answers the upgrade, also with a bad token: such a client is
// not greeted, and cut off after AuthWait.
func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	up := websocket.Upgrader{}
	socket, err := up.Upgrade(w, r, nil)
	if err != nil {
		s.o.Logger.Debug("no websocket", "err", err)
		return
	}
	socket.SetReadLimit(readLimit)
	s.mu.Lock()
	c, err := s.meet(r)
	if err != nil || s.http == nil {
		s.mu.Unlock()
		_ = socket.NetConn().Close()
		return
	}
	c.socket, c.wake = socket, make(chan struct{}, 1)
	if t, u := s.login(secretOf(r)); u != nil {
		s.register(c, t, u)
	}
	c.ring()
	s.mu.Unlock()
	time.AfterFunc(s.o.AuthWait, func() { s.cutStranger(c, socket) })
	s.work.Go(func() { s.send(c, socket, c.wake) })
	s.listenTo(c, socket)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hang(c, socket)
	s.leave(c.user)
}

// leave notes that a user has no websocket any more, when that is so.
func (s *Server) leave(u *user) {
	if u == nil {
		return
	}
	for _, c := range s.conns {
		if c.user == u && c.socket != nil {
			return
		}
	}
	u.online = false
	s.publish(event{name: "status_change", user: u.id, data: map[string]any{"status": "offline", userField: u.id}})
}

// meet gives the client of an upgrade: a new one, or one that was away.
func (s *Server) meet(r *http.Request) (*conn, error) {
	id, seq := r.URL.Query().Get("connection_id"), r.URL.Query().Get("sequence_number")
	_, u := s.login(secretOf(r))
	if id == "" || u == nil {
		return &conn{id: newID()}, nil
	}
	from, err := strconv.ParseInt(seq, 10, 64)
	if !validID(id) || err != nil {
		return nil, errUnknown
	}
	if c := s.resume(u, id, from); c != nil {
		return c, nil
	}
	return &conn{id: newID()}, nil
}

// cutStranger cuts a client that showed no good token in time, or whose token
// was found revoked meanwhile.
func (s *Server) cutStranger(c *conn, socket *websocket.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case c.token == nil:
		s.hang(c, socket)
	case c.dying && c.socket == socket:
		s.forget(c)
	}
}

// send writes to a socket until it is over.
func (s *Server) send(c *conn, socket *websocket.Conn, wake <-chan struct{}) {
	ping := time.NewTicker(s.o.PingEvery)
	defer ping.Stop()
	for {
		raw, done := s.next(c, socket)
		switch {
		case done:
			return
		case raw != nil:
			if err := s.put(socket, websocket.TextMessage, raw); err != nil {
				return
			}
			continue
		}
		select {
		case <-wake:
		case <-s.ctx.Done():
			return
		case <-ping.C:
			if err := s.put(socket, websocket.PingMessage, nil); err != nil {
				return
			}
		}
	}
}

func (s *Server) put(socket *websocket.Conn, kind int, raw []byte) error {
	if err := socket.SetWriteDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return err
	}
	if s.isFrozen() {
		return nil
	}
	return socket.WriteMessage(kind, raw)
}

func (s *Server) isFrozen() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.frozen
}

// request is what a client asks for.
type request struct {
	Seq    int64          `json:"seq"`
	Action string         `json:"action"`
	Data   map[string]any `json:"data"`
}

// listenTo reads a client's requests until its socket is over.
func (s *Server) listenTo(c *conn, socket *websocket.Conn) {
	alive := func(string) error { return socket.SetReadDeadline(time.Now().Add(s.o.PongWait)) }
	socket.SetPongHandler(alive)
	socket.SetPingHandler(func(data string) error {
		if s.isFrozen() {
			return nil
		}
		return socket.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second))
	})
	if err := alive(""); err != nil {
		return
	}
	for {
		kind, raw, err := socket.ReadMessage()
		if err != nil || kind != websocket.TextMessage {
			return
		}
		var q request
		if err := json.Unmarshal(raw, &q); err != nil {
			return
		}
		if !s.answer(c, q) {
			return
		}
	}
}

// response is the reply to a request.
type response struct {
	Status string         `json:"status"`
	Seq    int64          `json:"seq_reply,omitempty"`
	Data   map[string]any `json:"data,omitempty"`
	Error  *wireFailure   `json:"error,omitempty"`
}

// answer replies to a client's request. It gives false when the server cuts
// the client off for it.
func (s *Server) answer(c *conn, q request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	no := func(status int, id, message string) bool {
		s.reply(c, response{Status: "FAIL", Seq: q.Seq, Error: &wireFailure{ID: id, Message: message, Status: status}})
		return true
	}
	switch {
	case q.Action == "":
		return no(400, "api.web_socket_router.no_action.app_error", "No websocket action.")
	case q.Seq <= 0:
		return no(400, "api.web_socket_router.bad_seq.app_error", "Invalid sequence for WebSocket message.")
	case q.Action == "authentication_challenge":
		return s.challenge(c, q)
	case c.token != nil && (c.token.revoked || c.user.gone):
		s.condemn(c)
		return no(401, "api.web_socket_router.not_authenticated.app_error", "WebSocket connection is not authenticated. Please log in and try again.")
	case c.token == nil:
		return true // nobody is told anything
	case q.Action == "ping":
		s.reply(c, response{Status: "OK", Seq: q.Seq, Data: map[string]any{"text": "pong", "version": Version, "server_time": s.now(), "node_id": ""}})
	case q.Action == "presence", q.Action == "user_update_active_status", q.Action == "posted_notify_ack":
		s.reply(c, response{Status: "OK", Seq: q.Seq})
	case q.Action == "user_typing":
		id, _ := q.Data["channel_id"].(string)
		parent, _ := q.Data["parent_id"].(string)
		ch, f := s.postsTo(c.user, id)
		if f != nil {
			return no(400, "api.websocket_handler.invalid_param.app_error", "Invalid channel_id parameter.")
		}
		s.types(c.user, ch, parent)
		s.reply(c, response{Status: "OK", Seq: q.Seq})
	default:
		return no(500, "api.web_socket_router.bad_action.app_error", "Unknown WebSocket action.")
	}
	return true
}

// challenge takes a token that comes as the first frame. A bad one cuts the
// client off at once; one more is not looked at.
func (s *Server) challenge(c *conn, q request) bool {
	if c.token != nil {
		return true
	}
	secret, _ := q.Data["token"].(string)
	t, u := s.login(secret)
	if u == nil {
		return false
	}
	s.register(c, t, u)
	s.reply(c, response{Status: "OK", Seq: q.Seq})
	return true
}

func (s *Server) reply(c *conn, r response) {
	raw, err := json.Marshal(r)
	if err != nil {
		s.o.Logger.Error("pretend Mattermost could not write a reply", "err", err)
		return
	}
	s.enqueue(c, frame{reply: raw})
}
