package mattermosttest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"resetpin/bot/mattermost/mattermosttest"
)

// words gives the words of the post that an event carries.
func words(f object) string {
	_, after, _ := strings.Cut(f["data"].(object)["post"].(string), `"message":"`)
	text, _, _ := strings.Cut(after, `"`)
	return text
}

func connection(hello object) string { return hello["data"].(object)["connection_id"].(string) }

func resume(id string, from int) string {
	return fmt.Sprintf("?connection_id=%s&sequence_number=%d", id, from)
}

// away waits until the server noticed that a client is gone.
func (w *world) away(user string) {
	until(w.t, "the client is away", func() bool { return w.Sockets(user) == 0 })
}

func TestResume(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{})
	sari := w.Person("sari")
	dm := sari.DM(w.bot)
	types := func(text string) {
		if _, err := sari.Type(dm, text); err != nil {
			t.Error(err)
		}
	}
	c := w.dial(w.token, "")
	hello := c.next("hello")
	if hello["seq"] != 0.0 || len(connection(hello)) != 26 {
		t.Fatalf("hello %v", hello)
	}
	types("satu")
	last := c.next("posted")["seq"].(float64)
	_ = c.Close()
	w.away(w.bot)
	types("dua")
	types("tiga")
	c = w.dial(w.token, resume(connection(hello), int(last)+1))
	var order []string
	for range 3 {
		f := <-c.frames
		if f["event"] == "hello" || f["seq"] != last+1 {
			t.Errorf("frame %v after %v", f, last)
		}
		last = f["seq"].(float64)
		if f["event"] == "posted" {
			order = append(order, words(f))
		}
	}
	if strings.Join(order, " ") != "dua tiga" {
		t.Errorf("replayed %v", order)
	}
	t.Run("while the old socket is open", func(t *testing.T) {
		if again := w.dial(w.token, resume(connection(hello), int(last)+1)).next("hello"); connection(again) == connection(hello) {
			t.Error("the same connection")
		}
	})
	t.Run("what was sent comes again", func(t *testing.T) {
		w.CutSockets()
		w.away(w.bot)
		c := w.dial(w.token, resume(connection(hello), int(last)-1))
		if f := <-c.frames; f["seq"] != last-1 {
			t.Errorf("first %v", f)
		}
		w.CutSockets()
		w.away(w.bot)
	})
	t.Run("what never was", func(t *testing.T) {
		if again := w.dial(w.token, resume(connection(hello), 99)).next("hello"); again["seq"] != 0.0 || connection(again) == connection(hello) {
			t.Errorf("hello %v", again)
		}
		w.CutSockets()
		w.away(w.bot)
	})
	t.Run("too much was missed", func(t *testing.T) {
		c := w.dial(w.token, "")
		hello := c.next("hello")
		_ = c.Close()
		w.away(w.bot)
		for range 300 {
			sari.Typing(dm)
		}
		if again := w.dial(w.token, resume(connection(hello), 1)).next("hello"); connection(again) == connection(hello) {
			t.Error("resumed")
		}
	})
	t.Run("a plain reconnect replays nothing", func(t *testing.T) {
		types("empat")
		c := w.dial(w.token, "")
		c.next("hello")
		types("lima")
		if got := words(c.next("posted")); got != "lima" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("after a restart", func(t *testing.T) {
		c := w.dial(w.token, "")
		hello := c.next("hello")
		w.Down()
		if err := w.Up(); err != nil {
			t.Fatal(err)
		}
		if again := w.dial(w.token, resume(connection(hello), 1)).next("hello"); connection(again) == connection(hello) {
			t.Error("the same connection")
		}
	})
	for _, query := range []string{"?connection_id=" + strings.Repeat("a", 26), resume("zz", 3), "?connection_id=" + strings.Repeat("a", 26) + "&sequence_number=x"} {
		w.dial(w.token, query).ends(time.Second)
	}
}

func TestBadTokensOnTheSocket(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{AuthWait: 100 * time.Millisecond})
	for name, token := range map[string]string{"bad": "bad", "none": ""} {
		began := time.Now()
		c := w.dial(token, "")
		c.ends(2 * time.Second)
		if d := time.Since(began); d < 90*time.Millisecond {
			t.Errorf("%s token: closed after %v", name, d)
		}
	}
	c := w.dial("", "")
	c.send(object{"seq": 1, "action": "ping"}) // not even answered
	c.ends(2 * time.Second)
	c = w.dial("", "")
	c.send(object{"seq": 1, "action": "authentication_challenge", "data": object{"token": "bad"}})
	c.ends(2 * time.Second)
	c = w.dial("", "")
	c.send(object{"seq": 1, "action": "authentication_challenge", "data": object{"token": w.token}})
	if f := <-c.frames; f["event"] != "hello" {
		t.Errorf("first %v", f)
	}
	if f := c.next(""); f["status"] != "OK" || f["seq_reply"] != 1.0 {
		t.Errorf("reply %v", f)
	}
	time.Sleep(150 * time.Millisecond)
	c.send(object{"seq": 2, "action": "ping"})
	c.next("")
}

func (s *socket) send(v any) {
	s.t.Helper()
	if err := s.WriteJSON(v); err != nil {
		s.t.Error(err)
	}
}

func TestRequestsOnTheSocket(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{})
	sari := w.Person("sari")
	dm := sari.DM(w.bot)
	c := w.dial(w.token, "")
	for _, one := range []struct{ frame, status, id string }{
		{`{"seq":1,"action":"ping"}`, "OK", ""},
		{`{"seq":1,"action":"nope"}`, "FAIL", "api.web_socket_router.bad_action.app_error"},
		{`{"seq":0,"action":"ping"}`, "FAIL", "api.web_socket_router.bad_seq.app_error"},
		{`{"seq":1}`, "FAIL", "api.web_socket_router.no_action.app_error"},
		{`{"seq":1,"action":"user_typing","data":{"channel_id":"` + dm + `"}}`, "OK", ""},
		{`{"seq":1,"action":"user_typing","data":{"channel_id":"x"}}`, "FAIL", "api.websocket_handler.invalid_param.app_error"},
	} {
		if err := c.WriteMessage(websocket.TextMessage, []byte(one.frame)); err != nil {
			t.Fatal(err)
		}
		f := c.next("")
		id := ""
		if e, ok := f["error"].(object); ok {
			id = e["id"].(string)
		}
		if f["status"] != one.status || id != one.id {
			t.Errorf("%s: %v", one.frame, f)
		}
		if strings.Contains(one.frame, `"ping"`) && one.status == "OK" && f["data"].(object)["text"] != "pong" {
			t.Errorf("ping: %v", f)
		}
	}
	if !sari.SeesTyping(dm, w.bot) {
		t.Error("typing is not seen")
	}
	c.send("no object")
	until(t, "the client is cut off", func() bool { return w.Sockets(w.bot) == 0 })
}

func TestRevokedToken(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{AuthWait: time.Second})
	sari := w.Person("sari")
	dm := sari.DM(w.bot)
	old := w.dial(w.token, "")
	old.next("hello")
	time.Sleep(2 * time.Second)
	young := w.dial(w.token, "")
	young.next("hello")
	w.Revoke(w.token)
	if status, f := w.call(w.token, "GET", "/users/me", nil); status != 401 || f["id"] != "api.context.session_expired.app_error" {
		t.Errorf("REST: %d %v", status, f)
	}
	if _, err := sari.Type(dm, "halo"); err != nil {
		t.Fatal(err)
	}
	young.ends(2 * time.Second)
	old.send(object{"seq": 1, "action": "ping"})
	if f := old.next(""); f["status"] != "FAIL" {
		t.Errorf("ping: %v", f)
	}
	if w.Sockets(w.bot) != 1 {
		t.Error("the older socket was closed")
	}
}

func TestRevokedTokenClosesLater(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{RevokedWait: 50 * time.Millisecond})
	sari := w.Person("sari")
	dm := sari.DM(w.bot)
	c := w.dial(w.token, "")
	c.next("hello")
	c.next("status_change")
	w.Revoke(w.token)
	time.Sleep(80 * time.Millisecond)
	if w.Sockets(w.bot) != 1 {
		t.Error("closed though nothing happened")
	}
	if _, err := sari.Type(dm, "halo"); err != nil {
		t.Fatal(err)
	}
	c.ends(2 * time.Second)
}

func TestWhatTheSocketTells(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{})
	c := w.dial(w.token, "")
	c.next("hello") // only then it hears
	sari := w.Person("sari")
	dm := sari.DM(w.bot)
	c.next("direct_added")
	id, err := sari.Type(dm, "halo")
	if err != nil {
		t.Fatal(err)
	}
	data := c.next("posted")["data"].(object)
	if data["channel_type"] != "D" || data["sender_name"] != "@sari" || data["mentions"] != `["`+w.bot+`"]` || data["team_id"] != "" {
		t.Errorf("posted %v", data)
	}
	if err := sari.Edit(id, "hai"); err != nil {
		t.Fatal(err)
	}
	if got := words(c.next("post_edited")); got != "hai" {
		t.Errorf("edited %q", got)
	}
	if err := sari.Delete(id); err != nil {
		t.Fatal(err)
	}
	if got := words(c.next("post_deleted")); got != "hai" {
		t.Errorf("deleted %q", got)
	}
	sari.Typing(dm)
	c.next("typing")
	w.post(object{"channel_id": dm, "message": "dari bot"})
	if own := c.next("posted")["data"].(object); own["mentions"] != nil || !strings.Contains(own["post"].(string), `"from_bot":"true"`) {
		t.Errorf("own post %v", own)
	}
	room := w.AddChannel(w.TeamID(), "ruang", sari.ID())
	if _, err := sari.Type(room, "tanpa bot"); err != nil {
		t.Fatal(err)
	}
	w.JoinChannel(room, w.bot)
	if _, err := sari.Type(room, "tanpa sebut"); err != nil {
		t.Fatal(err)
	}
	if f := c.next("posted"); words(f) != "tanpa sebut" || f["data"].(object)["mentions"] != nil {
		t.Errorf("channel post %v", f)
	}
}

func TestFrozenSocketsAreSilent(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{})
	sari := w.Person("sari")
	dm := sari.DM(w.bot)
	c := w.dial(w.token, "")
	c.next("hello")
	c.next("status_change")
	w.Freeze()
	if _, err := sari.Type(dm, "halo"); err != nil {
		t.Fatal(err)
	}
	c.send(object{"seq": 1, "action": "ping"})
	select {
	case f := <-c.frames:
		t.Errorf("got %v", f)
	case <-time.After(100 * time.Millisecond):
	}
	w.Heal()
	c.next("posted")
	c.next("")
}
