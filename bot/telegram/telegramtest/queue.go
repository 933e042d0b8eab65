package telegramtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// queue holds the updates that the bot has not confirmed, and how they are
// to be delivered. It is guarded by the server's lock.
type queue struct {
	updates []queued
	nextID  int64
	allowed []string      // types of update that the bot wants; nil: Telegram's choice
	changed chan struct{} // closed and replaced whenever something changes
	poll    chan struct{} // of the poll that waits; closed to end it in favour of another
	hook    webhook

	askedOffset int64 // of the poll before, and when it began
	askedAt     time.Time
	polls       int
	deaf        bool // confirms nothing
}

// queued is an update that waits to be confirmed.
type queued struct {
	id    int64
	chat  int64 // updates of one chat are pushed in order
	body  json.RawMessage
	busy  bool      // being pushed just now
	after time.Time // not pushed before
	tries int
}

func (q *queue) init(botID int64) {
	q.nextID = 1000*(botID%1000) + 1
	q.changed = make(chan struct{})
}

// wake tells everybody who waits that the queue changed.
func (q *queue) wake() {
	close(q.changed)
	q.changed = make(chan struct{})
}

// wants tells whether the bot gets updates of the type.
func (q *queue) wants(kind string) bool {
	if len(q.allowed) == 0 {
		return kind != "chat_member" && kind != "message_reaction" && kind != "message_reaction_count"
	}
	return slices.Contains(q.allowed, kind)
}

// enqueue adds an update of the type; it runs under the lock.
func (s *Server) enqueue(kind string, chat int64, content any) {
	if !s.queue.wants(kind) {
		return
	}
	id := s.queue.nextID
	body, err := json.Marshal(map[string]any{"update_id": id, kind: content})
	if err != nil {
		panic(err) // the content is made of plain values here
	}
	s.push(chat, body)
}

func (s *Server) push(chat int64, body json.RawMessage) {
	s.queue.updates = append(s.queue.updates, queued{id: s.queue.nextID, chat: chat, body: body})
	s.queue.nextID++
	s.queue.wake()
}

// Push puts an update of any shape into the queue; body is the JSON object
// without update_id. It gives the update's id.
func (s *Server) Push(body string) (int64, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(body), &fields); err != nil {
		return 0, fmt.Errorf("telegramtest: push an update: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.queue.nextID
	fields["update_id"] = json.RawMessage(strconv.FormatInt(id, 10))
	whole, err := json.Marshal(fields)
	if err != nil {
		return 0, fmt.Errorf("telegramtest: push an update: %w", err)
	}
	s.push(0, whole)
	return id, nil
}

// IgnoreOffsets makes the server bring what was confirmed again, as it does
// while it cannot write down what is confirmed.
func (s *Server) IgnoreOffsets(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue.deaf = on
}

// Polls counts the calls of getUpdates so far.
func (s *Server) Polls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queue.polls
}

// Pending counts the updates that the bot has not confirmed yet.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue.updates)
}

// readAllowed takes over allowed_updates when the call has them.
func (q *queue) readAllowed(r *request) *failure {
	text := r.params["allowed_updates"]
	if text == "" {
		return nil
	}
	var kinds []string
	if err := json.Unmarshal([]byte(text), &kinds); err != nil {
		return bad("can't parse allowed_updates: expected an Array of String")
	}
	q.allowed = kinds
	return nil
}

// maxPoll is the longest wait of a poll, as on Telegram's server.
const maxPoll = 50 * time.Second

// getUpdates confirms what is below offset and gives what waits, or waits.
func (s *Server) getUpdates(r *http.Request, q *request) (any, *failure) {
	offset, limit, timeout := intParam(q, "offset", 0), intParam(q, "limit", 100), intParam(q, "timeout", 0)
	limit = min(max(limit, 1), 100)
	wait := min(time.Duration(timeout)*time.Second, maxPoll)
	deadline := time.NewTimer(max(wait, 0))
	defer deadline.Stop()

	s.mu.Lock()
	defer s.mu.Unlock()
	if s.queue.hook.url != "" {
		return nil, fail(http.StatusConflict, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	}
	if f := s.queue.readAllowed(q); f != nil {
		return nil, f
	}
	wait, limit = s.queue.repeated(int64(offset), wait, limit)
	deadline.Reset(max(wait, 0))
	s.queue.confirm(int64(offset))
	s.endPoll()
	mine := make(chan struct{})
	s.queue.poll = mine
	defer func() {
		if s.queue.poll == mine {
			s.queue.poll = nil
		}
	}()
	for {
		if out := s.queue.head(limit); len(out) > 0 || wait <= 0 {
			return out, nil
		}
		changed := s.queue.changed
		s.mu.Unlock()
		over := false
		select {
		case <-changed:
		case <-mine:
		case <-deadline.C:
			over = true
		case <-r.Context().Done():
			over = true
		case <-s.closed:
			over = true
		}
		s.mu.Lock()
		if s.queue.poll != mine {
			return nil, s.conflict()
		}
		if over {
			return s.queue.head(limit), nil
		}
	}
}

// conflict tells a poll why it was ended.
func (s *Server) conflict() *failure {
	if s.queue.hook.url != "" {
		return fail(http.StatusConflict, "Conflict: terminated by setWebhook request")
	}
	return fail(http.StatusConflict, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
}

// endPoll ends the poll that waits, if any.
func (s *Server) endPoll() {
	if s.queue.poll != nil {
		close(s.queue.poll)
		s.queue.poll = nil
	}
}

// repeated gives how long a poll may wait and how many updates it may have,
// as Telegram's server bounds those who ask with the same offset again and
// again: within half a second one update, and within three a longer wait.
// Source: process_get_updates_query of telegram-bot-api.
func (q *queue) repeated(offset int64, wait time.Duration, limit int) (time.Duration, int) {
	now := time.Now()
	since := now.Sub(q.askedAt)
	if offset == q.askedOffset && !q.askedAt.IsZero() {
		if since < 3*time.Second {
			wait = max(wait, 3*time.Second)
		}
		if since < 500*time.Millisecond {
			limit = 1
		}
	}
	q.askedOffset, q.askedAt = offset, now
	q.polls++
	return wait, limit
}

// futureOffset is how far above the queue's end an offset may be; one further
// off is from another numbering. Source: TQueue::get of TDLib.
const futureOffset = 10

// confirm drops the updates below offset; a negative one keeps only that many.
// An offset that cannot be of this queue confirms nothing.
func (q *queue) confirm(offset int64) {
	if offset < 0 {
		offset = max(q.nextID+offset, 0)
	}
	if q.deaf || offset > q.nextID+futureOffset {
		return
	}
	q.updates = slices.DeleteFunc(q.updates, func(u queued) bool { return u.id < offset })
}

// Renumber is a week without updates: what still waits is gone, and the next
// update has the id given, which Telegram draws at random then and which may
// be lower than the last
// (https://core.telegram.org/bots/api#update).
func (s *Server) Renumber(next int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue.updates = nil
	s.queue.nextID = next
	s.queue.wake()
}

// head gives the first updates as they are written.
func (q *queue) head(limit int) []json.RawMessage {
	out := []json.RawMessage{}
	for _, u := range q.updates[:min(limit, len(q.updates))] {
		out = append(out, u.body)
	}
	return out
}

// intParam gives an integer parameter, which check found to be one.
func intParam(q *request, name string, fallback int) int {
	n, err := strconv.Atoi(q.params[name])
	if err != nil {
		return fallback
	}
	return n
}
