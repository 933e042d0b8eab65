package mattermosttest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"resetpin/bot/mattermost/mattermosttest"
)

// act is a button with an integration.
func (w *world) act(id string, more object) object {
	a := object{"id": id, "name": "OK", "type": "button", "integration": object{"url": w.hook.URL + "/act", "context": object{"k": "v", "n": 5}}}
	for k, v := range more {
		a[k] = v
	}
	return a
}

func TestWhatAClickSends(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{})
	sari, budi := w.Person("sari"), w.Person("budi")
	room := w.AddChannel(w.TeamID(), "ruang", sari.ID(), w.bot)
	id := w.post(object{"channel_id": room, "message": "m", "props": buttons(w.act("a1", nil),
		object{"id": "notype", "name": "x", "integration": object{"url": w.hook.URL}},
		w.act("menu", object{"type": "select", "options": []object{{"text": "A", "value": "2"}}}),
	)})
	if err := sari.Click(id, "a1"); err != nil {
		t.Fatal(err)
	}
	got, _ := w.last()
	var sent object
	if err := json.Unmarshal([]byte(got.body), &sent); err != nil {
		t.Fatal(err)
	}
	if trigger, _ := sent["trigger_id"].(string); len(trigger) < 100 {
		t.Errorf("trigger %q", trigger)
	}
	delete(sent, "trigger_id")
	want := object{
		"user_id": sari.ID(), "user_name": "sari", "channel_id": room, "channel_name": "ruang", "team_id": w.TeamID(), "team_domain": "kantor",
		"post_id": id, "type": "button", "data_source": "", "context": object{"k": "v", "n": 5.0},
	}
	if !reflect.DeepEqual(sent, want) {
		t.Errorf("sent %v", sent)
	}
	if h := got.header; h.Get("User-Agent") != "Mattermost-Bot/1.1" || h.Get("Content-Type") != "application/json" || h.Get("Accept") != "application/json" || h.Get("Authorization") != "" {
		t.Errorf("header %v", h)
	}
	if err := sari.Click(id, "notype"); err != nil {
		t.Fatal(err)
	}
	if got, _ := w.last(); strings.Contains(got.body, "context") || !strings.Contains(got.body, `"type":""`) {
		t.Errorf("without type and context: %s", got.body)
	}
	if err := sari.Choose(id, "menu", "2"); err != nil {
		t.Fatal(err)
	}
	if got, _ := w.last(); !strings.Contains(got.body, `"selected_option":"2"`) {
		t.Errorf("menu: %s", got.body)
	}
	if err := budi.ClickWith(id, "a1", ""); err != nil { // not in the channel, but it is open to the team
		t.Error(err)
	}
	stranger := w.Person("tamu")
	dm := sari.DM(w.bot)
	inDM := w.post(object{"channel_id": dm, "message": "m", "props": buttons(w.act("a1", nil))})
	_, before := w.last()
	wants(t, stranger.ClickWith(inDM, "a1", ""), 403, "api.context.permissions.app_error")
	if _, after := w.last(); after != before {
		t.Error("a stranger's click reached the bot")
	}
	if err := sari.Click(inDM, "a1"); err != nil {
		t.Fatal(err)
	}
	if got, _ := w.last(); !strings.Contains(got.body, `"team_id":"","team_domain":""`) {
		t.Errorf("in a direct message: %s", got.body)
	}
}

func TestClicksThatReachNobody(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{})
	sari := w.Person("sari")
	dm := sari.DM(w.bot)
	id := w.post(object{"channel_id": dm, "message": "m", "props": buttons(w.act("act_1", nil), w.act("act-2", nil), w.act("", object{"style": "zzz"}),
		object{"id": "none", "name": "x"})})
	seen, _ := sari.Post(id)
	if made := seen.Buttons[2].ID; len(made) != 26 {
		t.Errorf("an action without id got %q", made)
	} else if err := sari.Click(id, made); err != nil {
		t.Error(err)
	}
	_, before := w.last()
	wants(t, sari.Click(id, "act_1"), 404, "api.context.404.app_error")
	wants(t, sari.Click(id, "act-2"), 404, "api.context.404.app_error")
	wants(t, sari.Click(id, "none"), 404, "api.post.do_action.action_id.app_error")
	wants(t, sari.ClickWith(id, "nope", ""), 404, "api.post.do_action.action_id.app_error")
	wants(t, sari.ClickWith(strings.Repeat("a", 26), "a1", ""), 403, "api.context.permissions.app_error")
	wants(t, sari.ClickWith(id, "none", "zzzz"), 400, "api.post.do_action.action_integration.app_error")
	if status, f := w.call(sari.Token(), "POST", "/posts/"+id+"/actions/act_1", object{}); status != 404 {
		t.Errorf("by REST: %d %v", status, f)
	}
	if _, after := w.last(); after != before {
		t.Error("a click reached the bot")
	}
	w.Set(func(s *mattermosttest.Settings) { s.AllowedUntrustedInternalConnections = "" })
	wants(t, sari.Click(id, seen.Buttons[2].ID), 400, "api.post.do_action.action_integration.app_error")
}

func TestClickReplies(t *testing.T) {
	t.Parallel()
	const failed = "api.post.do_action.action_integration.app_error"
	long := strings.Repeat("x", 16384)
	for name, one := range map[string]struct {
		body    string
		status  int
		text    string // of the post afterwards; empty: as it was
		buttons int
		shown   string // ephemeral
		id      string // of the failure
	}{
		"{}":               {body: `{}`, buttons: 1},
		"unknown keys":     {body: `{"x":1}`, buttons: 1},
		"empty":            {buttons: 1},
		"words":            {body: `{"ephemeral_text":"psst"}`, buttons: 1, shown: "psst"},
		"many words":       {body: `{"ephemeral_text":"` + strings.Repeat("x", 20000) + `"}`, buttons: 1, shown: strings.Repeat("x", 20000)},
		"update":           {body: `{"update":{"message":"b"}}`, text: "b", buttons: 1},
		"update and words": {body: `{"update":{"message":"b"},"ephemeral_text":"psst"}`, text: "b", buttons: 1, shown: "psst"},
		"update props":     {body: `{"update":{"message":"b","props":{}}}`, text: "b"},
		"update elsewhere": {body: `{"update":{"message":"b","user_id":"x","channel_id":"x","root_id":"x"}}`, text: "b", buttons: 1},
		"long update":      {body: `{"update":{"message":"` + long + `"},"ephemeral_text":"psst"}`, buttons: 1, id: "model.post.is_valid.message_length.app_error"},
		"bad JSON":         {body: `{`, buttons: 1, id: failed},
		"text":             {body: `ok`, buttons: 1, id: failed},
		"201":              {status: 201, body: `{"ephemeral_text":"psst"}`, buttons: 1, id: failed},
		"204":              {status: 204, buttons: 1, id: failed},
		"403":              {status: 403, body: `{"ephemeral_text":"psst"}`, buttons: 1, id: failed},
		"500":              {status: 500, body: `{"ephemeral_text":"psst"}`, buttons: 1, id: failed},
		"2 MiB":            {body: `{"ephemeral_text":"psst","x":"` + strings.Repeat("x", 2<<20) + `"}`, buttons: 1, shown: "psst"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t, mattermosttest.Options{})
			sari := w.Person("sari")
			dm := sari.DM(w.bot)
			id := w.post(object{"channel_id": dm, "message": "a", "props": buttons(w.act("a1", nil))})
			w.does(func(out http.ResponseWriter, _ *http.Request) {
				if one.status != 0 {
					out.WriteHeader(one.status)
				}
				_, _ = io.WriteString(out, one.body)
			})
			err := sari.Click(id, "a1")
			if one.id != "" {
				wants(t, err, map[bool]int{true: 400, false: 404}[one.id != ""], one.id)
			} else if err != nil {
				t.Error(err)
			}
			now, _ := sari.Post(id)
			want := one.text
			if want == "" {
				want = "a"
			}
			if now.Text != want || len(now.Buttons) != one.buttons || now.Edited != (one.text != "") || now.User != w.bot || now.Root != "" {
				t.Errorf("post %+v", now)
			}
			shown := ""
			if last := lastBelow(sari, dm, id); last.Ephemeral {
				shown = last.Text
				if last.User != sari.ID() {
					t.Errorf("words of %s", last.User)
				}
			}
			if shown != one.shown {
				t.Errorf("shown %.40q", shown)
			}
		})
	}
}

func TestSlowClick(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{IntegrationTimeout: 50 * time.Millisecond})
	sari := w.Person("sari")
	id := w.post(object{"channel_id": sari.DM(w.bot), "message": "a", "props": buttons(w.act("a1", nil))})
	w.does(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body)
		<-r.Context().Done()
	})
	wants(t, sari.Click(id, "a1"), 400, "api.post.do_action.action_integration.app_error")
}

// TestEphemeralButtons: they work by a cookie, which anybody may use who reads
// the channel, and their post cannot be updated.
func TestEphemeralButtons(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{})
	sari, budi := w.Person("sari"), w.Person("budi")
	square := w.Channel(w.TeamID(), "town-square")
	w.AddCommand("duty", w.hook.URL)
	w.says(jsonType, asJSON(t, object{"text": "a", "attachments": []object{{"text": "b", "actions": []object{w.act("a1", nil)}}}}))
	status, raw := w.raw(sari.Token(), "POST", "/api/v4/commands/execute", object{"channel_id": square, "command": "/duty"})
	if text := string(raw); status != 200 || strings.Contains(text, w.hook.URL) || !strings.Contains(text, `"cookie"`) {
		t.Errorf("the caller is told %s", text)
	}
	p := sari.Last(square)
	if !p.Ephemeral || len(p.Buttons) != 1 || p.Buttons[0].Cookie == "" || strings.Contains(p.Buttons[0].Cookie, "act") || len(budi.Posts(square)) != 0 {
		t.Fatalf("shown %+v", p)
	}
	w.says("", `{"ephemeral_text":"psst"}`)
	if err := sari.Click(p.ID, "a1"); err != nil {
		t.Fatal(err)
	}
	if got, _ := w.last(); !strings.Contains(got.body, `"post_id":"`+p.ID+`"`) || !strings.Contains(got.body, `"k":"v"`) {
		t.Errorf("sent %s", got.body)
	}
	if last := lastBelow(sari, square, p.ID); last.Text != "psst" || last.Root != p.ID {
		t.Errorf("shown %+v", last)
	}
	w.says("", `{"update":{"message":"b"},"ephemeral_text":"lost"}`)
	wants(t, sari.Click(p.ID, "a1"), 404, "app.post.get.app_error")
	if last := lastBelow(sari, square, p.ID); last.Text != "psst" {
		t.Errorf("shown %+v", last)
	}
	w.says("", `{}`)
	if err := budi.ClickWith(p.ID, "a1", p.Buttons[0].Cookie); err != nil {
		t.Error("another's cookie:", err)
	}
	wants(t, sari.ClickWith(strings.Repeat("a", 26), "a1", p.Buttons[0].Cookie), 400, "api.post.do_action.action_integration.app_error")
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestAClicksUpdateTakesThePicture: an update that names no files takes them
// off the post.
func TestAClicksUpdateTakesThePicture(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{})
	sari := w.Person("sari")
	dm := sari.DM(w.bot)
	for name, keeps := range map[string]bool{"names it": true, "names none": false} {
		file := w.upload(w.token, dm)
		id := w.post(object{"channel_id": dm, "message": "a", "file_ids": []string{file}, "props": buttons(w.act("a1", nil))})
		answer := object{"update": object{"message": "b"}}
		if keeps {
			answer = object{"update": object{"message": "b", "file_ids": []string{file}}}
		}
		w.says(jsonType, asJSON(t, answer))
		if err := sari.Click(id, "a1"); err != nil {
			t.Fatal(err)
		}
		if now, _ := sari.Post(id); len(now.Files) == 1 != keeps {
			t.Errorf("%s: %+v", name, now.Files)
		}
	}
}
