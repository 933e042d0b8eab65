package mattermosttest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"resetpin/bot/mattermost/mattermosttest"
)

// world is a pretend server with a bot that answers what it is told to.
type world struct {
	t *testing.T
	*mattermosttest.Server
	bot, token string
	hook       *httptest.Server

	mu     sync.Mutex
	answer http.HandlerFunc
	got    []got
}

// got is a request that came to the bot.
type got struct {
	method, path, body string
	header             http.Header
}

func start(t *testing.T, o mattermosttest.Options) *world {
	t.Helper()
	w := &world{t: t, Server: mattermosttest.Start(t, o)}
	w.bot, w.token = w.AddBot("reset")
	w.hook = httptest.NewServer(http.HandlerFunc(w.serve))
	t.Cleanup(w.hook.Close)
	w.says("application/json", `{}`)
	return w
}

func (w *world) serve(out http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.t.Error(err)
	}
	w.mu.Lock()
	w.got = append(w.got, got{r.Method, r.URL.RequestURI(), string(body), r.Header})
	answer := w.answer
	w.mu.Unlock()
	answer(out, r)
}

// does sets how the bot answers.
func (w *world) does(answer http.HandlerFunc) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answer = answer
}

// says sets what the bot answers.
func (w *world) says(contentType, body string) {
	w.does(func(out http.ResponseWriter, _ *http.Request) {
		out.Header()["Content-Type"] = nil
		if contentType != "" {
			out.Header().Set("Content-Type", contentType)
		}
		if _, err := io.WriteString(out, body); err != nil {
			w.t.Error(err)
		}
	})
}

// last is the newest request to the bot, and how many there were.
func (w *world) last() (got, int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.got) == 0 {
		return got{}, 0
	}
	return w.got[len(w.got)-1], len(w.got)
}

type object = map[string]any

// call makes a REST call and gives the status and the answer.
func (w *world) call(token, method, path string, body any) (int, object) {
	w.t.Helper()
	status, raw := w.raw(token, method, "/api/v4"+path, body)
	var out object
	if err := json.Unmarshal(raw, &out); err != nil {
		out = object{"raw": string(raw)}
	}
	return status, out
}

func (w *world) raw(token, method, path string, body any) (int, []byte) {
	w.t.Helper()
	var in []byte
	switch body := body.(type) {
	case nil:
	case string:
		in = []byte(body)
	default:
		var err error
		if in, err = json.Marshal(body); err != nil {
			w.t.Fatal(err)
		}
	}
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.URL()+path, bytes.NewReader(in))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return resp.StatusCode, raw
}

// post writes a post of the bot's and gives its id.
func (w *world) post(body object) string {
	w.t.Helper()
	status, p := w.call(w.token, "POST", "/posts", body)
	if status != http.StatusCreated {
		w.t.Fatalf("post: %d %v", status, p)
	}
	return p["id"].(string)
}

// buttons gives props with one attachment with actions.
func buttons(actions ...object) object {
	return object{"attachments": []object{{"text": "t", "actions": actions}}}
}

// wants fails when an error is not the failure with the status and id.
func wants(t *testing.T, err error, status int, id string) {
	t.Helper()
	var f *mattermosttest.Failure
	if !errors.As(err, &f) || f.Status != status || f.ID != id {
		t.Errorf("got %v, want %d %s", err, status, id)
	}
}

// socket is a websocket client.
type socket struct {
	t *testing.T
	*websocket.Conn
	frames chan object // closed at the end
}

func (w *world) dial(token, query string) *socket {
	w.t.Helper()
	h := http.Header{}
	if token != "" {
		h.Set("Authorization", "Bearer "+token)
	}
	c, resp, err := websocket.DefaultDialer.DialContext(w.t.Context(), "ws"+strings.TrimPrefix(w.URL(), "http")+"/api/v4/websocket"+query, h)
	if err != nil {
		w.t.Fatal(err)
	}
	_ = resp.Body.Close()
	s := &socket{t: w.t, Conn: c, frames: make(chan object, 1000)}
	w.t.Cleanup(func() { _ = c.Close() })
	go func() {
		defer close(s.frames)
		for {
			var f object
			if err := c.ReadJSON(&f); err != nil {
				return
			}
			s.frames <- f
		}
	}()
	return s
}

// next gives the next frame that is an event with the name or, with an empty
// name, a reply.
func (s *socket) next(name string) object {
	s.t.Helper()
	for {
		select {
		case f, open := <-s.frames:
			if !open {
				s.t.Fatalf("closed while waiting for %q", name)
			}
			if got, _ := f["event"].(string); got == name {
				return f
			}
		case <-time.After(time.Minute):
			s.t.Fatalf("no %q came", name)
		}
	}
}

// ends waits until the socket is closed and fails when a frame comes before.
func (s *socket) ends(within time.Duration) {
	s.t.Helper()
	select {
	case f, open := <-s.frames:
		if open {
			s.t.Errorf("a frame came: %v", f)
		}
	case <-time.After(within):
		s.t.Error("not closed")
	}
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("never happened: " + what)
		}
	}
}

// TestAnEmployeesDay walks through everything once, with happy endings.
func TestAnEmployeesDay(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{})
	bot := w.dial(w.token, "")
	bot.next("hello")
	sari := w.Person("sari")
	dm := sari.DM(w.bot)
	if _, err := sari.Type(dm, "halo"); err != nil {
		t.Fatal(err)
	}
	posted := bot.next("posted")["data"].(object)
	if posted["channel_type"] != "D" || posted["sender_name"] != "@sari" || !strings.Contains(posted["post"].(string), `"message":"halo"`) {
		t.Errorf("posted %v", posted)
	}
	id := w.post(object{"channel_id": dm, "message": "Langkah 1", "props": buttons(object{
		"id": "next", "name": "Lanjut", "style": "primary", "integration": object{"url": w.hook.URL + "/action", "context": object{"k": "v"}},
	})})
	seen := sari.Last(dm)
	if seen.ID != id || len(seen.Buttons) != 1 || seen.Buttons[0].Name != "Lanjut" || !seen.Bot {
		t.Errorf("seen %+v", seen)
	}
	w.says("application/json", `{"update":{"message":"Langkah 2"},"ephemeral_text":"Baik"}`)
	if err := sari.Press(id, "Lanjut"); err != nil {
		t.Fatal(err)
	}
	if now, _ := sari.Post(id); now.Text != "Langkah 2" || !now.Edited || len(now.Buttons) != 1 {
		t.Errorf("after the press %+v", now)
	}
	if last := lastBelow(sari, dm, id); last.Text != "Baik" || !last.Ephemeral || last.Root != id {
		t.Errorf("whispered %+v", last)
	}
	if last := sari.Last(dm); last.ID != id {
		t.Errorf("with collapsed threads the channel shows %+v", last)
	}
	w.AddCommand("resetpin", w.hook.URL+"/command")
	w.does(func(out http.ResponseWriter, r *http.Request) {
		status, answer := w.call("", "POST", "/actions/dialogs/open", object{"trigger_id": trigger(w), "url": w.hook.URL + "/dialog", "dialog": object{
			"callback_id": "link", "title": "Hubungkan", "state": "s", "elements": []object{{"display_name": "NIP", "name": "nip", "type": "text"}},
		}})
		if status != 200 {
			t.Errorf("open: %v", answer)
		}
		out.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(out, `{"text":"Isi formulir"}`)
	})
	square := w.Channel(w.TeamID(), "town-square")
	if err := sari.Slash(square, "/resetpin link"); err != nil {
		t.Fatal(err)
	}
	if last := sari.Last(square); last.Text != "Isi formulir" || !last.Ephemeral {
		t.Errorf("answered %+v", last)
	}
	w.says("application/json", `{"errors":{"nip":"NIP belum benar"}}`)
	if err := sari.Submit(map[string]any{"nip": "1"}); err != nil || sari.Dialog().Errors["nip"] != "NIP belum benar" {
		t.Errorf("submitted: %v, %+v", err, sari.Dialog())
	}
	w.says("application/json", `{}`)
	if err := sari.Submit(map[string]any{"nip": "2"}); err != nil || sari.Dialog() != nil {
		t.Errorf("submitted: %v, %+v", err, sari.Dialog())
	}
}

// trigger is the trigger of the newest request.
func trigger(w *world) string {
	last, _ := w.last()
	return triggerOf(w.t, last.body)
}

// lastBelow is the newest post that a person sees in a thread pane.
func lastBelow(p *mattermosttest.Person, channel, root string) mattermosttest.Post {
	all := p.Thread(channel, root)
	if len(all) == 0 {
		return mattermosttest.Post{}
	}
	return all[len(all)-1]
}
