package mattermosttest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"resetpin/bot/mattermost/mattermosttest"
)

// triggerOf finds the trigger in a form or in JSON.
func triggerOf(t *testing.T, body string) string {
	t.Helper()
	var in struct {
		Trigger string `json:"trigger_id"`
	}
	if json.Unmarshal([]byte(body), &in) == nil {
		return in.Trigger
	}
	return formOf(t, body).Get("trigger_id")
}

func formOf(t *testing.T, body string) url.Values {
	t.Helper()
	form, err := url.ParseQuery(body)
	if err != nil {
		t.Fatal(err)
	}
	return form
}

func TestWhatASlashCommandSends(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{})
	sari, budi := w.Person("sari"), w.Person("budi")
	w.Person("orang.jauh")
	command := w.AddCommand("duty", w.hook.URL+"/slash")
	room := w.AddChannel(w.TeamID(), "ruang", sari.ID())
	if err := sari.Slash(room, "/DUTY on @budi, ~ruang  two  spaces\nünï @nobody ~nothing"); err != nil {
		t.Fatal(err)
	}
	got, _ := w.last()
	for name, want := range map[string]string{
		"User-Agent": "Mattermost-Bot/1.1", "Accept": "application/json", "Authorization": "Token " + command.Token,
		"Content-Type": "application/x-www-form-urlencoded", "Accept-Encoding": "gzip",
	} {
		if got.header.Get(name) != want {
			t.Errorf("%s: %q", name, got.header.Get(name))
		}
	}
	form := formOf(t, got.body)
	for name, want := range map[string]string{
		"token": command.Token, "team_id": w.TeamID(), "team_domain": "kantor", "channel_id": room, "channel_name": "ruang",
		"user_id": sari.ID(), "user_name": "sari", "command": "/duty", "text": "on @budi, ~ruang  two  spaces\nünï @nobody ~nothing",
		"user_mentions": "budi", "user_mentions_ids": budi.ID(), "channel_mentions": "ruang", "channel_mentions_ids": room,
	} {
		if len(form[name]) != 1 || form.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, form[name], want)
		}
	}
	if !strings.HasPrefix(form.Get("response_url"), w.URL()+"/hooks/commands/") || form.Has("root_id") {
		t.Errorf("form %v", form)
	}
	dm := sari.DM(w.bot)
	if err := sari.Slash(dm, "/duty"); err != nil {
		t.Fatal(err)
	}
	got, _ = w.last()
	form = formOf(t, got.body)
	if form.Get("team_domain") != "kantor" || !strings.Contains(form.Get("channel_name"), "__") || !form.Has("text") || form.Get("text") != "" || form.Has("user_mentions") {
		t.Errorf("in a direct message: %v", form)
	}
	status, made := w.call(w.AdminToken(), "POST", "/commands", object{"team_id": w.TeamID(), "trigger": "get", "method": "G", "url": w.hook.URL + "/slash?x=1"})
	if status != 201 {
		t.Fatal(made)
	}
	if err := sari.Slash(room, "/get a"); err != nil {
		t.Fatal(err)
	}
	got, _ = w.last()
	if got.method != "GET" || got.body != "" || !strings.HasPrefix(got.path, "/slash?x=1&channel_id=") || got.header.Get("Authorization") != "Token "+made["token"].(string) {
		t.Errorf("GET: %+v", got)
	}
}

func TestWhoMayTypeASlashCommand(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{})
	sari := w.Person("sari")
	w.AddCommand("duty", w.hook.URL)
	dm := sari.DM(w.bot)
	foreign := w.AddChannel(w.TeamID(), "asing")
	for name, one := range map[string]struct {
		body   object
		status int
		id     string
	}{
		"without team":     {object{"channel_id": dm, "command": "/duty"}, 403, "api.context.permissions.app_error"},
		"no slash":         {object{"channel_id": dm, "command": "duty", "team_id": w.TeamID()}, 400, "api.command.execute_command.start.app_error"},
		"unknown":          {object{"channel_id": dm, "command": "/nope", "team_id": w.TeamID()}, 404, "api.command.execute_command.not_found.app_error"},
		"not in channel":   {object{"channel_id": foreign, "command": "/duty"}, 403, "api.context.permissions.app_error"},
		"Mattermost's own": {object{"channel_id": dm, "command": "/status x", "team_id": w.TeamID()}, 200, ""},
	} {
		status, f := w.call(sari.Token(), "POST", "/commands/execute", one.body)
		if id, _ := f["id"].(string); status != one.status || id != one.id {
			t.Errorf("%s: %d %v", name, status, f)
		}
	}
	if _, n := w.last(); n != 0 {
		t.Errorf("%d requests came to the bot", n)
	}
	w.Set(func(s *mattermosttest.Settings) { s.EnableCommands = false })
	wants(t, sari.Slash(dm, "/duty"), 501, "api.command.disabled.app_error")
	w.Set(func(s *mattermosttest.Settings) { s.EnableCommands, s.AllowedUntrustedInternalConnections = true, "" })
	wants(t, sari.Slash(dm, "/duty"), 500, "api.command.execute_command.failed.app_error")
	w.Set(func(s *mattermosttest.Settings) { s.AllowedUntrustedInternalConnections = "10.0.0.1,127.0.0.0/8" })
	if err := sari.Slash(dm, "/duty"); err != nil {
		t.Error(err)
	}
}

const jsonType = "application/json"

func TestSlashReplies(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 16384)
	const failed, resp, unposted = "api.command.execute_command.failed.app_error", "api.command.execute_command.failed_resp.app_error", "api.command.execute_command.create_post_failed.app_error"
	for name, one := range map[string]struct {
		contentType, body string
		status            int
		shown             string // ephemeral
		posted            string // to all
		id                string // of the failure
	}{
		"text":                      {contentType: jsonType, body: `{"text":"a"}`, shown: "a"},
		"ephemeral":                 {contentType: jsonType + "; charset=utf-8", body: `{"response_type":"ephemeral","text":"a"}`, shown: "a"},
		"in channel":                {contentType: jsonType, body: `{"response_type":"in_channel","text":"a"}`, posted: "a"},
		"another type":              {contentType: jsonType, body: `{"response_type":"weird","text":"a"}`},
		"plain":                     {contentType: "text/plain", body: `{"text":"a"}`, shown: `{"text":"a"}`},
		"html":                      {contentType: "text/html", body: `<b>a</b>`, shown: `<b>a</b>`},
		"JSON without Content-Type": {body: `{"text":"a"}`, shown: `{"text":"a"}`},
		"nothing":                   {},
		"{}":                        {contentType: jsonType, body: `{}`},
		"null":                      {contentType: jsonType, body: `null`},
		"empty JSON":                {contentType: jsonType, id: failed},
		"bad JSON":                  {contentType: jsonType, body: `{`, id: failed},
		"array":                     {contentType: jsonType, body: `[1]`, id: failed},
		"number as text":            {contentType: jsonType, body: `{"text":5}`, id: failed},
		"201":                       {contentType: jsonType, body: `{"text":"a"}`, status: 201, id: resp},
		"204":                       {status: 204, id: resp},
		"403":                       {contentType: jsonType, body: `{"text":"a"}`, status: 403, id: resp},
		"500":                       {contentType: jsonType, body: `{"text":"a"}`, status: 500, id: resp},
		"long in channel":           {contentType: jsonType, body: `{"response_type":"in_channel","text":"` + long + `"}`, id: unposted},
		"long ephemeral":            {contentType: jsonType, body: `{"text":"` + long[1:] + `"}`, shown: long[1:]},
		"over 1 MiB":                {contentType: jsonType, body: `{"text":"a","x":"` + strings.Repeat("x", 1<<20) + `"}`, id: failed},
		"foreign channel":           {contentType: jsonType, body: `{"text":"a","channel_id":"` + long[:26] + `"}`, id: unposted},
		"extra":                     {contentType: jsonType, body: `{"text":"a","extra_responses":[{"text":"b","response_type":"in_channel"}]}`, shown: "a", posted: "b"},
		"Slack's links":             {contentType: jsonType, body: `{"text":"<http://a.id|b> <!here>"}`, shown: "[b](http://a.id) @here"},
		"not Slack":                 {contentType: jsonType, body: `{"text":"<http://a.id|b>","skip_slack_parsing":true}`, shown: "<http://a.id|b>"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t, mattermosttest.Options{})
			sari := w.Person("sari")
			dm := sari.DM(w.bot)
			w.AddCommand("duty", w.hook.URL)
			w.does(func(out http.ResponseWriter, _ *http.Request) {
				out.Header()["Content-Type"] = nil
				if one.contentType != "" {
					out.Header().Set("Content-Type", one.contentType)
				}
				if one.status != 0 {
					out.WriteHeader(one.status)
				}
				_, _ = io.WriteString(out, one.body)
			})
			err := sari.Slash(dm, "/duty")
			if one.id == "" && err != nil || one.id != "" && err == nil {
				t.Fatalf("error %v", err)
			}
			if one.id != "" {
				wants(t, err, 500, one.id)
				if !strings.Contains(err.Error(), "'duty'") {
					t.Error(err)
				}
			}
			shown, posted := "", ""
			for _, p := range sari.Posts(dm) {
				if p.User != sari.ID() || !p.Bot {
					t.Errorf("post %+v", p)
				}
				if p.Ephemeral {
					shown += p.Text
				} else {
					posted += p.Text
				}
			}
			if shown != one.shown || posted != one.posted {
				t.Errorf("shown %.40q, posted %.40q", shown, posted)
			}
		})
	}
}

func TestSlashRedirectsAndSlowness(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{IntegrationTimeout: 200 * time.Millisecond})
	sari := w.Person("sari")
	dm := sari.DM(w.bot)
	w.AddCommand("duty", w.hook.URL+"/0")
	hops := 0
	w.does(func(out http.ResponseWriter, r *http.Request) {
		if hops++; hops < 10 {
			http.Redirect(out, r, "/next", http.StatusFound)
		}
	})
	if err := sari.Slash(dm, "/duty"); err != nil {
		t.Error("ten requests:", err)
	}
	hops = -1
	wants(t, sari.Slash(dm, "/duty"), 500, "api.command.execute_command.failed.app_error")
	gone := make(chan struct{})
	w.does(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body)
		<-r.Context().Done()
		close(gone)
	})
	wants(t, sari.Slash(dm, "/duty"), 500, "api.command.execute_command.failed.app_error")
	<-gone // the connection was closed
	w.hook.Close()
	wants(t, sari.Slash(dm, "/duty"), 500, "api.command.execute_command.failed.app_error")
}

// TestSlashAnswerInAThread: the command does not tell where it was typed, but
// its answers go there; and in-channel answers are the caller's.
func TestSlashAnswerInAThread(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{})
	sari := w.Person("sari")
	square := w.Channel(w.TeamID(), "town-square")
	w.AddCommand("duty", w.hook.URL)
	root, err := sari.Type(square, "utas")
	if err != nil {
		t.Fatal(err)
	}
	w.says(jsonType, `{"response_type":"in_channel","text":"a","username":"Pembantu","type":"custom_x","props":{"p":1},"goto_location":"/x"}`)
	if err := sari.SlashIn(square, root, "/duty"); err != nil {
		t.Fatal(err)
	}
	got, _ := w.last()
	p := lastBelow(sari, square, root)
	if p.Root != root || p.User != sari.ID() || p.Name != "Pembantu" || !p.Bot || sari.Location() != "/x" {
		t.Errorf("post %+v", p)
	}
	status, f := w.call(w.token, "PUT", "/posts/"+p.ID, object{"id": p.ID, "message": "b"})
	if status != 403 {
		t.Errorf("the bot edits the caller's post: %d %v", status, f)
	}
	hook := strings.TrimPrefix(formOf(t, got.body).Get("response_url"), w.URL())
	if status, raw := w.raw("", "POST", hook, `{"text":"nanti"}`); status != 200 || string(raw) != "ok" {
		t.Errorf("response_url: %d %s", status, raw)
	}
	if p := lastBelow(sari, square, root); p.Root != root || p.Text != "nanti" || !p.Ephemeral {
		t.Errorf("late %+v", p)
	}
}

func TestResponseURL(t *testing.T) {
	t.Parallel()
	now := time.Now()
	w := start(t, mattermosttest.Options{Now: func() time.Time { return now }})
	sari := w.Person("sari")
	dm := sari.DM(w.bot)
	w.AddCommand("duty", w.hook.URL)
	use := func(body string) (int, string) {
		got, _ := w.last()
		status, raw := w.raw("", "POST", strings.TrimPrefix(formOf(t, got.body).Get("response_url"), w.URL()), body)
		return status, string(raw)
	}
	if err := sari.Slash(dm, "/duty"); err != nil {
		t.Fatal(err)
	}
	if status, raw := use(`{bad`); status != 400 || !strings.Contains(raw, "web.command_webhook.parse.app_error") {
		t.Errorf("bad JSON: %d %s", status, raw)
	}
	for i := range 5 {
		if status, raw := use(`{"response_type":"in_channel","text":"a"}`); status != 200 {
			t.Errorf("use %d: %d %s", i+1, status, raw)
		}
	}
	if status, raw := use(`{"text":"a"}`); status != 400 || !strings.Contains(raw, "web.command_webhook.general.app_error") {
		t.Errorf("sixth use: %d %s", status, raw)
	}
	if n := len(sari.Posts(dm)); n != 5 {
		t.Errorf("%d posts", n)
	}
	if err := sari.Slash(dm, "/duty"); err != nil {
		t.Fatal(err)
	}
	now = now.Add(31 * time.Minute)
	if status, raw := use(`{"text":"a"}`); status != 404 {
		t.Errorf("too late: %d %s", status, raw)
	}
}
