package mattermosttest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"resetpin/bot/mattermost/mattermosttest"
)

// picture is a small PNG.
func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// upload uploads a picture and gives its id.
func (w *world) upload(token, channel string) string {
	w.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("channel_id", channel); err != nil {
		w.t.Fatal(err)
	}
	part, err := form.CreateFormFile("files", "langkah 1.png")
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := part.Write(picture(w.t)); err != nil {
		w.t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		w.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.URL()+"/api/v4/files", &body)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", form.FormDataContentType())
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	var up struct {
		Files []struct {
			ID     string `json:"id"`
			Width  int    `json:"width"`
			Height int    `json:"height"`
		} `json:"file_infos"`
	}
	if err := json.Unmarshal(raw, &up); err != nil || resp.StatusCode != http.StatusCreated || len(up.Files) != 1 || up.Files[0].Width != 3 {
		w.t.Fatalf("upload: %d %s", resp.StatusCode, raw)
	}
	return up.Files[0].ID
}

func TestWritingPosts(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{})
	sari := w.Person("sari")
	dm := sari.DM(w.bot)
	root := w.post(object{"channel_id": dm, "message": "utas"})
	reply := w.post(object{"channel_id": dm, "message": "balasan", "root_id": root})
	square := w.Channel(w.TeamID(), "town-square")
	const denied, long, badRoot = "api.context.permissions.app_error", "model.post.is_valid.message_length.app_error", "api.post.create_post.root_id.app_error"
	for name, one := range map[string]struct {
		body   any
		status int
		id     string
	}{
		"empty":              {object{"message": ""}, 201, ""},
		"16383 characters":   {object{"message": strings.Repeat("й", 16383)}, 201, ""},
		"16384 characters":   {object{"message": strings.Repeat("x", 16384)}, 400, long},
		"large props":        {object{"props": object{"a": strings.Repeat("x", 299000)}}, 201, ""},
		"body too large":     {object{"message": strings.Repeat("x", 300600)}, 413, "api.context.request_body_too_large.app_error"},
		"no object":          {`"x"`, 400, "api.context.invalid_body_param.app_error"},
		"system's type":      {object{"type": "system_x"}, 400, "api.context.invalid_param.app_error"},
		"custom type":        {object{"type": "custom_x"}, 201, ""},
		"unknown channel":    {object{"channel_id": strings.Repeat("a", 26)}, 403, denied},
		"no channel":         {object{"channel_id": ""}, 403, denied},
		"not in the channel": {object{"channel_id": square}, 403, denied},
		"unknown root":       {object{"root_id": strings.Repeat("a", 26)}, 400, badRoot},
		"a reply as root":    {object{"root_id": reply}, 400, badRoot},
		"40 buttons":         {object{"props": buttons(slices.Repeat([]object{w.act("a1", nil)}, 40)...)}, 201, ""},
		"11 files":           {object{"file_ids": elevenIDs()}, 400, "model.post.is_valid.file_ids.app_error"},
		"another's name":     {object{"props": object{"override_username": "X", "from_webhook": "true"}}, 201, ""},
	} {
		body := one.body
		if o, ok := body.(object); ok && o["channel_id"] == nil {
			o["channel_id"] = dm
		}
		status, p := w.call(w.token, "POST", "/posts", body)
		if id, _ := p["id"].(string); status != one.status || one.id != "" && id != one.id {
			t.Errorf("%s: %d %.200v", name, status, p)
		}
	}
	body := object{"channel_id": dm, "message": "sekali", "pending_post_id": w.bot + ":1"}
	if a, b := w.post(body), w.post(body); a != b {
		t.Error("a repeated post was written twice")
	}
	if status, f := w.call(w.token, "POST", "/posts/ephemeral", object{"user_id": sari.ID(), "post": object{"channel_id": dm, "message": "x"}}); status != 403 {
		t.Errorf("ephemeral by the bot: %d %v", status, f)
	}
	if status, f := w.call(w.AdminToken(), "POST", "/posts/ephemeral", object{"user_id": sari.ID(), "post": object{"channel_id": dm, "message": "x"}}); status != 201 || !sari.Last(dm).Ephemeral {
		t.Errorf("ephemeral by an administrator: %d %v", status, f)
	}
}

func elevenIDs() []string {
	var ids []string
	for i := range 11 {
		ids = append(ids, fmt.Sprintf("%026d", i))
	}
	return ids
}

// TestRepeatedPostAfterAWhile: the ids of pending posts are known for 30 s.
func TestRepeatedPostAfterAWhile(t *testing.T) {
	t.Parallel()
	now := time.Now()
	w := start(t, mattermosttest.Options{Now: func() time.Time { return now }})
	body := object{"channel_id": w.Person("sari").DM(w.bot), "message": "sekali", "pending_post_id": "x"}
	first := w.post(body)
	now = now.Add(31 * time.Second)
	if w.post(body) == first {
		t.Error("still known")
	}
}

func TestEditingPosts(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{})
	sari := w.Person("sari")
	dm := sari.DM(w.bot)
	id := w.post(object{"channel_id": dm, "message": "a", "props": buttons(w.act("a1", nil))})
	path := "/posts/" + id
	_, raw := w.raw(w.token, "GET", "/api/v4"+path, nil)
	if strings.Contains(string(raw), "integration") || strings.Contains(string(raw), w.hook.URL) {
		t.Errorf("told %s", raw)
	}
	status, now := w.call(w.token, "PUT", path+"/patch", object{"message": "b"})
	if status != 200 || now["edit_at"] == 0.0 {
		t.Errorf("patch: %d %v", status, now)
	}
	if err := sari.Click(id, "a1"); err != nil {
		t.Error("after a patch of the words:", err)
	}
	_, same := w.call(w.token, "PUT", path+"/patch", object{"props": buttons(w.act("a1", nil))})
	if same["edit_at"] != now["edit_at"] {
		t.Error("the same content counts as edited")
	}
	_, read := w.call(w.token, "GET", path, nil)
	if status, f := w.call(w.token, "PUT", path, read); status != 200 {
		t.Errorf("put: %d %v", status, f)
	}
	wants(t, sari.Click(id, "a1"), 404, "api.post.do_action.action_id.app_error")
	if _, p := w.call(w.token, "PUT", path, object{"id": id, "message": "c", "props": object{}}); len(p["props"].(object)) != 0 {
		t.Errorf("props %v", p["props"])
	}
	others, err := sari.Type(dm, "rahasia")
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct {
		name, method, path string
		body               any
		status             int
	}{
		{"another id", "PUT", path, object{"id": others, "message": "x"}, 400},
		{"long", "PUT", path, object{"id": id, "message": strings.Repeat("x", 16384)}, 400},
		{"another's", "PUT", "/posts/" + others, object{"id": others, "message": "x"}, 403},
		{"patch another's", "PUT", "/posts/" + others + "/patch", object{"message": "x"}, 403},
		{"delete another's", "DELETE", "/posts/" + others, nil, 403},
		{"delete", "DELETE", path, nil, 200},
		{"no id", "GET", "/posts/zz", nil, 400},
	} {
		if status, f := w.call(w.token, one.method, one.path, one.body); status != one.status {
			t.Errorf("%s: %d %v", one.name, status, f)
		}
	}
	for method, want := range map[string]int{"GET": 404, "DELETE": 404, "PUT": 403} {
		if status, f := w.call(w.token, method, path, object{"id": id, "message": "x"}); status != want {
			t.Errorf("%s of a deleted post: %d %v", method, status, f)
		}
	}
	w.Grant(w.bot, mattermosttest.Rights{DeleteOthers: true})
	if status, f := w.call(w.token, "DELETE", "/posts/"+others, nil); status != 200 || len(sari.Posts(dm)) != 0 {
		t.Errorf("with the right: %d %v", status, f)
	}
}

func TestPostsSince(t *testing.T) {
	t.Parallel()
	now := time.Now()
	w := start(t, mattermosttest.Options{Now: func() time.Time { return now }})
	tick := func() { now = now.Add(time.Second) }
	sari := w.Person("sari")
	dm := sari.DM(w.bot)
	root, err := sari.Type(dm, "lama")
	if err != nil {
		t.Fatal(err)
	}
	tick()
	since := now.UnixMilli() - 1
	edited, err := sari.Type(dm, "a")
	if err != nil {
		t.Fatal(err)
	}
	tick()
	if err := sari.Edit(edited, "b"); err != nil {
		t.Fatal(err)
	}
	tick()
	gone, err := sari.Reply(dm, root, "c")
	if err != nil {
		t.Fatal(err)
	}
	tick()
	if err := sari.Delete(gone); err != nil {
		t.Fatal(err)
	}
	_, list := w.call(w.token, "GET", fmt.Sprintf("/channels/%s/posts?since=%d", dm, since), nil)
	var shown []string
	for _, id := range list["order"].([]any) {
		p := list["posts"].(object)[id.(string)].(object)
		kind := p["message"].(string)
		switch {
		case p["original_id"] != "":
			kind = "version of " + p["original_id"].(string)
		case p["delete_at"] != 0.0:
			kind = "deleted"
		}
		shown = append(shown, kind)
	}
	// the old version of an edited post is there too, and a thread's root
	// changes with its replies
	want := []string{"deleted", "b", "version of " + edited, "lama"}
	if slices.Sort(shown); !slices.Equal(shown, slices.Sorted(slices.Values(want))) {
		t.Errorf("since: %q", shown)
	}
	_, list = w.call(w.token, "GET", "/channels/"+dm+"/posts?per_page=1", nil)
	if order := list["order"].([]any); len(order) != 1 || order[0] != edited || list["prev_post_id"] != root {
		t.Errorf("page: %v", list)
	}
	if status, f := w.call(w.token, "GET", "/channels/"+dm+"/posts?since=x", nil); status != 400 {
		t.Errorf("bad time: %d %v", status, f)
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{})
	sari := w.Person("sari")
	dm := sari.DM(w.bot)
	first, second, hers := w.upload(w.token, dm), w.upload(w.token, dm), w.upload(sari.Token(), dm)
	id := w.post(object{"channel_id": dm, "message": "a", "file_ids": []string{first}})
	seen, _ := sari.Post(id)
	if len(seen.Files) != 1 || seen.Files[0].Name != "langkah 1.png" || seen.Files[0].Type != "image/png" || !bytes.Equal(seen.Files[0].Data, picture(t)) {
		t.Errorf("seen %+v", seen.Files)
	}
	for name, file := range map[string]string{"used": first, "another's": hers, "unknown": strings.Repeat("a", 26)} {
		if _, p := w.call(w.token, "POST", "/posts", object{"channel_id": dm, "message": "x", "file_ids": []string{file}}); p["file_ids"] != nil || p["id"] == nil {
			t.Errorf("%s: %v", name, p)
		}
	}
	put := func(files any) []any {
		t.Helper()
		_, p := w.call(w.token, "PUT", "/posts/"+id, object{"id": id, "message": "a", "file_ids": files})
		out, _ := p["file_ids"].([]any)
		return out
	}
	for _, one := range []struct {
		name  string
		files any
		want  []any
	}{
		{"another", []string{second}, []any{second}},
		{"null keeps", nil, []any{second}},
		{"taken off, it is gone", []string{first, second}, []any{second}},
		{"none", []string{}, []any{}},
	} {
		if got := put(one.files); !slices.Equal(got, one.want) {
			t.Errorf("%s: %v", one.name, got)
		}
	}
	if status, _ := w.raw(w.token, "GET", "/api/v4/files/"+second, nil); status != 404 {
		t.Errorf("a file that was taken off: %d", status)
	}
	third := w.upload(w.token, dm)
	w.post(object{"channel_id": dm, "message": "b", "file_ids": []string{third}})
	if status, raw := w.raw(sari.Token(), "GET", "/api/v4/files/"+third, nil); status != 200 || !bytes.Equal(raw, picture(t)) {
		t.Errorf("read: %d", status)
	}
	if status, _ := w.raw(w.Person("tamu").Token(), "GET", "/api/v4/files/"+third, nil); status != 403 {
		t.Errorf("read by a stranger: %d", status)
	}
}
