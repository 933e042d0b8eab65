package mattermost_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"resetpin/bot"
	"resetpin/bot/mattermost"
	"resetpin/bot/mattermost/mattermosttest"
)

type object = map[string]any

// sends makes a request as anybody can.
func (w *world) sends(method, path, kind, body string) (int, string) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.ctx(), method, w.hook.URL+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	r, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return r.StatusCode, string(raw)
}

func (w *world) sendsJSON(path string, body any) (int, string) {
	w.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.sends(http.MethodPost, path, "application/json", string(raw))
}

const formKind = "application/x-www-form-urlencoded"

// typed is a good slash command's form.
func (w *world) typed(more url.Values) url.Values {
	f := url.Values{
		"token": {w.command}, "team_id": {w.mm.TeamID()}, "team_domain": {"kantor"},
		"user_id": {w.sari.ID()}, "channel_id": {w.dm}, "channel_name": {"x"}, "command": {"/resetpin"},
		"trigger_id": {w.mm.Trigger(w.sari.ID(), time.Now())}, "response_url": {w.mm.URL() + "/hooks/commands/" + rand26()},
	}
	maps.Copy(f, more)
	return f
}

func TestOnlyTheServersCommandsAreTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, tt := range map[string]struct {
		method string
		form   url.Values
		status int
		words  string
	}{
		"no token":      {"POST", w.typed(url.Values{"token": nil}), 401, "Unauthorized"},
		"another token": {"POST", w.typed(url.Values{"token": {strings.Repeat("a", 26)}}), 401, "Unauthorized"},
		"a part of one": {"POST", w.typed(url.Values{"token": {w.command[:25]}}), 401, "Unauthorized"},
		"the bot's own": {"POST", w.typed(url.Values{"token": {w.secret}}), 401, "Unauthorized"},
		"GET":           {"GET", w.typed(nil), 405, "Method"},
		"another team":  {"POST", w.typed(url.Values{"team_id": {rand26()}}), 401, "Unauthorized"},
		"no team":       {"POST", w.typed(url.Values{"team_id": nil}), 401, "Unauthorized"},
		"no user":       {"POST", w.typed(url.Values{"user_id": nil}), 200, "belum bisa memastikan"},
		"odd user":      {"POST", w.typed(url.Values{"user_id": {"../../x"}}), 200, "belum bisa memastikan"},
	} {
		path, body := "/mattermost/command", tt.form.Encode()
		if tt.method == http.MethodGet {
			path, body = path+"?"+body, ""
		}
		if status, got := w.sends(tt.method, path, formKind, body); status != tt.status || !strings.Contains(got, tt.words) {
			t.Errorf("%s: %d %s", name, status, got)
		}
	}
	if status, _ := w.sends("POST", "/mattermost/command?"+w.typed(nil).Encode(), formKind, ""); status != 401 {
		t.Errorf("a token in the address: %d", status)
	}
	if got := w.engine.updates(); len(got) != 0 {
		t.Errorf("handed over %+v", got)
	}
	w.engine.answers(say("ya"))
	again := w.typed(nil).Encode()
	_, first := w.sends("POST", "/mattermost/command", formKind, again)
	_, second := w.sends("POST", "/mattermost/command", formKind, again)
	if n := len(w.engine.updates()); n != 1 || !strings.Contains(first, "pesan langsung") || second != "{}" {
		t.Errorf("sent twice it counts %d times, answered %s and %s", n, first, second)
	}
}

// pressed gives what the server sends when sari presses the first button of
// a message, and the button's post.
func (w *world) pressed(r bot.Reply) (object, mattermosttest.Post) {
	w.t.Helper()
	post := w.deliver(w.to(), r)
	var sent struct {
		Props struct {
			Attachments []struct {
				Actions []struct{ Integration struct{ Context object } }
			}
		}
	}
	calls := w.mm.Calls()
	if err := json.Unmarshal([]byte(calls[len(calls)-1].Body), &sent); err != nil {
		w.t.Fatal(err)
	}
	return object{
		"user_id": w.sari.ID(), "channel_id": w.dm, "channel_name": "x", "post_id": post.ID, "trigger_id": w.mm.Trigger(w.sari.ID(), time.Now()),
		"context": sent.Props.Attachments[0].Actions[0].Integration.Context,
	}, post
}

var oneButton = bot.Reply{Messages: []bot.Message{{Text: "?", Buttons: [][]bot.Button{{{Text: "Ya", Action: bot.Action{Name: "yes"}}}}}}}

func TestOnlyTheBotsOwnButtonsCount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good, _ := w.pressed(oneButton)
	seal := good["context"].(object)
	for name, tt := range map[string]struct {
		change object
		status int
		words  string
	}{
		"another user":        {object{"user_id": w.mm.Person("budi").ID(), "trigger_id": w.mm.Trigger(w.mm.Person("budi").ID(), time.Now())}, 200, "{}"},
		"a borrowed trigger":  {object{"user_id": w.mm.Person("budi").ID()}, 200, "{}"},
		"no user":             {object{"user_id": ""}, 200, "{}"},
		"no trigger":          {object{"trigger_id": ""}, 200, "{}"},
		"an old trigger":      {object{"trigger_id": w.mm.Trigger(w.sari.ID(), time.Now().Add(-31*time.Second))}, 200, "{}"},
		"another channel":     {object{"channel_id": rand26()}, 401, ""},
		"no context":          {object{"context": nil}, 401, ""},
		"no signature":        {object{"context": object{"s": seal["s"]}}, 401, ""},
		"no seal":             {object{"context": object{"t": seal["t"]}}, 401, ""},
		"another seal":        {object{"context": object{"s": seal["s"].(string) + "A", "t": seal["t"]}}, 401, ""},
		"another action":      {object{"context": object{"s": seal["s"], "t": strings.Replace(seal["t"].(string), "yes", "no", 1)}}, 401, ""},
		"seals of wrong type": {object{"context": object{"s": 5, "t": []string{"x"}}}, 401, ""},
		"wrong types":         {object{"user_id": 5}, 401, ""},
	} {
		body := maps.Clone(good)
		maps.Copy(body, tt.change)
		if status, got := w.sendsJSON("/mattermost/action", body); status != tt.status || !strings.Contains(got, tt.words) {
			t.Errorf("%s: %d %s", name, status, got)
		}
	}
	stranger := bot.NewSigner(bytes.Repeat([]byte("x"), 32))
	forged, err := stranger.Sign(bot.Account{Platform: bot.Mattermost, ID: "scope " + seal["s"].(string)}, bot.Action{Name: "yes"}, w.mm.Calls()[0].At)
	if err != nil {
		t.Fatal(err)
	}
	body := maps.Clone(good)
	body["context"] = object{"s": seal["s"], "t": forged}
	if status, _ := w.sendsJSON("/mattermost/action", body); status != 401 {
		t.Errorf("signed with another key: %d", status)
	}
	if n := len(w.engine.updates()); n != 0 {
		t.Errorf("%d were handed over", n)
	}
	w.engine.answers(bot.Reply{Notice: "baik"})
	_, first := w.sendsJSON("/mattermost/action", good)
	_, second := w.sendsJSON("/mattermost/action", good)
	if n := len(w.engine.updates()); n != 1 || first != "{}" || second != "{}" || w.sari.Last(w.dm).Text != "baik" {
		t.Errorf("replayed it counts %d times, answered %s and %s", n, first, second)
	}
}

func TestAForeignPressInAChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	town := w.mm.Channel(w.mm.TeamID(), "town-square")
	w.mm.JoinChannel(town, w.botID)
	to := w.to()
	to.Chat, to.Private = town, false
	w.deliver(to, oneButton)
	budi := w.mm.Person("budi")
	if err := budi.Press(budi.Last(town).ID, "Ya"); err != nil {
		t.Fatal(err)
	}
	if got := budi.Last(budi.DM(w.botID)); got.Text != "Tombol ini bukan untuk Anda." || len(w.engine.updates()) != 0 {
		t.Errorf("budi sees %+v", got)
	}
}

// TestTheWordsAreThoseOfTheirReader: of who pressed, not of who was shown the
// button; and somebody whose language cannot be found out is not kept waiting.
func TestTheWordsAreThoseOfTheirReader(t *testing.T) {
	t.Parallel()
	var w *world
	w = newWorld(t, func(c *mattermost.Config, _ *mattermosttest.Options) {
		c.Words = func(ctx context.Context, user string) mattermost.Words {
			if user != w.sari.ID() {
				return mattermost.Words{Foreign: "Not yours."}
			}
			<-ctx.Done()
			return theWords(ctx, user)
		}
	})
	town := w.mm.Channel(w.mm.TeamID(), "town-square")
	w.mm.JoinChannel(town, w.botID)
	budi := w.mm.Person("budi")
	for _, c := range []struct {
		shown, presses *mattermosttest.Person
		want           string
	}{{w.sari, budi, "Not yours."}, {budi, w.sari, "Tombol ini bukan untuk Anda."}} {
		to := bot.Origin{Account: bot.Account{Platform: bot.Mattermost, ID: c.shown.ID()}, Chat: town}
		w.deliver(to, oneButton)
		if err := c.presses.Press(c.presses.Last(town).ID, "Ya"); err != nil {
			t.Fatal(err)
		}
		if got := c.presses.Last(c.presses.DM(w.botID)); got.Text != c.want {
			t.Errorf("said %q, want %q", got.Text, c.want)
		}
	}
}

// opens lets sari open a dialog of two fields from the direct message.
func (w *world) opens() mattermosttest.Dialog {
	w.t.Helper()
	w.engine.answers(bot.Reply{Form: &nipForm, Messages: []bot.Message{{Text: "atau tulis"}}})
	if err := w.sari.Slash(w.dm, "/resetpin link"); err != nil {
		w.t.Fatal(err)
	}
	w.until("a dialog", func() bool { return w.sari.Dialog() != nil })
	return *w.sari.Dialog()
}

var nipForm = bot.Form{
	Action: bot.Action{Name: "link.nip", Arg: "1"}, Title: "Hubungkan", Intro: "Isi **NIP**", Submit: "Kirim",
	Fields: []bot.Field{{Name: "nip", Label: "NIP", Help: "18 angka", MaxLength: 30}, {Name: "code", Label: "Kode", Placeholder: "123", MaxLength: 6}},
}

func TestDialogs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.opens()
	asked := model.SubmitDialogRequest{URL: d.URL, CallbackId: d.CallbackID, State: d.State, ChannelId: w.dm, TeamId: w.mm.TeamID(), Submission: map[string]any{"query": "1", "selected_field": "nip"}}
	if got, _, err := w.api(w.sari.Token()).LookupInteractiveDialog(w.ctx(), asked); err != nil || got.Items == nil || len(got.Items) > 0 || len(w.engine.updates()) != 1 {
		t.Errorf("a client of 11.x asks for a field's choices and is told %+v, %v", got, err)
	}
	w.engine.answers(bot.Reply{Errors: map[string]string{"nip": "**NIP** itu salah"}})
	values := object{"nip": "1", "code": "2"}
	if err := w.sari.Submit(values); err != nil {
		t.Fatal(err)
	}
	if d := w.sari.Dialog(); d == nil || d.Errors["nip"] != "NIP itu salah" {
		t.Errorf("the dialog shows %+v", d)
	}
	w.engine.answers(say("terhubung"))
	if err := w.sari.Submit(values); err != nil || w.sari.Dialog() != nil {
		t.Errorf("%v, open: %v", err, w.sari.Dialog())
	}
	u := w.hears(3)[2]
	if u.Kind != bot.KindForm || u.Action.Name != "link.nip" || u.Action.Arg != "1" || u.Chat != w.dm || !maps.Equal(u.Fields, map[string]string{"nip": "1", "code": "2"}) {
		t.Errorf("heard %+v", u)
	}
	w.until("an answer", func() bool { return w.sari.Last(w.dm).Text == "terhubung" })
	w.opens()
	if err := w.sari.Cancel(); err != nil || len(w.engine.updates()) != 4 {
		t.Errorf("%v, heard %d", err, len(w.engine.updates()))
	}
}

func TestForgedDialogs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.opens()
	good := object{"type": "dialog_submission", "callback_id": d.CallbackID, "state": d.State, "user_id": w.sari.ID(), "channel_id": w.dm, "submission": object{"nip": "1"}}
	button, _ := w.pressed(oneButton)
	seal := button["context"].(object)
	before := len(w.engine.updates())
	for name, tt := range map[string]struct {
		change object
		status int
		words  string
	}{
		"another user":    {object{"user_id": w.mm.Person("budi").ID()}, 200, "bukan untuk Anda"},
		"another dialog":  {object{"callback_id": "reset"}, 401, ""},
		"no state":        {object{"state": ""}, 401, ""},
		"another state":   {object{"state": "A" + d.State}, 401, ""},
		"a button's seal": {object{"state": seal["s"].(string) + "." + seal["t"].(string), "callback_id": "yes"}, 401, ""},
		"wrong types":     {object{"state": 5}, 401, ""},
		"values no map":   {object{"submission": []int{1}}, 401, ""},
		"a lookup":        {object{"type": "dialog_lookup", "submission": object{"query": "a"}}, 200, `{"items":[]}`},
		"a refresh":       {object{"type": "dialog_refresh"}, 200, "{}"},
		"cancelled":       {object{"cancelled": true, "submission": object{}}, 200, "{}"},
	} {
		body := maps.Clone(good)
		maps.Copy(body, tt.change)
		if status, got := w.sendsJSON("/mattermost/dialog", body); status != tt.status || !strings.Contains(got, tt.words) {
			t.Errorf("%s: %d %s", name, status, got)
		}
	}
	if n := len(w.engine.updates()); n != before {
		t.Errorf("%d were handed over", n-before)
	}
	w.engine.answers(say("ya"))
	odd := object{"nip": strings.Repeat("é", 5000), "unknown": "x", "n": 1, "none": nil, "list": []int{1}, strings.Repeat("k", 65): "x"}
	for i := range 40 {
		odd["f"+string(rune('A'+i))] = "y"
	}
	if _, err := w.sari.SubmitForged(d, odd); err != nil {
		t.Fatal(err)
	}
	u := w.hears(before + 1)[before]
	if len(u.Fields) != 16 || len([]rune(u.Fields["nip"])) > 3000 || u.Fields["n"] != "" {
		t.Errorf("%d fields, %d characters", len(u.Fields), len(u.Fields["nip"]))
	}
	if _, got := w.sendsJSON("/mattermost/dialog", good); !strings.Contains(got, "sudah saya terima") || len(w.engine.updates()) != before+1 {
		t.Errorf("submitted again: %s", got)
	}
}
