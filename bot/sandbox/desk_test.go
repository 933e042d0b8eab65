package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// room follows the officers' place of a platform: the next gives it as it is
// once it holds the words.
func (p pretend) room(platform string) (holds func(words string) chatView) {
	p.t.Helper()
	next := p.streamAt("/officer/events?platform=" + platform)
	return func(words string) chatView {
		p.t.Helper()
		for {
			data, err := json.Marshal(next("room")["chat"])
			if err != nil {
				p.t.Fatal(err)
			}
			if strings.Contains(string(data), words) {
				var chat chatView
				if err := json.Unmarshal(data, &chat); err != nil {
					p.t.Fatal(err)
				}
				return chat
			}
		}
	}
}

// The officer's side shows what stands in the group or channel, by talks, and
// the officer writes and presses there.
func TestTheOfficersSide(t *testing.T) {
	p := newPretend(t)
	telegram, mattermost := p.room(platformTelegram), p.room(platformMattermost)
	group := url.Values{"chat_id": {strconv.Itoa(deskGroup)}, "name": {"#1 Pegawai Satu"}}
	p.call("createForumTopic", group)
	topic := p.page.telegram.Topics(deskGroup)[0].ID
	thread := strconv.Itoa(topic)
	p.call("sendMessage", url.Values{"chat_id": {strconv.Itoa(deskGroup)}, "message_thread_id": {thread}, "text": {"Tiket 1"}})
	chat := telegram("Tiket 1")
	if len(chat.Threads) != 1 || chat.Threads[0] != (threadView{ID: thread, Title: "#1 Pegawai Satu"}) || len(chat.Messages) != 1 {
		t.Errorf("the group shows %+v", chat)
	}
	if code := p.post("/officer/type", `{"text":"halo","thread":"`+thread+`"}`); code != http.StatusOK {
		t.Fatalf("type: %d", code)
	}
	chat = telegram(`"halo"`)
	if m := chat.Messages[1].(map[string]any); m["topic"] != float64(topic) || m["bot"] != false {
		t.Errorf("the officer's words are %v", m)
	}
	if code := p.post("/officer/mattermost/type", `{"text":"// sudah makan?"}`); code != http.StatusOK {
		t.Fatalf("type: %d", code)
	}
	chat = mattermost("sudah makan?")
	root := chat.Messages[0].(map[string]any)
	if len(chat.Threads) != 0 || root["author"] != officerUser {
		t.Errorf("the channel shows %+v", chat)
	}
	if code := p.post("/officer/mattermost/type", fmt.Sprintf(`{"text":"sudah","thread":%q}`, root["id"])); code != http.StatusOK {
		t.Fatalf("reply: %d", code)
	}
	if chat = mattermost(`"inside":true`); len(chat.Threads) != 1 || chat.Threads[0].Title != "// sudah makan?" {
		t.Errorf("the channel shows %+v", chat)
	}
	for path, c := range map[string]struct {
		body string
		want int
	}{
		"/officer/type":             {`{"text":"halo","thread":"99999"}`, http.StatusNotFound},
		"/officer/press":            {`{"message":1,"data":"x"}`, http.StatusConflict},
		"/officer/mattermost/press": {`{"message":"x","data":"x"}`, http.StatusConflict},
		"/people/issue/phone":       {`{"phone":"nomor"}`, http.StatusBadRequest},
		"/people/nobody/phone":      {`{"phone":"6281399990000"}`, http.StatusNotFound},
	} {
		if code := p.post(path, c.body); code != c.want {
			t.Errorf("POST %s %s: %d, want %d", path, c.body, code, c.want)
		}
	}
	if code := p.post("/officer/type", `{"text":""}`); code != http.StatusBadRequest {
		t.Errorf("nothing typed: %d", code)
	}
}

// What an operator changes in BSrE's portal is the number that it has from then
// on.
func TestAPhoneNumberIsChangedInThePortal(t *testing.T) {
	p := newPretend(t)
	p.page.people["issue"].nik = p.page.bsre.world.Persons()[0].NIK
	next := p.stream("issue")
	before := next("snapshot")["phone"]
	if code := p.post("/people/issue/phone", `{"phone":"6281399990000"}`); code != http.StatusOK {
		t.Fatalf("change: %d", code)
	}
	for {
		if now := next("inbox")["phone"]; now == "6281399990000" && before != now {
			return
		}
	}
}
