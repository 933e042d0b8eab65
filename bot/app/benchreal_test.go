package app_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/mattermost/mattermost/server/public/model"

	"resetpin/bot/app"
	"resetpin/bot/mattermost/setup"
	"resetpin/bot/settings"
	"resetpin/store"
	"resetpin/store/storetest"
)

// realDesk is a real Mattermost, as quick as it is.
type realDesk struct {
	b          *testing.B
	team       *model.Team
	bot, token string

	mu     sync.Mutex
	people map[int]*onRealMattermost
}

func newRealDesk(b *testing.B) crowdDesk {
	b.Helper()
	d := &realDesk{b: b, people: make(map[int]*onRealMattermost)}
	b.Cleanup(http.DefaultClient.CloseIdleConnections)
	d.team, _ = must2(admin().CreateTeam(b.Context(), &model.Team{Name: "t" + word(), DisplayName: "Satuan Kerja", Type: model.TeamOpen}))
	made, _ := must2(admin().CreateBot(b.Context(), &model.Bot{Username: "resetpin-" + word(), DisplayName: "Reset PIN DS"}))
	token, _ := must2(admin().CreateUserAccessToken(b.Context(), made.UserId, "benchmark"))
	d.bot, d.token = made.UserId, token.Token
	return d
}

func (d *realDesk) settings(b *testing.B) []string {
	b.Helper()
	address := storetest.Address(b)
	env := []string{"LISTEN_ADDR=" + address, "PUBLIC_URL=http://" + address, "MATTERMOST_URL=" + *realMattermost, "MATTERMOST_BOT_TOKEN=" + d.token}
	s, err := settings.Load(append([]string{"DATA_KEY=" + dataKey()}, env...), "none")
	if err != nil {
		b.Fatal(err)
	}
	r, err := app.MattermostSetup(b.Context(), s, setup.Options{AdminToken: *realMattermostAdmin, Teams: []string{d.team.Name}})
	if err != nil || len(r.Trouble) > 0 {
		b.Fatal(err, r.Trouble)
	}
	return append(env, r.Settings()...)
}

// person gives somebody, who is made once and works on for later benchmarks:
// a password costs the server much.
func (d *realDesk) person(n int) *onRealMattermost {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.people[n] == nil {
		ctx, name := d.b.Context(), "orang"+strconv.Itoa(n)
		u, r, err := admin().GetUserByUsername(ctx, name, "")
		if r != nil && r.StatusCode == http.StatusNotFound {
			u, r, err = admin().CreateUser(ctx, &model.User{Username: name, Email: name + "@contoh.go.id", Password: realPassword, Locale: "id"})
		}
		must2(u, r, err)
		token, _ := must2(admin().CreateUserAccessToken(ctx, u.Id, "benchmark"))
		api := model.NewAPIv4Client(*realMattermost)
		api.SetToken(token.Token)
		chat, _ := must2(api.CreateDirectChannel(ctx, u.Id, d.bot))
		d.people[n] = &onRealMattermost{api: api, me: u.Id, bot: d.bot, chat: chat.Id}
	}
	return d.people[n]
}

func (d *realDesk) chat(n int) string { return d.person(n).chat }

func (d *realDesk) account(n int) store.Account {
	return store.Account{Platform: "mattermost", ID: d.person(n).me}
}

func (d *realDesk) says(n int, words string) error {
	o := d.person(n)
	_, _, err := o.api.CreatePost(context.Background(), &model.Post{ChannelId: o.chat, Message: words})
	return err
}

func (d *realDesk) presses(n int, label string) error {
	for _, p := range slices.Backward(d.person(n).posts()) {
		if d.person(n).press(p, label) {
			return nil
		}
	}
	return errNoLabel(n, label)
}

// news hears on a websocket of the bot's own.
func (d *realDesk) news(heard func(chat string)) (end func()) {
	conn, r, err := websocket.DefaultDialer.DialContext(d.b.Context(), "ws"+strings.TrimPrefix(*realMattermost, "http")+"/api/v4/websocket",
		http.Header{"Authorization": {"Bearer " + d.token}})
	if err != nil {
		d.b.Fatal(err)
	}
	_ = r.Body.Close()
	go func() {
		for {
			var f struct {
				Event model.WebsocketEventType
				Data  struct{ Post string }
			}
			if conn.ReadJSON(&f) != nil {
				return
			}
			var p model.Post
			if (f.Event == model.WebsocketEventPosted || f.Event == model.WebsocketEventPostEdited) && json.Unmarshal([]byte(f.Data.Post), &p) == nil && p.UserId == d.bot {
				heard(p.ChannelId)
			}
		}
	}()
	return func() { _ = conn.Close() }
}

func (d *realDesk) refused() int { return 0 }
