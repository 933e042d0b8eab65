package app_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/time/rate"

	"resetpin/bot/app"
	"resetpin/bot/mattermost/mattermosttest"
	"resetpin/bot/mattermost/setup"
	"resetpin/bot/settings"
	"resetpin/bot/telegram/telegramtest"
	"resetpin/store"
	"resetpin/store/storetest"
)

// telegramDesk is a Telegram that takes 30 messages a second, and 20 a minute
// in a group.
type telegramDesk struct{ s *telegramtest.Server }

func newTelegramDesk(b *testing.B) crowdDesk {
	b.Helper()
	s, err := telegramtest.New(botToken, telegramtest.Options{PerSecond: 30, GroupMinute: 20})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	return telegramDesk{s}
}

func (d telegramDesk) settings(*testing.B) []string {
	return []string{"TELEGRAM_BOT_TOKEN=" + botToken, "TELEGRAM_API_URL=" + d.s.URL()}
}

func (d telegramDesk) person(n int) *telegramtest.Person {
	return d.s.User(int64(10_000+n), "Pegawai", "id")
}

func (d telegramDesk) chat(n int) string { return strconv.Itoa(10_000 + n) }

func (d telegramDesk) account(n int) store.Account {
	return store.Account{Platform: "telegram", ID: d.chat(n)}
}

func (d telegramDesk) says(n int, words string) error {
	d.person(n).Type("/" + words)
	return nil
}

func (d telegramDesk) presses(n int, label string) error {
	for _, m := range slices.Backward(d.s.Messages(d.person(n).Chat())) {
		if has(m.Buttons, label) {
			_, _, err := d.person(n).Press(m.ID, label)
			return err
		}
	}
	return errNoLabel(n, label)
}

func (d telegramDesk) news(heard func(chat string)) (end func()) {
	changes, end := d.s.Subscribe()
	go func() {
		for c := range changes {
			if (c.Kind == telegramtest.ChangeMessage || c.Kind == telegramtest.ChangeEdited) && c.Message.Bot {
				heard(strconv.FormatInt(c.Chat, 10))
			}
		}
	}()
	return end
}

func (d telegramDesk) refused() (n int) {
	for _, c := range d.s.Calls() {
		if c.Code == http.StatusTooManyRequests {
			n++
		}
	}
	return n
}

// mattermostDesk is a Mattermost that writes 50 posts a second, one after the
// other, as a busy one may.
type mattermostDesk struct {
	s      *mattermosttest.Server
	bot    string
	token  string
	front  string // the server's address, through its pace
	mu     sync.Mutex
	people map[int]*onMattermost
}

const postsASecond = 50

func newMattermostDesk(b *testing.B) crowdDesk {
	b.Helper()
	d := &mattermostDesk{s: mattermosttest.Start(b, mattermosttest.Options{}), people: make(map[int]*onMattermost)}
	d.bot, d.token = d.s.AddBot("resetpin")
	target, err := url.Parse(d.s.URL())
	if err != nil {
		b.Fatal(err)
	}
	to, pace := httputil.NewSingleHostReverseProxy(target), rate.NewLimiter(postsASecond, 1)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && r.URL.Path == "/api/v4/posts" || r.Method == http.MethodPut && strings.HasPrefix(r.URL.Path, "/api/v4/posts/") {
			if pace.Wait(r.Context()) != nil {
				return // who asked is gone
			}
		}
		to.ServeHTTP(w, r)
	}))
	b.Cleanup(front.Close)
	d.front = front.URL
	return d
}

func (d *mattermostDesk) settings(b *testing.B) []string {
	b.Helper()
	address := storetest.Address(b)
	env := []string{"LISTEN_ADDR=" + address, "PUBLIC_URL=http://" + address, "MATTERMOST_URL=" + d.front, "MATTERMOST_BOT_TOKEN=" + d.token}
	s, err := settings.Load(append([]string{"DATA_KEY=" + dataKey()}, env...), "none")
	if err != nil {
		b.Fatal(err)
	}
	r, err := app.MattermostSetup(b.Context(), s, setup.Options{AdminToken: d.s.AdminToken(), AllTeams: true})
	if err != nil || len(r.Trouble) > 0 {
		b.Fatal(err, r.Trouble)
	}
	return append(env, r.Settings()...)
}

// person gives somebody; making one costs the server much.
func (d *mattermostDesk) person(n int) *onMattermost {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.people[n] == nil {
		p := d.s.Person("orang" + strconv.Itoa(n))
		d.people[n] = &onMattermost{p: p, chat: p.DM(d.bot)}
	}
	return d.people[n]
}

func (d *mattermostDesk) chat(n int) string { return d.person(n).chat }

func (d *mattermostDesk) account(n int) store.Account {
	return store.Account{Platform: "mattermost", ID: d.person(n).p.ID()}
}

func (d *mattermostDesk) says(n int, words string) error {
	o := d.person(n)
	_, err := o.p.Type(o.chat, words)
	return err
}

func (d *mattermostDesk) presses(n int, label string) error {
	o := d.person(n)
	for _, post := range slices.Backward(o.p.Posts(o.chat)) {
		if slices.ContainsFunc(post.Buttons, func(b mattermosttest.Button) bool { return b.Name == label }) {
			go func() { _ = o.p.Press(post.ID, label) }() // the answer comes as news
			return nil
		}
	}
	return errNoLabel(n, label)
}

func (d *mattermostDesk) news(heard func(chat string)) (end func()) {
	changes, end := d.s.Subscribe()
	go func() {
		for c := range changes {
			if (c.Kind == mattermosttest.ChangePost || c.Kind == mattermosttest.ChangeEdited) && c.User == d.bot {
				heard(c.Channel)
			}
		}
	}()
	return end
}

func (d *mattermostDesk) refused() int { return 0 }
