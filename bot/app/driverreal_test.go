package app_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"flag"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/mattermost/mattermost/server/public/model"
)

// The stories run on a real Mattermost too, when one is named:
//
//	go test ./bot/app -mattermost http://127.0.0.1:8065 -mattermost-admin TOKEN
//
// It must allow the bot's loopback address (AllowedUntrustedInternalConnections).
var (
	realMattermost      = flag.String("mattermost", "", "address of a real Mattermost to tell the stories on")
	realMattermostAdmin = flag.String("mattermost-admin", "", "access token of its system administrator")
)

const realPassword = "Contoh-1945-Rahasia"

// newWorldWithRealMattermost is newWorld with the bot on a real Mattermost, in
// a team of its own.
func newWorldWithRealMattermost(t *testing.T, extra ...string) *world {
	t.Helper()
	w := emptyWorld(t, extra)
	w.addRealMattermost()
	return w.inhabit()
}

// addRealMattermost sets the server up as its administrator would. It gives
// the bot's name there.
func (w *world) addRealMattermost() string {
	w.t.Helper()
	api, ctx := admin(), w.t.Context()
	w.t.Cleanup(http.DefaultClient.CloseIdleConnections) // those of the people's clients, which the server does not end
	w.mattermostTeam, _ = must2(api.CreateTeam(ctx, &model.Team{Name: "t" + word(), DisplayName: "Satuan Kerja", Type: model.TeamOpen}))
	b, _ := must2(api.CreateBot(ctx, &model.Bot{Username: "resetpin-" + word(), DisplayName: "Reset PIN DS"}))
	w.mattermostBot = b.UserId
	token, _ := must2(api.CreateUserAccessToken(ctx, b.UserId, "stories"))
	w.setUpMattermost(*realMattermost, token.Token, *realMattermostAdmin, []string{w.mattermostTeam.Name})
	return b.Username
}

func admin() *model.Client4 {
	api := model.NewAPIv4Client(*realMattermost)
	api.SetToken(*realMattermostAdmin)
	return api
}

// word is a name that nobody has.
func word() string { return strings.ToLower(rand.Text()[:12]) }

func must2[T any](v T, r *model.Response, err error) (T, *model.Response) {
	if err != nil {
		panic(err)
	}
	return v, r
}

// onRealMattermost is a person at the direct message with the bot on a real
// Mattermost.
type onRealMattermost struct {
	t          *testing.T
	api        *model.Client4
	team, chat string
	me, bot    string
	before     map[string]string

	mu        sync.Mutex
	ephemeral []*model.Post
	dialogs   []model.OpenDialogRequest
}

// realPerson makes an account, with its websocket open as a client's is.
func (w *world) realPerson() *onRealMattermost {
	w.t.Helper()
	name, ctx := "pegawai"+word(), w.t.Context()
	u, _ := must2(admin().CreateUser(ctx, &model.User{Username: name, Email: name + "@contoh.go.id", Password: realPassword, Locale: "id"}))
	must2(admin().AddTeamMember(ctx, w.mattermostTeam.Id, u.Id))
	o := &onRealMattermost{t: w.t, api: model.NewAPIv4Client(*realMattermost), team: w.mattermostTeam.Id, me: u.Id, bot: w.mattermostBot}
	must2(o.api.Login(ctx, name, realPassword))
	c, _ := must2(o.api.CreateDirectChannel(ctx, u.Id, w.mattermostBot))
	o.chat = c.Id
	conn, r, err := websocket.DefaultDialer.DialContext(ctx, "ws"+strings.TrimPrefix(*realMattermost, "http")+"/api/v4/websocket",
		http.Header{"Authorization": {"Bearer " + o.api.AuthToken}})
	if err != nil {
		w.t.Fatal(err)
	}
	_ = r.Body.Close()
	w.t.Cleanup(func() { _ = conn.Close() })
	go o.listen(conn)
	return o
}

// listen keeps what only this person is shown.
func (o *onRealMattermost) listen(conn *websocket.Conn) {
	for {
		var f struct {
			Event model.WebsocketEventType
			Data  struct{ Post, Dialog string }
		}
		if conn.ReadJSON(&f) != nil {
			return
		}
		o.mu.Lock()
		switch f.Event {
		case model.WebsocketEventEphemeralMessage:
			var p model.Post
			if json.Unmarshal([]byte(f.Data.Post), &p) == nil {
				o.ephemeral = append(o.ephemeral, &p)
			}
		case model.WebsocketEventOpenDialog:
			var d model.OpenDialogRequest
			if json.Unmarshal([]byte(f.Data.Dialog), &d) == nil {
				o.dialogs = append(o.dialogs, d)
			}
		}
		o.mu.Unlock()
	}
}

// posts gives the direct message, the oldest first.
func (o *onRealMattermost) posts() []*model.Post { return o.postsOf(o.chat) }

// postsOf gives what stands in a channel, the oldest first.
func (o *onRealMattermost) postsOf(channel string) []*model.Post {
	list, _, err := o.api.GetPostsForChannel(context.Background(), channel, 0, 200, "", false, false)
	if err != nil {
		o.t.Error(err)
		return nil
	}
	var out []*model.Post
	for _, id := range slices.Backward(list.Order) {
		if p := list.Posts[id]; p.Type == model.PostTypeDefault {
			out = append(out, p)
		}
	}
	return out
}

func (o *onRealMattermost) look() {
	o.before = make(map[string]string)
	for _, l := range o.Chat() {
		o.before[l.ID] = l.Text + strings.Join(l.Buttons, "|")
	}
}

func (o *onRealMattermost) News() []line {
	return slices.DeleteFunc(o.Chat(), func(l line) bool {
		old, was := o.before[l.ID]
		return was && old == l.Text+strings.Join(l.Buttons, "|")
	})
}

func (o *onRealMattermost) Types(text string) string {
	o.t.Helper()
	o.look()
	if command, ok := slashOf(text); ok {
		if _, _, err := o.api.ExecuteCommandWithTeam(context.Background(), o.chat, o.team, command); err != nil {
			o.t.Errorf("%s: %v", command, err)
		}
		sends(o, command, func() bool { d := o.dialog(); return d != nil && d.Dialog.Elements[0].Default != "" }, o.submit)
		return ""
	}
	p, _, err := o.api.CreatePost(context.Background(), &model.Post{ChannelId: o.chat, Message: text})
	if err != nil {
		o.t.Fatalf("type %q: %v", text, err)
	}
	return p.Id
}

func (o *onRealMattermost) Presses(label string) {
	o.t.Helper()
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		for _, p := range slices.Backward(o.posts()) {
			if o.press(p, label) {
				return
			}
		}
	}
	o.t.Fatalf("no button %q; the chat ends with\n%s", label, show(o))
}

func (o *onRealMattermost) press(p *model.Post, label string) bool {
	for _, a := range p.Attachments() {
		for _, b := range a.Actions {
			if b.Name != label {
				continue
			}
			o.look()
			if _, err := o.api.DoPostAction(context.Background(), p.Id, b.Id); err != nil {
				o.t.Logf("press %q: %v", label, err)
				return false
			}
			return true
		}
	}
	return false
}

func (o *onRealMattermost) PressesOld(id, label string) {
	o.t.Helper()
	p, _, err := o.api.GetPost(context.Background(), id, "")
	if err != nil || !o.press(p, label) {
		o.t.Fatal("an old button cannot be pressed", err)
	}
}

func (o *onRealMattermost) Chat() []line {
	var out []line
	for _, p := range o.posts() {
		l := line{ID: p.Id, Bot: p.UserId == o.bot, Text: plain(o.t, p.Message)}
		for _, a := range p.Attachments() {
			l.Text = strings.TrimSpace(l.Text + "\n" + plain(o.t, a.Text))
			for _, b := range a.Actions {
				l.Buttons, l.URLs = append(l.Buttons, b.Name), append(l.URLs, "")
			}
		}
		out = append(out, l)
	}
	return out
}

// dialog is the newest one that was opened.
func (o *onRealMattermost) dialog() *model.OpenDialogRequest {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.dialogs) == 0 {
		return nil
	}
	return &o.dialogs[len(o.dialogs)-1]
}

// submit submits the newest dialog as it was opened.
func (o *onRealMattermost) submit() error {
	d := o.dialog()
	e := d.Dialog.Elements[0]
	_, _, err := o.api.SubmitInteractiveDialog(context.Background(), model.SubmitDialogRequest{
		URL: d.URL, CallbackId: d.Dialog.CallbackId, State: d.Dialog.State, ChannelId: o.chat, TeamId: o.team,
		Submission: map[string]any{e.Name: e.Default},
	})
	o.mu.Lock()
	defer o.mu.Unlock()
	o.dialogs = nil
	return err
}

// Toasts gives all that a client with collapsed threads shows of the bot: of
// what only this person is told, what has no root.
func (o *onRealMattermost) Toasts() []string {
	var out []string
	for _, l := range o.Chat() {
		if l.Bot {
			out = append(out, l.Text)
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, p := range o.ephemeral {
		if p.RootId == "" {
			out = append(out, plain(o.t, p.Message))
		}
	}
	return out
}
