package telegramtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"resetpin/bot/telegram/telegramtest"
)

const token = "4242:AAF-pretend"

// bot is a bare client of a pretend server.
type bot struct {
	t *testing.T
	*telegramtest.Server
}

func start(t *testing.T, o telegramtest.Options) bot {
	t.Helper()
	s, err := telegramtest.New(token, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return bot{t, s}
}

// reply is an answer of the Bot API.
type reply struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	ErrorCode   int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// post sends a body and gives the status and the answer.
func (b bot) post(path, contentType, body string) (int, reply) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.URL()+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		b.t.Error(err)
	}
	var r reply
	if err := json.Unmarshal(data, &r); err != nil {
		b.t.Fatalf("%s: %v", data, err)
	}
	return resp.StatusCode, r
}

// call makes a call with JSON.
func (b bot) call(method, params string) reply {
	b.t.Helper()
	status, r := b.post("/bot"+token+"/"+method, "application/json", params)
	if r.OK != (status == 200) || !r.OK && r.ErrorCode != status {
		b.t.Errorf("%s: status %d with %+v", method, status, r)
	}
	return r
}

// result makes a call that must work and decodes its result.
func (b bot) result(method, params string, into any) {
	b.t.Helper()
	r := b.call(method, params)
	if !r.OK {
		b.t.Fatalf("%s %s: %s", method, params, r.Description)
	}
	if into != nil {
		if err := json.Unmarshal(r.Result, into); err != nil {
			b.t.Fatal(err)
		}
	}
}

func picture() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 30, 20))); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// TestRefusals: what the server refuses, and with which words.
func TestRefusals(t *testing.T) {
	b := start(t, telegramtest.Options{})
	sari := b.User(77, "Sari", "id")
	own := sari.Type("halo")
	b.User(78, "Tidak kenal", "")
	b.Group(-500, "Kantor")
	blocked := b.User(79, "Blokir", "")
	blocked.Type("halo")
	blocked.Block()
	var sent struct {
		ID int `json:"message_id"`
	}
	b.result("sendMessage", `{"chat_id":77,"text":"A","reply_markup":{"inline_keyboard":[[{"text":"x","callback_data":"1"}]]}}`, &sent)
	for _, c := range []struct {
		method, params, want string
	}{
		{"sendMessag", `{}`, "404 Not Found: method not found"},
		{"sendInvoice", `{}`, "400 Bad Request: the pretend server does not play sendInvoice"},
		{"sendMessage", `[1]`, "400 Bad Request: can't parse the request body as a JSON object"},
		{"sendMessage", `{"chat_id":77,"text":"a","k":true}`, `400 Bad Request: sendMessage has no parameter "k"`},
		{"sendMessage", `{"chat_id":77,"text":"a","disable_notification":"perhaps"}`, `400 Bad Request: parameter "disable_notification" of sendMessage must be of type bool`},
		{"editMessageText", `{"chat_id":77,"message_id":"nine","text":"a"}`, `400 Bad Request: parameter "message_id" of editMessageText must be of type int`},
		{"sendMessage", `{"text":"a"}`, "400 Bad Request: chat_id is empty"},
		{"sendMessage", `{"chat_id":12345,"text":"a"}`, "400 Bad Request: chat not found"},
		{"sendMessage", `{"chat_id":78,"text":"a"}`, "403 Forbidden: bot can't initiate conversation with a user"},
		{"sendMessage", `{"chat_id":79,"text":"a"}`, "403 Forbidden: bot was blocked by the user"},
		{"sendMessage", `{"chat_id":77}`, "400 Bad Request: message text is empty"},
		{"sendMessage", `{"chat_id":77,"text":" \n "}`, "400 Bad Request: text must be non-empty"},
		{"sendMessage", `{"chat_id":77,"text":"` + strings.Repeat("a", 4097) + `"}`, "400 Bad Request: message is too long"},
		{"sendMessage", `{"chat_id":77,"text":"` + strings.Repeat("👍", 2049) + `"}`, "400 Bad Request: message is too long"},
		{"sendMessage", `{"chat_id":77,"text":"` + strings.Repeat("a", 1<<15+1) + `"}`, "400 Bad Request: text is too long"},
		{"sendMessage", `{"chat_id":77,"text":"a","parse_mode":"HTML"}`, "400 Bad Request: the pretend server does not play parse_mode HTML"},
		{"sendMessage", `{"chat_id":77,"text":"👍x","entities":[{"type":"bold","offset":1,"length":2}]}`, "400 Bad Request: entity beginning at UTF-16 offset 1 begins or ends in a middle of a UTF-16 symbol"},
		{"sendMessage", `{"chat_id":77,"text":"abc","entities":[{"type":"bold","offset":5,"length":1}]}`, "400 Bad Request: entity begins after the end of the text at UTF-16 offset 5"},
		{"sendMessage", `{"chat_id":77,"text":"abc","entities":[{"type":"bold","offset":1,"length":5}]}`, "400 Bad Request: entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 offset 6"},
		{"sendMessage", `{"chat_id":77,"text":"abc","entities":[{"type":"bold","offset":-1,"length":2}]}`, "400 Bad Request: receive an entity with incorrect offset -1"},
		{"sendMessage", `{"chat_id":77,"text":"abc","entities":[{"type":"text_link","offset":0,"length":3,"url":"http://localhost/"}]}`, "400 Bad Request: entity URL 'http://localhost/' is invalid: Wrong HTTP URL"},
		{"sendMessage", `{"chat_id":77,"text":"abc","entities":[{"type":"bold","offset":0,"length":3},{"type":"code","offset":1,"length":1}]}`, "400 Bad Request: the pretend server does not play bold and code that overlap at UTF-16 offset 1"},
		{"sendMessage", `{"chat_id":77,"text":"abc","entities":[{"type":"bold","offset":0,"length":2},{"type":"italic","offset":1,"length":2}]}`, "400 Bad Request: the pretend server does not play bold and italic that overlap at UTF-16 offset 1"},
		{"sendMessage", `{"chat_id":77,"text":"abc","entities":[{"type":"strong","offset":0,"length":2}]}`, `400 Bad Request: the pretend server does not play entities of type "strong"`},
		{"sendMessage", `{"chat_id":77,"text":"a","reply_parameters":{"message_id":9999}}`, "400 Bad Request: message to be replied not found"},
		{"sendMessage", `{"chat_id":77,"text":"a","reply_markup":{"inline_keyboard":[[{"text":"x"}]]}}`, "400 Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"},
		{"sendMessage", `{"chat_id":77,"text":"a","reply_markup":{"inline_keyboard":[[{"text":"x","callback_data":"1","copy_text":{"text":""}}]]}}`, "400 Bad Request: can't parse inline keyboard button: exactly one of the optional fields must be used"},
		{"sendMessage", `{"chat_id":77,"text":"a","reply_markup":{"inline_keyboard":[[{"text":"","callback_data":"1"}]]}}`, "400 Bad Request: inline keyboard button text must be non-empty"},
		{"sendMessage", `{"chat_id":77,"text":"a","reply_markup":{"inline_keyboard":[[{"text":"x","callback_data":"` + strings.Repeat("d", 65) + `"}]]}}`, "400 Bad Request: BUTTON_DATA_INVALID"},
		{"sendMessage", `{"chat_id":77,"text":"a","reply_markup":{"inline_keyboard":[[{"text":"x","url":"http://localhost/"}]]}}`, "400 Bad Request: inline keyboard button URL 'http://localhost/' is invalid: Wrong HTTP URL"},
		{"sendMessage", `{"chat_id":77,"text":"a","reply_markup":{"inline_keyboard":[[{"text":"x","callback_data":"1","style":"red"}]]}}`, "400 Bad Request: can't parse inline keyboard button: invalid button style specified"},
		{"sendPhoto", `{"chat_id":77}`, "400 Bad Request: there is no photo in the request"},
		{"sendPhoto", `{"chat_id":77,"photo":"short"}`, "400 Bad Request: wrong remote file identifier specified: Wrong padding length"},
		{"sendPhoto", `{"chat_id":77,"photo":"AgACAgUAAxkAAAAAAAAAAAAAAAAA"}`, "400 Bad Request: wrong file identifier/HTTP URL specified"},
		{"sendPhoto", `{"chat_id":77,"photo":"x","caption":"` + strings.Repeat("a", 1025) + `"}`, "400 Bad Request: message caption is too long"},
		{"sendChatAction", `{"chat_id":77,"action":"dance"}`, "400 Bad Request: wrong parameter action in request"},
		{"editMessageText", `{"chat_id":77,"message_id":9999,"text":"a"}`, "400 Bad Request: message to edit not found"},
		{"editMessageText", `{"chat_id":77,"message_id":OWN,"text":"a"}`, "400 Bad Request: message can't be edited"},
		{"editMessageText", `{"chat_id":77,"message_id":SENT,"text":"A","reply_markup":{"inline_keyboard":[[{"text":"x","callback_data":"1"}]]}}`, "400 Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"},
		{"editMessageCaption", `{"chat_id":77,"message_id":SENT,"caption":"A"}`, "400 Bad Request: there is no caption in the message to edit"},
		{"deleteMessage", `{"chat_id":77,"message_id":9999}`, "400 Bad Request: message to delete not found"},
		{"answerCallbackQuery", `{"callback_query_id":"123"}`, "400 Bad Request: query is too old and response timeout expired or query ID is invalid"},
		{"answerCallbackQuery", `{"callback_query_id":"123","text":"` + strings.Repeat("a", 201) + `"}`, "400 Bad Request: MESSAGE_TOO_LONG"},
		{"setWebhook", `{"url":"http://bot.example/x"}`, "400 Bad Request: bad webhook: An HTTPS URL must be provided for webhook"},
		{"setWebhook", `{"url":"https://bot.example/x","secret_token":"a b"}`, "400 Bad Request: secret token contains unallowed characters"},
		{"setWebhook", `{"url":"https://bot.example/x","secret_token":"` + strings.Repeat("a", 257) + `"}`, "400 Bad Request: secret token is too long"},
		{"setMyCommands", `{"commands":[{"command":"Status","description":"x"}]}`, "400 Bad Request: BOT_COMMAND_INVALID"},
		{"setMyCommands", `{"commands":[{"command":"status","description":""}]}`, "400 Bad Request: BOT_COMMAND_DESCRIPTION_INVALID"},
	} {
		params := strings.NewReplacer("OWN", itoa(own), "SENT", itoa(sent.ID)).Replace(c.params)
		r := b.call(c.method, params)
		if got := itoa(r.ErrorCode) + " " + r.Description; got != c.want {
			t.Errorf("%s %.80s\n got %s\nwant %s", c.method, params, got, c.want)
		}
	}
	if status, r := b.post("/bot4242:wrong/getMe", "application/json", ""); status != 401 || r.Description != "Unauthorized" {
		t.Errorf("wrong token: %d %s", status, r.Description)
	}
	if status, r := b.post("/nobot", "application/json", ""); status != 404 || r.Description != "Not Found" {
		t.Errorf("no bot: %d %s", status, r.Description)
	}
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }

// TestWaysOfCalling: JSON, URL-encoded, multipart and query string.
func TestWaysOfCalling(t *testing.T) {
	b := start(t, telegramtest.Options{})
	sari := b.User(77, "Sari", "id")
	sari.Type("halo")
	b.result("sendMessage", `{"chat_id":"77","text":"json"}`, nil)
	form := url.Values{"chat_id": {"77"}, "text": {"form"}, "reply_markup": {`{"inline_keyboard":[]}`}}
	if _, r := b.post("/bot"+token+"/SENDMESSAGE", "application/x-www-form-urlencoded", form.Encode()); !r.OK {
		t.Error(r.Description)
	}
	if _, r := b.post("/bot"+token+"/sendMessage?chat_id=77&text=query", "", ""); !r.OK {
		t.Error(r.Description)
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("photo", "a.png")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(picture()); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"chat_id": "77", "caption": "multipart"} {
		if err := w.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, r := b.post("/bot"+token+"/sendPhoto", w.FormDataContentType(), body.String()); !r.OK {
		t.Error(r.Description)
	}
	var got []string
	for _, m := range sari.Messages()[1:] {
		got = append(got, m.Text)
	}
	if strings.Join(got, " ") != "json form query multipart" {
		t.Errorf("messages %v", got)
	}
	last := sari.Last()
	if last.Photo == nil || last.Photo.Width != 30 || !bytes.Equal(last.Photo.Data, picture()) {
		t.Errorf("picture %+v", last.Photo)
	}
	var file struct {
		Path string `json:"file_path"`
	}
	b.result("getFile", `{"file_id":"`+last.Photo.FileID+`"}`, &file)
	resp, err := http.Get(b.URL() + "/file/bot" + token + "/" + file.Path)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(resp.Body)
	if err != nil || !bytes.Equal(data, picture()) || resp.Header.Get("Content-Type") != "image/png" {
		t.Errorf("downloaded %d bytes, %v", len(data), err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Error(err)
	}
}

// TestPolling: updates wait until they are confirmed; only one may poll.
func TestPolling(t *testing.T) {
	b := start(t, telegramtest.Options{})
	sari := b.User(77, "Sari", "id")
	sari.Type("satu")
	sari.Type("dua")
	type upd struct {
		ID      int64 `json:"update_id"`
		Message struct{ Text string }
	}
	get := func(params string) (all []upd) { b.result("getUpdates", params, &all); return all }
	first := get(`{"limit":1}`)
	if len(first) != 1 || first[0].Message.Text != "satu" {
		t.Fatalf("%+v", first)
	}
	if again := get(`{}`); len(again) != 1 {
		t.Errorf("asked again at once: %+v", again)
	}
	if both := get(`{"offset":` + itoa(int(first[0].ID)) + `}`); len(both) != 2 {
		t.Errorf("unconfirmed updates: %+v", both)
	}
	if rest := get(`{"offset":` + itoa(int(first[0].ID+1)) + `}`); len(rest) != 1 || rest[0].Message.Text != "dua" {
		t.Errorf("after confirming one: %+v", rest)
	}
	if none := get(`{"offset":` + itoa(int(first[0].ID+2)) + `}`); len(none) != 0 || b.Pending() != 0 {
		t.Errorf("after confirming all: %+v", none)
	}
	var work sync.WaitGroup
	var late []upd
	var loser reply
	work.Go(func() { loser = b.call("getUpdates", `{"timeout":5}`) })
	time.Sleep(100 * time.Millisecond)
	work.Go(func() { late = get(`{"timeout":5}`) })
	time.Sleep(100 * time.Millisecond)
	sari.Type("tiga")
	work.Wait()
	if len(late) != 1 || late[0].Message.Text != "tiga" || loser.ErrorCode != 409 {
		t.Errorf("the second poller got %+v, the first %+v", late, loser)
	}
	b.result("setWebhook", `{"url":"https://bot.example/x"}`, nil)
	if r := b.call("getUpdates", `{}`); r.ErrorCode != 409 || !strings.Contains(r.Description, "while webhook is active") {
		t.Errorf("with a webhook: %+v", r)
	}
}

// TestRenumbering: an offset far above the queue's end is answered from its
// head and confirms nothing; one that is near is taken at its word.
func TestRenumbering(t *testing.T) {
	b := start(t, telegramtest.Options{})
	sari := b.User(77, "Sari", "id")
	sari.Type("lama")
	b.Renumber(117314199)
	if b.Pending() != 0 {
		t.Error("an update is kept for a week")
	}
	sari.Type("satu")
	sari.Type("dua")
	for _, c := range []struct {
		offset, want, left int
	}{{727334702, 2, 2}, {117314212, 2, 2}, {117314200, 1, 1}, {-1, 1, 1}, {117314211, 0, 0}} {
		var got []json.RawMessage
		b.result("getUpdates", `{"offset":`+itoa(c.offset)+`}`, &got)
		if len(got) != c.want || b.Pending() != c.left {
			t.Errorf("offset %d: %d updates, %d wait; want %d and %d", c.offset, len(got), b.Pending(), c.want, c.left)
		}
	}
}

func TestWaitEndsWithItsContext(t *testing.T) {
	b := start(t, telegramtest.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := b.User(77, "Sari", "").Wait(ctx, nil); err == nil {
		t.Error("a message that never came was found")
	}
}
