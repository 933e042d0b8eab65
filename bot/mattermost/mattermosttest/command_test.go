package mattermosttest_test

import (
	"slices"
	"strings"
	"testing"

	"resetpin/bot/mattermost/mattermosttest"
)

func TestMakingCommands(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{})
	admin := w.AdminToken()
	w.AddCommand("ada", w.hook.URL)
	other := w.AddTeam("lain")
	const dup, bad = "api.command.duplicate_trigger.app_error", "model.command.is_valid.trigger.app_error"
	for name, one := range map[string]struct {
		token   string
		change  object
		status  int
		failure string
	}{
		"good":           {admin, object{"trigger": "Baru"}, 201, ""},
		"in other team":  {admin, object{"trigger": "ada", "team_id": other}, 201, ""},
		"duplicate":      {admin, object{"trigger": "ADA"}, 400, dup},
		"built in":       {admin, object{"trigger": "status"}, 400, dup},
		"space":          {admin, object{"trigger": "a b"}, 400, bad},
		"slash":          {admin, object{"trigger": "/a"}, 400, bad},
		"empty":          {admin, object{"trigger": ""}, 400, bad},
		"long":           {admin, object{"trigger": strings.Repeat("x", 129)}, 400, bad},
		"bad address":    {admin, object{"url": "ftp://x"}, 400, "model.command.is_valid.url_http.app_error"},
		"bad method":     {admin, object{"method": "X"}, 400, "model.command.is_valid.method.app_error"},
		"by the bot":     {w.token, object{}, 403, "api.context.permissions.app_error"},
		"in no team":     {admin, object{"team_id": strings.Repeat("a", 26)}, 403, "api.context.permissions.app_error"},
		"without token":  {"", object{}, 401, "api.context.session_expired.app_error"},
		"with bad token": {"bad", object{}, 401, "api.context.session_expired.app_error"},
	} {
		body := object{"team_id": w.TeamID(), "trigger": "lagi", "method": "P", "url": w.hook.URL}
		for k, v := range one.change {
			body[k] = v
		}
		status, f := w.call(one.token, "POST", "/commands", body)
		if id, _ := f["id"].(string); status != one.status || one.failure != "" && id != one.failure {
			t.Errorf("%s: %d %v", name, status, f)
		}
	}
	var triggers []string
	for _, c := range w.Commands() {
		triggers = append(triggers, c.Trigger)
	}
	slices.Sort(triggers)
	if got := strings.Join(triggers, " "); got != "ada ada baru" {
		t.Errorf("commands %s", got)
	}
	w.Set(func(s *mattermosttest.Settings) { s.EnableCommands = false })
	if status, f := w.call(admin, "POST", "/commands", object{"team_id": w.TeamID(), "trigger": "x", "method": "P", "url": w.hook.URL}); status != 501 {
		t.Errorf("switched off: %d %v", status, f)
	}
}

func TestChangingCommands(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{})
	admin := w.AdminToken()
	status, made := w.call(admin, "POST", "/commands", object{
		"team_id": w.TeamID(), "trigger": "ada", "method": "P", "url": w.hook.URL, "auto_complete": true, "auto_complete_hint": "[x]",
		"autocomplete_data": object{"Trigger": "ada"},
	})
	if status != 201 || made["autocomplete_data"] == nil {
		t.Fatal(made)
	}
	path := "/commands/" + made["id"].(string)
	_, got := w.call(admin, "GET", path, nil)
	if got["autocomplete_data"] != nil || got["token"] != made["token"] {
		t.Errorf("kept %v", got)
	}
	got["url"], got["token"], got["trigger"] = w.hook.URL+"/baru", "forged", "status" // duplicates are not looked for
	if status, now := w.call(admin, "PUT", path, got); status != 200 || now["url"] != w.hook.URL+"/baru" || now["token"] != made["token"] {
		t.Errorf("changed: %d %v", status, now)
	}
	if status, f := w.call(w.token, "GET", path, nil); status != 404 {
		t.Errorf("the bot sees it: %d %v", status, f)
	}
	list := "/commands?team_id=" + w.TeamID()
	if status, _ := w.raw(w.token, "GET", "/api/v4"+list, nil); status != 403 {
		t.Errorf("the bot lists the commands of a team that it is not in: %d", status)
	}
	w.JoinTeam(w.TeamID(), w.bot)
	_, raw := w.raw(w.token, "GET", "/api/v4"+list, nil)
	if text := string(raw); strings.Contains(text, made["token"].(string)) || strings.Contains(text, w.hook.URL) || !strings.Contains(text, `"[x]"`) || !strings.Contains(text, `"trigger":"shrug"`) {
		t.Errorf("the bot sees %s", text)
	}
	if status, _ := w.raw(w.token, "GET", "/api/v4"+list+"&custom_only=true", nil); status != 403 {
		t.Errorf("the bot lists custom commands: %d", status)
	}
	_, raw = w.raw(admin, "GET", "/api/v4"+list+"&custom_only=true", nil)
	if text := string(raw); !strings.Contains(text, made["token"].(string)) || strings.Contains(text, "shrug") {
		t.Errorf("the administrator sees %s", text)
	}
	for _, want := range []int{200, 404} {
		if status, f := w.call(admin, "DELETE", path, nil); status != want {
			t.Errorf("delete: %d %v", status, f)
		}
	}
}

func TestBotsAndTeams(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{})
	admin, sari := w.AdminToken(), w.Person("sari")
	status, b := w.call(admin, "POST", "/bots", object{"username": "robot", "display_name": "Robot"})
	if status != 201 {
		t.Fatal(b)
	}
	id := b["user_id"].(string)
	if status, f := w.call(admin, "POST", "/bots", object{"username": "robot"}); status != 400 || f["id"] != "app.user.save.username_exists.app_error" {
		t.Errorf("twice: %d %v", status, f)
	}
	if status, f := w.call(sari.Token(), "POST", "/bots", object{"username": "robot2"}); status != 403 {
		t.Errorf("by anybody: %d %v", status, f)
	}
	_, tok := w.call(admin, "POST", "/users/"+id+"/tokens", object{"description": "x"})
	if status, me := w.call(tok["token"].(string), "GET", "/users/me", nil); status != 200 || me["is_bot"] != true {
		t.Errorf("me: %d %v", status, me)
	}
	members := "/teams/" + w.TeamID() + "/members"
	if status, f := w.call(tok["token"].(string), "POST", members, object{"team_id": w.TeamID(), "user_id": id}); status != 403 {
		t.Errorf("joins by itself: %d %v", status, f)
	}
	if status, f := w.call(admin, "GET", members+"/"+id, nil); status != 404 {
		t.Errorf("a member before: %d %v", status, f)
	}
	for range 2 {
		if status, f := w.call(admin, "POST", members, object{"team_id": w.TeamID(), "user_id": id}); status != 201 {
			t.Errorf("joins: %d %v", status, f)
		}
	}
	w.Set(func(s *mattermosttest.Settings) { s.EnableBotAccountCreation, s.EnableUserAccessTokens = false, false })
	if status, f := w.call(admin, "POST", "/bots", object{"username": "robot3"}); status != 403 || f["id"] != "api.bot.create_disabled" {
		t.Errorf("bots switched off: %d %v", status, f)
	}
	if status, f := w.call(admin, "POST", "/users/"+sari.ID()+"/tokens", object{"description": "x"}); status != 501 {
		t.Errorf("tokens switched off: %d %v", status, f)
	}
	if status, f := w.call(admin, "POST", "/users/tokens/revoke", object{"token_id": tok["id"]}); status != 200 {
		t.Errorf("revoke: %d %v", status, f)
	}
	if status, f := w.call(tok["token"].(string), "GET", "/users/me", nil); status != 401 || f["id"] != "api.context.session_expired.app_error" {
		t.Errorf("revoked: %d %v", status, f)
	}
	for _, path := range []string{"/config/client", "/nope", "/users/zz", "/users/" + strings.Repeat("a", 26), "/users/username/nope", "/teams/name/nope"} {
		want := map[string]int{"/config/client": 501, "/users/zz": 400}[path]
		if want == 0 {
			want = 404
		}
		if status, f := w.call(admin, "GET", path, nil); status != want {
			t.Errorf("%s: %d %v", path, status, f)
		}
	}
	if _, c := w.call("", "GET", "/config/client?format=old", nil); c["SiteURL"] != w.URL() || c["EnableBotAccountCreation"] != "false" {
		t.Errorf("config %v", c)
	}
}
