package sandbox

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// says makes the bot post into an employee's direct message and gives the
// status.
func (p pretend) says(key, props string) int {
	p.t.Helper()
	o := p.page.office
	body := fmt.Sprintf(`{"channel_id":%q,"message":"**Hai** <b>x</b>\nini [aman](javascript:x)","props":%s}`, p.page.people[key].colleague().direct, props)
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, o.server.URL()+"/api/v4/posts", strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+o.token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}

// sent posts to the page's server and gives the status and the body.
func (p pretend) sent(path, body string) (int, string) {
	p.t.Helper()
	answer, err := http.Post(p.url+path, "application/json", strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	said, err := io.ReadAll(answer.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return answer.StatusCode, string(said)
}

func chatOf(e map[string]any) (account string, messages []any) {
	chat := e["chat"].(map[string]any)
	return chat["account"].(string), chat["messages"].([]any)
}

func TestStreamTellsWhatHappensOnMattermost(t *testing.T) {
	p := newPretend(t)
	next, telegram := p.stream("issue?platform=mattermost"), p.stream("issue")
	if _, messages := chatOf(next("snapshot")); len(messages) != 0 {
		t.Fatalf("a new chat has messages: %v", messages)
	}
	if code := p.post("/people/issue/mattermost/type", `{"text":"halo"}`); code != http.StatusOK {
		t.Fatalf("type: %d", code)
	}
	if _, messages := chatOf(next("chat")); len(messages) != 1 || messages[0].(map[string]any)["author"] != "budi" {
		t.Errorf("after a post: %v", messages)
	}
	if code := p.says("issue", `{"attachments":[{"actions":[{"id":"b1","name":"Ya","style":"primary","integration":{"url":"http://127.0.0.1:1/"}}]}]}`); code != http.StatusCreated {
		t.Fatalf("the bot's post: %d", code)
	}
	_, messages := chatOf(next("chat"))
	m := messages[len(messages)-1].(map[string]any)
	if html := m["html"].(string); !strings.Contains(html, "<strong>Hai</strong>") || strings.Contains(html, "<b>") || strings.Contains(html, "javascript") {
		t.Errorf("the post became %s", html)
	}
	if buttons := fmt.Sprint(m["buttons"]); m["bot"] != true || !strings.Contains(buttons, "data:b1") {
		t.Errorf("the post: %v", m)
	}
	// A bot that does not answer is something to read.
	if code, said := p.sent("/people/issue/mattermost/press", fmt.Sprintf(`{"message":%q,"data":"b1"}`, m["id"])); code != http.StatusOK || !strings.Contains(said, `"error"`) {
		t.Errorf("press: %d %s", code, said)
	}
	telegram("snapshot")
	p.post("/people/issue/type", `{"text":"hai"}`)
	if e := telegram(""); e["kind"] != "message" {
		t.Errorf("the Telegram page heard of Mattermost: %v", e)
	}
}

func TestRefusalsOnMattermost(t *testing.T) {
	p := newPretend(t)
	if code, said := p.sent("/people/issue/mattermost/type", `{"text":"/nothing"}`); code != http.StatusOK || !strings.Contains(said, "not found") {
		t.Errorf("an unknown command: %d %s", code, said)
	}
	for path, c := range map[string]struct {
		body string
		want int
	}{
		"/people/issue/mattermost/type":   {`{"text":""}`, http.StatusBadRequest},
		"/people/nobody/mattermost/type":  {`{"text":"x"}`, http.StatusNotFound},
		"/people/issue/mattermost/press":  {`{"message":"x","data":"b1"}`, http.StatusConflict},
		"/people/phone/mattermost/press":  {`[]`, http.StatusBadRequest},
		"/people/issue/mattermost/dialog": {`{"values":{"nip":"1"}}`, http.StatusConflict},
		"/people/phone/mattermost/dialog": {`{"cancel":true}`, http.StatusConflict},
	} {
		if code := p.post(path, c.body); code != c.want {
			t.Errorf("POST %s %s: %d, want %d", path, c.body, code, c.want)
		}
	}
	if code, _ := p.get("/people/issue/mattermost/files/none"); code != http.StatusNotFound {
		t.Errorf("a file that is not there: %d", code)
	}
}

// A new account on one platform leaves the other's chat alone.
func TestRestartOnMattermost(t *testing.T) {
	p := newPretend(t)
	e := p.page.people["issue"]
	telegram, _ := e.now()
	next := p.stream("issue?platform=mattermost")
	first, _ := chatOf(next("snapshot"))
	p.post("/people/issue/mattermost/type", `{"text":"halo"}`)
	p.post("/people/issue/mattermost/restart", `{}`)
	second, messages := chatOf(next("snapshot"))
	if len(messages) != 0 || second == first {
		t.Errorf("after a restart: %v", messages)
	}
	if now, _ := e.now(); now.ID() != telegram.ID() {
		t.Error("the Telegram account was replaced too")
	}
}
