package sandbox

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"resetpin/bot/ownpage"
	"resetpin/bot/telegram/telegramtest"
	"resetpin/handlers/bsre/bsretest"
	"resetpin/handlers/mail/mailtest"
)

// pretend is the page's server among real pretend servers, without the bot:
// the tests play it.
type pretend struct {
	t    *testing.T
	page *server
	url  string
	bot  string // where the bot's calls go
}

func newPretend(t *testing.T) pretend {
	t.Helper()
	const token = "7000000001:SECRET"
	telegram, err := telegramtest.New(token, telegramtest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = telegram.Close() })
	mails, err := mailtest.Start(mailtest.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mails.Close() })
	bsre, err := bsretest.New(bsretest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := bsre.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bsre.Close() })
	pages, err := renderPages(someFaces())
	if err != nil {
		t.Fatal(err)
	}
	page := &server{
		pages: pages, people: map[string]*employee{}, telegram: telegram, botName: "Bot", office: newOffice(t), post: &post{mails},
		bsre: &authority{bsre}, outside: newOutside(), log: slog.New(slog.DiscardHandler),
	}
	page.desk = openDesk(telegram, page.office)
	for i, f := range someFaces() {
		page.people[f.Key] = newEmployee(f, telegram, page.office, int64(i+1))
	}
	handler, err := page.handler()
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewUnstartedServer(nil)
	web.Config.Handler = ownpage.Guard(web.Listener.Addr(), pagePolicy, handler)
	web.Start()
	t.Cleanup(web.Close)
	t.Cleanup(web.CloseClientConnections) // streams never end by themselves
	return pretend{t: t, page: page, url: web.URL, bot: telegram.URL() + "/bot" + token + "/"}
}

// newOffice is a pretend Mattermost for a test.
func newOffice(t *testing.T) *office {
	t.Helper()
	o, err := openOffice(nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.server.Close() })
	return o
}

// call makes a Bot API call and gives the message's id.
func (p pretend) call(method string, values url.Values) int {
	p.t.Helper()
	resp, err := http.PostForm(p.bot+method, values)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		OK     bool
		Result json.RawMessage
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || !answer.OK {
		p.t.Fatalf("%s: %d %v", method, resp.StatusCode, err)
	}
	var message struct {
		ID int `json:"message_id"`
	}
	_ = json.Unmarshal(answer.Result, &message) // other methods give true
	return message.ID
}

// post posts JSON to the page's server and gives the status.
func (p pretend) post(path, body string) int {
	p.t.Helper()
	resp, err := http.Post(p.url+path, "application/json", strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	return resp.StatusCode
}

func (p pretend) get(path string) (int, string) {
	p.t.Helper()
	resp, err := http.Get(p.url + path)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// stream opens the stream of an employee, by key and perhaps a query, and gives a function that waits for the
// next event of a kind, or of any kind when it is given none.
func (p pretend) stream(key string) func(kind string) map[string]any {
	p.t.Helper()
	key, query, _ := strings.Cut(key, "?")
	return p.streamAt("/people/" + key + "/events?" + query)
}

// streamAt is stream for any path.
func (p pretend) streamAt(path string) func(kind string) map[string]any {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), time.Minute)
	p.t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+path, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = resp.Body.Close() })
	lines := bufio.NewScanner(resp.Body)
	return func(kind string) map[string]any {
		p.t.Helper()
		for lines.Scan() {
			data, ok := strings.CutPrefix(lines.Text(), "data: ")
			if !ok {
				continue
			}
			var e map[string]any
			if err := json.Unmarshal([]byte(data), &e); err != nil {
				p.t.Fatal(err)
			}
			if kind == "" || e["kind"] == kind {
				return e
			}
		}
		p.t.Fatalf("the stream ended before %q: %v", kind, lines.Err())
		return nil
	}
}
