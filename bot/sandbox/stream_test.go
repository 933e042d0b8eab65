package sandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"resetpin/handlers/mail/mailtest"
)

func TestStreamTellsWhatHappensInTheChat(t *testing.T) {
	p := newPretend(t)
	next := p.stream("issue")
	other := p.stream("phone")
	first := next("snapshot")
	if messages := first["chat"].(map[string]any)["messages"].([]any); len(messages) != 0 {
		t.Fatalf("a new chat has messages: %v", messages)
	}
	other("snapshot")

	if code := p.post("/people/issue/type", `{"text":"halo"}`); code != http.StatusOK {
		t.Fatalf("type: %d", code)
	}
	if m := next("message")["message"].(map[string]any); m["text"] != "halo" || m["bot"] != false {
		t.Errorf("typed message: %v", m)
	}
	id := p.call("sendMessage", url.Values{"chat_id": {"1"}, "text": {"Hai"}, "entities": {`[{"type":"bold","offset":0,"length":3}]`},
		"reply_markup": {`{"inline_keyboard":[[{"text":"Ya","callback_data":"yes","style":"primary"}]]}`}})
	if m := next("message")["message"].(map[string]any); m["html"] != "<b>Hai</b>" || m["bot"] != true {
		t.Errorf("bot's message: %v", m)
	}
	p.call("sendChatAction", url.Values{"chat_id": {"1"}, "action": {"typing"}})
	next("typing")
	p.call("editMessageText", url.Values{"chat_id": {"1"}, "message_id": {strconv.Itoa(id)}, "text": {"Baru"}})
	if m := next("message")["message"].(map[string]any); m["text"] != "Baru" || int(m["id"].(float64)) != id {
		t.Errorf("edited message: %v", m)
	}
	p.call("deleteMessage", url.Values{"chat_id": {"1"}, "message_id": {strconv.Itoa(id)}})
	if e := next("deleted"); int(e["id"].(float64)) != id {
		t.Errorf("deleted: %v", e)
	}
	p.call("setMyCommands", url.Values{"commands": {`[{"command":"help","description":"Bantuan"}]`}, "scope": {`{"type":"all_private_chats"}`}})
	if e := next("commands"); !strings.Contains(fmt.Sprint(e), "Bantuan") {
		t.Errorf("commands: %v", e)
	}

	// Nothing of it came to the other employee's page but the menu.
	if e := other(""); e["kind"] != "commands" {
		t.Errorf("the other employee heard %v", e)
	}
	// Who comes later finds what is still there.
	if messages := p.stream("issue")("snapshot")["chat"].(map[string]any)["messages"].([]any); len(messages) != 1 {
		t.Errorf("after a deletion the chat has %d messages, want 1", len(messages))
	}
}

func TestPressReachesTheBotAndItsAnswerThePage(t *testing.T) {
	p := newPretend(t)
	next := p.stream("issue")
	p.post("/people/issue/type", `{"text":"halo"}`)
	id := p.call("sendMessage", url.Values{"chat_id": {"1"}, "text": {"Hai"},
		"reply_markup": {`{"inline_keyboard":[[{"text":"Ya","callback_data":"yes"}]]}`}})
	if code := p.post("/people/issue/press", fmt.Sprintf(`{"message":%d,"data":"yes"}`, id)); code != http.StatusOK {
		t.Fatalf("press: %d", code)
	}
	waiting := p.page.telegram.Waiting(1)
	if len(waiting) != 1 {
		t.Fatalf("%d presses wait for an answer", len(waiting))
	}
	p.call("answerCallbackQuery", url.Values{"callback_query_id": {waiting[0]}, "text": {"Baik"}})
	if a := next("answer")["answer"].(map[string]any); a["text"] != "Baik" || int(a["message"].(float64)) != id {
		t.Errorf("answer: %v", a)
	}
	if code := p.post("/people/issue/press", fmt.Sprintf(`{"message":%d,"data":"no"}`, id)); code != http.StatusConflict {
		t.Errorf("a button that is not there: %d", code)
	}
}

func TestRestartBeginsAnEmptyChat(t *testing.T) {
	p := newPretend(t)
	next := p.stream("issue")
	first := next("snapshot")["chat"].(map[string]any)["account"]
	p.post("/people/issue/type", `{"text":"halo"}`)
	next("message")
	p.post("/people/issue/restart", `{}`)
	chat := next("snapshot")["chat"].(map[string]any)
	if len(chat["messages"].([]any)) != 0 || chat["account"] == first {
		t.Errorf("after a restart: %v", chat)
	}
}

func TestInboxIsTheEmployeesOwn(t *testing.T) {
	p := newPretend(t)
	next := p.stream("issue")
	next("snapshot")
	p.page.post.server.Put(mailtest.Mail{From: "osd@bssn.go.id", To: "budi@contoh.go.id", Subject: "Satu", Text: "Buka http://contoh.example/x", HTML: "<html><head></head><body>Halo</body></html>"})
	mails := next("inbox")["mails"].([]any)
	if len(mails) != 1 {
		t.Fatalf("%d mails", len(mails))
	}
	mail := mails[0].(map[string]any)
	if mail["subject"] != "Satu" || mail["unread"] != true || mail["from"] != "osd@bssn.go.id" {
		t.Errorf("mail: %v", mail)
	}
	path := "/people/issue/mails/" + mail["id"].(string)
	if code, body := p.get(path + "?as=html"); code != http.StatusOK || !strings.Contains(body, base) {
		t.Errorf("as HTML: %d %s", code, body)
	}
	if code, body := p.get(path + "?as=text"); code != http.StatusOK || !strings.Contains(body, `href="http://contoh.example/x"`) {
		t.Errorf("as text: %d %s", code, body)
	}
	if code, _ := p.get("/people/phone/mails/" + mail["id"].(string)); code != http.StatusNotFound {
		t.Errorf("another employee's page shows the mail: %d", code)
	}
	p.post(path+"/read", `{}`)
	if mails := p.stream("issue")("snapshot")["mails"].([]any); mails[0].(map[string]any)["unread"] != false {
		t.Error("a mail that was read is unread again")
	}
}

func TestOutside(t *testing.T) {
	p := newPretend(t)
	next := p.stream("phone")
	next("snapshot")
	if code := p.post("/outside", `{"api":"down","mail":"late","portal":"ok"}`); code != http.StatusOK {
		t.Fatalf("disturb: %d", code)
	}
	troubles := next("outside")["outside"].(map[string]any)["troubles"].(map[string]any)
	if troubles["api"] != "down" || troubles["mail"] != "late" || troubles["portal"] != "ok" {
		t.Errorf("troubles: %v", troubles)
	}
	if mode, delay := p.page.post.server.Mode(); mode != mailtest.ModeLate || delay != lateBy {
		t.Errorf("the mail server is %s by %s", mode, delay)
	}
	for _, bad := range []string{`{"api":"late"}`, `{"moon":"down"}`, `{"mail":"down","api":"?"}`, `[]`, ``} {
		if code := p.post("/outside", bad); code != http.StatusBadRequest {
			t.Errorf("disturb %s: %d", bad, code)
		}
	}
	if mode, _ := p.page.post.server.Mode(); mode != mailtest.ModeLate {
		t.Errorf("a refused wish changed the mail server to %s", mode)
	}
}

func TestWrongRequests(t *testing.T) {
	p := newPretend(t)
	for path, body := range map[string]string{
		"/people/issue/type":         `{"text":""}`,
		"/people/issue/press":        `{"message":"x"}`,
		"/people/nobody/type":        `{"text":"x"}`,
		"/people/nobody/restart":     `{}`,
		"/people/issue/mails/7/read": `{}`,
	} {
		if code := p.post(path, body); code != http.StatusBadRequest && code != http.StatusNotFound {
			t.Errorf("POST %s %s: %d", path, body, code)
		}
	}
	if code := p.post("/people/issue/type", `{"text":"`+strings.Repeat("x", 5000)+`"}`); code != http.StatusBadRequest {
		t.Errorf("a text that is too long: %d", code)
	}
	for _, path := range []string{"/people/nobody/events", "/pictures/none", "/page.html", "/static/../page.html", "/texts/id.yaml"} {
		if code, _ := p.get(path); code != http.StatusNotFound {
			t.Errorf("GET %s: %d", path, code)
		}
	}
	if code, body := p.get("/?lang=en"); code != http.StatusOK || !strings.Contains(body, "Choose an employee") {
		t.Errorf("the English page: %d", code)
	}
}

func TestEveryTroubleIsAnother(t *testing.T) {
	for _, p := range places() {
		if p.Place == placeMail {
			continue
		}
		modes := map[string]string{}
		for _, kind := range p.Kinds {
			mode, _ := troubleMode(kind)
			if other, taken := modes[string(mode)]; taken {
				t.Errorf("%s and %s are the same trouble", kind, other)
			}
			modes[string(mode)] = kind
		}
	}
}
