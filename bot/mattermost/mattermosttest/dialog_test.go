package mattermosttest_test

import (
	"encoding/base64"
	"errors"
	"io"
	"maps"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"resetpin/bot/mattermost/mattermosttest"
)

func (w *world) dialog(more object) object {
	d := object{"callback_id": "cb1", "title": "Hubungkan", "state": "st4te", "elements": []object{
		{"display_name": "NIP", "name": "nip", "type": "text", "min_length": 2, "max_length": 5},
		{"display_name": "Catatan", "name": "note", "type": "text", "optional": true},
		{"display_name": "Setuju", "name": "flag", "type": "bool", "optional": true},
	}}
	for k, v := range more {
		d[k] = v
	}
	return d
}

// trigger lets a person click, and gives the trigger that the bot got.
func (w *world) trigger(p *mattermosttest.Person) string {
	w.t.Helper()
	id := w.post(object{"channel_id": p.DM(w.bot), "message": "m", "props": buttons(w.act("a1", nil))})
	if err := p.Click(id, "a1"); err != nil {
		w.t.Fatal(err)
	}
	return trigger(w)
}

func (w *world) open(trigger string, dialog object) (int, object) {
	w.t.Helper()
	return w.call("", "POST", "/actions/dialogs/open", object{"trigger_id": trigger, "url": w.hook.URL + "/dialog", "dialog": dialog})
}

func TestOpeningADialog(t *testing.T) {
	t.Parallel()
	now := time.Now()
	w := start(t, mattermosttest.Options{Now: func() time.Time { return now }})
	sari, budi := w.Person("sari"), w.Person("budi")
	socket, other := w.dial(sari.Token(), ""), w.dial(budi.Token(), "")
	socket.next("hello") // else what comes before it is not heard
	other.next("hello")
	trig := w.trigger(sari)
	plain, err := base64.StdEncoding.DecodeString(trig)
	if parts := strings.Split(string(plain), ":"); err != nil || len(parts) != 4 || parts[1] != sari.ID() {
		t.Fatalf("trigger %s", plain)
	}
	for range 2 { // it is not for a single use, and takes no token
		if status, f := w.open(trig, w.dialog(nil)); status != 200 {
			t.Fatalf("%d %v", status, f)
		}
	}
	told := socket.next("open_dialog")["data"].(object)["dialog"].(string)
	if !strings.Contains(told, `"state":"st4te"`) || !strings.Contains(told, w.hook.URL) || strings.Contains(told, trig) {
		t.Errorf("the client is told %s", told)
	}
	if d := sari.Dialog(); d == nil || d.Title != "Hubungkan" || len(d.Elements) != 3 || budi.Dialog() != nil {
		t.Errorf("dialog %+v", d)
	}
	for name, bad := range map[string]object{
		"no title": {"title": ""}, "long title": {"title": strings.Repeat("x", 25)}, "unknown kind": {"elements": []object{{"name": "x", "type": "zzz"}, {"name": "x"}}},
	} {
		if status, f := w.open(trig, w.dialog(bad)); status != 200 {
			t.Errorf("%s: %d %v", name, status, f)
		}
	}
	const prefix = "interactive_message.decode_trigger_id."
	forged := base64.StdEncoding.EncodeToString([]byte(strings.Replace(string(plain), sari.ID(), budi.ID(), 1)))
	for trigger, id := range map[string]string{
		"zzz": "base64_decode_failed", "YTpi": "missing_data", base64.StdEncoding.EncodeToString([]byte("a:b:5:d")): "expired", forged: "verify_signature_failed",
	} {
		if status, f := w.open(trigger, w.dialog(nil)); status != 400 || f["id"] != prefix+id {
			t.Errorf("%s: %d %v", trigger, status, f)
		}
	}
	if status, f := w.call("", "POST", "/actions/dialogs/open", object{"trigger_id": trig}); status != 400 {
		t.Errorf("no address: %d %v", status, f)
	}
	now = now.Add(29 * time.Second)
	if status, f := w.open(trig, w.dialog(nil)); status != 200 {
		t.Errorf("after 29 s: %d %v", status, f)
	}
	now = now.Add(2 * time.Second)
	if status, f := w.open(trig, w.dialog(nil)); status != 400 || f["id"] != prefix+"expired" || !strings.Contains(f["message"].(string), "maximum of 30s") {
		t.Errorf("after 31 s: %d %v", status, f)
	}
	select {
	case f := <-other.frames:
		if f["event"] == "open_dialog" {
			t.Error("another was told of the dialog")
		}
	default:
	}
}

func TestSubmittingADialog(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{})
	sari := w.Person("sari")
	dm := sari.DM(w.bot)
	trig := w.trigger(sari)
	if _, err := sari.Type(dm, "x"); err != nil { // there the client sits
		t.Fatal(err)
	}
	show := func(more object) {
		t.Helper()
		if status, f := w.open(trig, w.dialog(more)); status != 200 {
			t.Fatal(f)
		}
	}
	show(nil)
	for name, values := range map[string]map[string]any{
		"required": {}, "empty": {"nip": ""}, "short": {"nip": "1"}, "long": {"nip": "123456"}, "unknown": {"nip": "12", "x": "y"},
	} {
		if err := sari.Submit(values); !errors.Is(err, mattermosttest.ErrField) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, one := range map[string]struct {
		status       int
		body         string
		open         bool
		words, field string
		failure      int
	}{
		"empty": {}, "{}": {body: `{}`}, "unknown keys": {body: `{"x":1}`},
		"error":   {body: `{"error":"salah"}`, open: true, words: "salah"},
		"errors":  {body: `{"error":"salah","errors":{"nip":"NIP?"}}`, open: true, words: "salah", field: "NIP?"},
		"bad":     {body: `ok`, open: true, words: "Encountered an error decoding JSON response from interactive dialog submission.", failure: 500},
		"201":     {status: 201, body: `{"errors":{"nip":"lost"}}`, open: true, words: "Action integration error.", failure: 400},
		"refused": {status: 403, body: `{"error":"lost"}`, open: true, words: "Action integration error.", failure: 400},
	} {
		show(nil)
		w.does(func(out http.ResponseWriter, _ *http.Request) {
			if one.status != 0 {
				out.WriteHeader(one.status)
			}
			_, _ = io.WriteString(out, one.body)
		})
		err := sari.Submit(map[string]any{"nip": "123"})
		var f *mattermosttest.Failure
		if errors.As(err, &f) != (one.failure != 0) || f != nil && f.Status != one.failure {
			t.Errorf("%s: %v", name, err)
		}
		d := sari.Dialog()
		if (d != nil) != one.open || d != nil && (d.Error != one.words || d.Errors["nip"] != one.field) {
			t.Errorf("%s: %+v", name, d)
		}
	}
	got, n := w.last()
	want := `{"type":"dialog_submission","callback_id":"cb1","state":"st4te","user_id":"` + sari.ID() + `","channel_id":"` + dm + `","team_id":"` + w.TeamID() +
		`","submission":{"flag":false,"nip":"123"},"cancelled":false}`
	if got.body != want {
		t.Errorf("sent %s", got.body)
	}
	show(nil)
	if err := sari.Cancel(); err != nil || sari.Dialog() != nil {
		t.Error(err)
	}
	if _, now := w.last(); now != n {
		t.Error("the bot was told though it did not ask for it")
	}
	show(object{"notify_on_cancel": true})
	w.says("application/json", `{}`)
	if err := sari.Cancel(); err != nil || sari.Dialog() != nil {
		t.Error(err)
	}
	if got, _ := w.last(); !strings.Contains(got.body, `"submission":{},"cancelled":true`) {
		t.Errorf("cancelled: %s", got.body)
	}
	if err := sari.Submit(nil); !errors.Is(err, mattermosttest.ErrNoDialog) {
		t.Error(err)
	}
}

// TestForgedSubmissions: only user, channel and team are looked at.
func TestForgedSubmissions(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{})
	sari, budi := w.Person("sari"), w.Person("budi")
	square := w.Channel(w.TeamID(), "town-square")
	good := func() object {
		return object{
			"url": w.hook.URL + "/dialog", "callback_id": "never opened", "state": "forged", "channel_id": square, "team_id": w.TeamID(),
			"user_id": sari.ID(), "submission": object{"nip": strings.Repeat("x", 5000), "unknown": 1},
		}
	}
	if status, f := w.call(budi.Token(), "POST", "/actions/dialogs/submit", good()); status != 200 || !reflect.DeepEqual(f, object{}) {
		t.Errorf("%d %v", status, f)
	}
	if got, _ := w.last(); !strings.Contains(got.body, `"user_id":"`+budi.ID()) || !strings.Contains(got.body, `"unknown":1`) || !strings.Contains(got.body, `"state":"forged"`) {
		t.Errorf("sent %.300s", got.body)
	}
	for name, one := range map[string]struct {
		without string
		status  int
	}{"no channel": {"channel_id", 404}, "no team": {"team_id", 403}, "no address": {"url", 400}} {
		body := good()
		delete(body, one.without)
		if status, f := w.call(budi.Token(), "POST", "/actions/dialogs/submit", body); status != one.status {
			t.Errorf("%s: %d %v", name, status, f)
		}
	}
	body := good()
	body["channel_id"] = sari.DM(w.bot)
	if status, f := w.call(budi.Token(), "POST", "/actions/dialogs/submit", body); status != 403 {
		t.Errorf("another's direct message: %d %v", status, f)
	}
	if answer, err := budi.SubmitForged(mattermosttest.Dialog{URL: w.hook.URL}, map[string]any{"a": "b"}); err == nil {
		t.Errorf("a client that sits nowhere: %s", answer)
	}
}

// TestLookups: as tried on 11.6. Any client may ask, of any dialog or none.
func TestLookups(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{})
	budi := w.Person("budi")
	ask := func(more object) (int, object) {
		in := object{
			"url": w.hook.URL + "/dialog", "callback_id": "never opened", "state": "forged", "channel_id": w.Channel(w.TeamID(), "town-square"), "team_id": w.TeamID(),
			"user_id": w.Person("sari").ID(), "submission": object{"query": "a", "selected_field": "nip"},
		}
		maps.Copy(in, more)
		return w.call(budi.Token(), "POST", "/actions/dialogs/lookup", in)
	}
	nothing := object{"items": nil}
	for body, want := range map[string]object{
		`{"items":[{"text":"a","value":"b"}]}`: {"items": []any{object{"text": "a", "value": "b"}}}, "": nothing, `{}`: nothing, `{"items":null}`: nothing,
	} {
		w.says("application/json", body)
		if status, got := ask(nil); status != 200 || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %d %v", body, status, got)
		}
	}
	if got, _ := w.last(); !strings.HasPrefix(got.body, `{"type":"dialog_lookup","callback_id":"never opened","state":"forged","user_id":"`+budi.ID()+`"`) || strings.Contains(got.body, "url") {
		t.Errorf("sent %s", got.body)
	}
	w.says("application/json", `ok`)
	if status, f := ask(nil); status != 500 || f["id"] != "app.lookup_interactive_dialog.decode_json_error" {
		t.Errorf("no JSON: %d %v", status, f)
	}
	for name, one := range map[string]struct {
		more   object
		status int
	}{
		"no address": {object{"url": ""}, 400}, "another kind": {object{"url": "ftp://x"}, 400}, "no channel": {object{"channel_id": "x"}, 404}, "no team": {object{"team_id": ""}, 403},
	} {
		if status, f := ask(one.more); status != one.status {
			t.Errorf("%s: %d %v", name, status, f)
		}
	}
}
