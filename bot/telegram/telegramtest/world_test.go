package telegramtest_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"resetpin/bot/telegram/telegramtest"
)

// hookLog is a webhook that refuses some calls and notes the others.
type hookLog struct {
	mu     sync.Mutex
	refuse map[string]int // calls to refuse, by a word of the update
	got    []string
}

func (h *hookLog) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil || r.Header.Get("X-Telegram-Bot-Api-Secret-Token") != "rahasia" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for word, n := range h.refuse {
		if n > 0 && strings.Contains(string(body), word) {
			h.refuse[word]--
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
	}
	_, text, _ := strings.Cut(string(body), `"text":"`)
	text, _, _ = strings.Cut(text, `"`)
	h.got = append(h.got, text)
}

func (h *hookLog) texts() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.got)
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("never happened: " + what)
		}
	}
}

// TestWebhookDelivery: refused updates come again, in order within a chat,
// and hold up no other chat.
func TestWebhookDelivery(t *testing.T) {
	b := start(t, telegramtest.Options{Redeliver: 20 * time.Millisecond})
	hook := &hookLog{refuse: map[string]int{"a1": 3}}
	srv := httptest.NewServer(hook)
	defer srv.Close()
	sari, budi := b.User(77, "Sari", "id"), b.User(78, "Budi", "id")
	sari.Type("a1")
	b.result("setWebhook", `{"url":"`+srv.URL+`","secret_token":"rahasia"}`, nil)
	sari.Type("a2")
	budi.Type("b1")
	until(t, "all arrive", func() bool { return len(hook.texts()) == 3 && b.Pending() == 0 })
	if got := strings.Join(hook.texts(), " "); got != "b1 a1 a2" {
		t.Errorf("arrived: %s", got)
	}
	var info struct {
		URL   string `json:"url"`
		Error string `json:"last_error_message"`
	}
	b.result("getWebhookInfo", `{}`, &info)
	if info.URL != srv.URL || !strings.Contains(info.Error, "503") {
		t.Errorf("info %+v", info)
	}
	b.result("deleteWebhook", `{}`, nil)
	sari.Type("a3")
	time.Sleep(50 * time.Millisecond)
	if len(hook.texts()) != 3 || b.Pending() != 1 {
		t.Error("delivered after the webhook was deleted")
	}
}

// TestWhatAPersonSees: a transcript with everything in it.
func TestWhatAPersonSees(t *testing.T) {
	b := start(t, telegramtest.Options{})
	changes, cancel := b.Subscribe()
	defer cancel()
	sari := b.User(77, "Sari", "id")
	sari.Type("/start")
	b.result("sendChatAction", `{"chat_id":77,"action":"typing"}`, nil)
	if !b.Typing(77) {
		t.Error("not typing")
	}
	var m struct {
		ID int `json:"message_id"`
	}
	b.result("sendMessage", `{"chat_id":77,"text":" Halo Sari <3 ketik /link atau buka BSrE, esign-bsre.bssn.go.id a@b.id osd@bssn.go.id ","entities":[{"type":"bold","offset":1,"length":9},{"type":"italic","offset":6,"length":4},{"type":"text_link","offset":36,"length":4,"url":"https://bsre.bssn.go.id/?a=1&b=2"},{"type":"code","offset":64,"length":6}],"reply_markup":{"inline_keyboard":[[{"text":"Ya","callback_data":"y","style":"primary"},{"text":"Situs","url":"https://bsre.bssn.go.id"}]]}}`, &m)
	if b.Typing(77) {
		t.Error("still typing")
	}
	seen := sari.Last()
	want := `<b>Halo <i>Sari</i></b> &lt;3 ketik <a class="command" data-command="/link">/link</a> atau buka <a href="https://bsre.bssn.go.id/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">BSrE</a>, <a href="http://esign-bsre.bssn.go.id" target="_blank" rel="noopener noreferrer">esign-bsre.bssn.go.id</a> <code>a@b.id</code> <a href="mailto:osd@bssn.go.id" target="_blank" rel="noopener noreferrer">osd@bssn.go.id</a>`
	if seen.HTML != want || !seen.Bot || seen.Name != "Reset PIN" {
		t.Errorf("seen\n%s\nwant\n%s", seen.HTML, want)
	}
	if _, opens, err := sari.Press(m.ID, "Situs"); err != nil || opens != "https://bsre.bssn.go.id" {
		t.Errorf("a link's button opens %q, %v", opens, err)
	}
	if _, _, err := sari.Press(m.ID, "Tidak"); !errors.Is(err, telegramtest.ErrNoButton) {
		t.Errorf("a button that is not there: %v", err)
	}
	query, _, err := sari.Press(m.ID, "Ya")
	if err != nil || !slices.Equal(b.Waiting(77), []string{query}) {
		t.Errorf("pressed: %v, waiting %v", err, b.Waiting(77))
	}
	b.result("answerCallbackQuery", `{"callback_query_id":"`+query+`","text":"Sip","show_alert":true}`, nil)
	if got := sari.Toasts(); len(got) != 1 || got[0].Text != "Sip" || !got[0].Alert || len(b.Waiting(77)) != 0 {
		t.Errorf("toasts %+v", got)
	}
	if r := b.call("answerCallbackQuery", `{"callback_query_id":"`+query+`"}`); r.OK {
		t.Error("a press was answered twice")
	}
	b.result("editMessageText", `{"chat_id":77,"message_id":`+itoa(m.ID)+`,"text":"B"}`, nil)
	b.result("deleteMessage", `{"chat_id":77,"message_id":`+itoa(m.ID)+`}`, nil)
	gone := sari.Messages()[1]
	if gone.Text != "B" || len(gone.Buttons) != 0 || gone.Edited.IsZero() || !gone.Deleted {
		t.Errorf("afterwards %+v", gone)
	}
	if _, _, err := sari.Press(m.ID, "Ya"); !errors.Is(err, telegramtest.ErrNoButton) {
		t.Errorf("a deleted message's button: %v", err)
	}
	var kinds []string
	for range 6 {
		kinds = append(kinds, string((<-changes).Kind))
	}
	if got := strings.Join(kinds, " "); got != "message typing message toast edited deleted" {
		t.Errorf("changes: %s", got)
	}
	cancel()
	if _, open := <-changes; open {
		t.Error("the subscription goes on")
	}
}

// TestWhatTheBotSees: updates as they are sent for everything people do.
func TestWhatTheBotSees(t *testing.T) {
	b := start(t, telegramtest.Options{})
	b.Group(-500, "Kantor")
	sari := b.User(77, "Sari", "id")
	first := sari.Type("/link 123")
	if err := sari.Edit(first, "/link 456"); err != nil {
		t.Fatal(err)
	}
	sari.SendPhoto(picture(), "foto")
	sari.SendOther("voice", "")
	sari.PressData(9999, "x")
	sari.Block()
	sari.In(-500).Type("tidak terbaca bot")
	sari.In(-500).Type("/status@resetpin_bot")
	if _, err := b.Push(`{"channel_post":{"text":"x"}}`); err != nil {
		t.Fatal(err)
	}
	var all []map[string]any
	b.result("getUpdates", `{}`, &all)
	want := []string{"message", "edited_message", "message", "message", "callback_query", "my_chat_member", "message", "channel_post"}
	for i, u := range all {
		if i >= len(want) || u[want[i]] == nil || len(u) != 2 {
			t.Errorf("update %d: %v", i, u)
		}
	}
	if len(all) != len(want) {
		t.Errorf("%d updates", len(all))
	}
}

// TestFaults: each trouble is as it was asked for.
func TestFaults(t *testing.T) {
	b := start(t, telegramtest.Options{})
	sari := b.User(77, "Sari", "id")
	sari.Type("halo")
	b.Break(telegramtest.Fault{Method: "sendMessage", Code: 429, RetryAfter: 7, Times: 1})
	if r := b.call("sendMessage", `{"chat_id":77,"text":"a"}`); r.ErrorCode != 429 || r.Parameters.RetryAfter != 7 || r.Description != "Too Many Requests: retry after 7" {
		t.Errorf("429: %+v", r)
	}
	b.Break(telegramtest.Fault{Drop: true})
	resp, err := http.Get(b.URL() + "/bot" + token + "/sendMessage?chat_id=77&text=terkirim")
	if err == nil {
		t.Error("answered with", resp.Status, resp.Body.Close())
	}
	b.Heal()
	if got := sari.Last().Text; got != "terkirim" {
		t.Errorf("cut after doing it: %q", got)
	}
	b.result("sendMessage", `{"chat_id":77,"text":"b"}`, nil)
	codes := []int{}
	for _, c := range b.Calls() {
		codes = append(codes, c.Code)
	}
	if !slices.Contains(codes, 429) || !slices.Contains(codes, 0) || codes[len(codes)-1] != 200 {
		t.Errorf("codes %v", codes)
	}
}
