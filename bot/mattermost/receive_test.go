package mattermost_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"resetpin/bot"
	"resetpin/bot/mattermost/mattermosttest"
)

// heardAs is what tests compare of a bot.Update.
type heardAs struct {
	Kind          bot.Kind
	Command, Text string
	Private       bool
}

func short(u bot.Update) heardAs { return heardAs{u.Kind, u.Command, u.Text, u.Private} }

func TestCommands(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.engine.answers(say("ya"))
	town := w.mm.Channel(w.mm.TeamID(), "town-square")
	n := 0
	for typed, want := range map[string]heardAs{
		"/resetpin":                  {bot.KindCommand, "resetpin", "", true},
		"/RESETPIN   ":               {bot.KindCommand, "resetpin", "", true},
		"/resetpin status":           {bot.KindCommand, "status", "", true},
		"/resetpin  LINK  19880505 ": {bot.KindCommand, "link", "19880505", true},
		"/resetpin apa  itu\nPIN":    {bot.KindText, "", "apa  itu\nPIN", true},
		"/statusds":                  {bot.KindCommand, "status", "", true},
		"/statusds sekarang":         {bot.KindCommand, "status", "sekarang", true},
	} {
		for _, channel := range []string{town, w.dm} {
			if err := w.sari.Slash(channel, typed); err != nil {
				t.Errorf("%q: %v", typed, err)
			}
			n++
			u := w.hears(n)[n-1]
			if short(u) != want || u.Account.ID != w.sari.ID() || u.Message != "" || u.ID == "" || u.At.IsZero() || !u.Wish || (u.Chat == w.dm) != (channel == w.dm) || u.Chat == town {
				t.Errorf("%q became %+v", typed, u)
			}
		}
	}
	if got := w.sari.Last(town); !got.Ephemeral || !strings.HasPrefix(got.Text, "Saya lanjutkan berdua saja") {
		t.Errorf("the channel shows %+v", got)
	}
	if got := w.sari.Last(w.dm); got.Ephemeral || got.Text != "ya" || got.User != w.botID {
		t.Errorf("the direct message shows %+v", got)
	}
}

func TestDirectMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.listens()
	n := 0
	for typed, want := range map[string]heardAs{
		"halo":               {bot.KindText, "", "halo", true},
		"  dua\n baris ":     {bot.KindText, "", "dua\n baris", true},
		"/resetpin":          {bot.KindText, "", "", true}, // the client takes it for a slash command; see below
		" /resetpin link 5":  {bot.KindCommand, "link", "5", true},
		" /statusds":         {bot.KindCommand, "status", "", true},
		" /entah apa":        {bot.KindCommand, "entah", "apa", true},
		"Status":             {bot.KindCommand, "status", "", true},
		"status saya gimana": {bot.KindText, "", "status saya gimana", true},
		"link 1988-05 05.1":  {bot.KindCommand, "link", "1988-05 05.1", true},
		"/":                  {bot.KindText, "", "/", true},
	} {
		if typed == "/resetpin" {
			want = heardAs{bot.KindCommand, "resetpin", "", true} // of another client
		}
		id := w.types(typed)
		n++
		u := w.hears(n)[n-1]
		if short(u) != want || u.ID != id || u.Message != id || u.Chat != w.dm || u.Handle != "" || u.Account.String() != "mattermost:"+w.sari.ID() {
			t.Errorf("%q became %+v", typed, u)
		}
	}
}

// api is a client with a token of somebody's.
func (w *world) api(token string) *model.Client4 {
	c := model.NewAPIv4Client(w.mm.URL())
	c.SetToken(token)
	return c
}

func (w *world) creates(token string, p *model.Post) *model.Post {
	w.t.Helper()
	out, _, err := w.api(token).CreatePost(w.ctx(), p)
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

func TestOtherDirectMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.listens()
	mine := w.api(w.sari.Token())
	up, _, err := mine.UploadFile(w.ctx(), []byte("x"), w.dm, "surat.pdf")
	if err != nil {
		t.Fatal(err)
	}
	w.creates(w.sari.Token(), &model.Post{ChannelId: w.dm, FileIds: model.StringArray{up.FileInfos[0].Id}})
	if u := w.hears(1)[0]; short(u) != (heardAs{bot.KindOther, "", "", true}) {
		t.Errorf("a file became %+v", u)
	}
	id := w.types("PIN saya 123456")
	w.hears(2)
	if err := w.sari.Edit(id, "lain"); err != nil {
		t.Fatal(err)
	}
	if u := w.hears(3)[2]; short(u) != (heardAs{bot.KindEdited, "", "lain", true}) || u.Message != id || u.ID == id {
		t.Errorf("an edit became %+v", u)
	}
	reply, err := w.sari.Reply(w.dm, id, "di utas")
	if err != nil {
		t.Fatal(err)
	}
	if u := w.hears(4)[3]; u.Message != reply || u.Handle != ";"+id {
		t.Errorf("words in a thread became %+v", u)
	}
	if err := w.bot.Deliver(w.ctx(), w.hears(4)[3].Origin, say("jawab")); err != nil {
		t.Fatal(err)
	}
	if got := last(w.sari.Thread(w.dm, id)); got.Text != "jawab" || got.Root != id {
		t.Errorf("the answer is %+v", got)
	}
	w.types(`[di sini](https://a.test/masuk), ![logo](<https://b.test/x>) atau [lain]( https://c.test "judul") dan https://d.test`)
	if got, want := w.hears(5)[4].Links, []string{"https://a.test/masuk", "https://b.test/x", "https://c.test"}; !slices.Equal(got, want) {
		t.Errorf("behind the words are %q, want %q", got, want)
	}
}

// TestWhatIsNotHeard: others' talk, other bots, webhooks, own words and pins.
func TestWhatIsNotHeard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.listens()
	town := w.mm.Channel(w.mm.TeamID(), "town-square")
	w.mm.JoinChannel(town, w.botID)
	other, secret := w.mm.AddBot("lain")
	pair, _, err := w.api(secret).CreateDirectChannel(w.ctx(), other, w.botID)
	if err != nil {
		t.Fatal(err)
	}
	w.creates(secret, &model.Post{ChannelId: pair.Id, Message: "dari bot"})
	w.creates(w.sari.Token(), &model.Post{ChannelId: w.dm, Message: "dari webhook", Props: model.StringInterface{"from_webhook": "true"}})
	w.deliver(w.to(), say("dari saya"))
	for _, text := range []string{"halo semua", "@resetpinku status", "surel@resetpin", "@sari halo"} {
		if _, err := w.sari.Type(town, text); err != nil {
			t.Fatal(err)
		}
	}
	posted, err := w.sari.Type(town, "@resetpin: Status 123")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.sari.Edit(posted, "@resetpin: lain"); err != nil {
		t.Fatal(err)
	}
	pin := true
	if _, _, err := w.api(w.sari.Token()).PatchPost(w.ctx(), w.types("tersemat"), &model.PostPatch{IsPinned: &pin}); err != nil {
		t.Fatal(err)
	}
	w.types("selesai")
	got := w.hears(3)
	if len(got) != 3 || short(got[0]) != (heardAs{bot.KindCommand, "status", "123", false}) || got[0].Handle != ";"+posted || got[0].Chat != town || got[1].Text != "tersemat" || got[2].Text != "selesai" {
		t.Errorf("heard %+v", got)
	}
}

// last is the newest of posts; an empty one when there is none.
func last(posts []mattermosttest.Post) mattermosttest.Post {
	if len(posts) == 0 {
		return mattermosttest.Post{}
	}
	return posts[len(posts)-1]
}

// TestTheBotIsCalledInAChannel: wherever its name stands, and the words come
// whole, for a PIN may be among them.
func TestTheBotIsCalledInAChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.listens()
	town := w.mm.Channel(w.mm.TeamID(), "town-square")
	w.mm.JoinChannel(town, w.botID)
	for n, c := range []struct {
		typed         string
		command, text string
	}{
		{"@resetpin status", "status", ""},
		{"halo @resetpin tolong", "", "halo tolong"},
		{"tolong dong @resetpin", "", "tolong dong"},
		{"tolong dong, @Resetpin!", "", "tolong dong,"},
		{"pak (@resetpin) link 19880505", "link", "19880505"},
		{"@resetpin PIN saya Melati#2024", "", "PIN saya Melati#2024"},
		{"**@resetpin**:\nhelp", "help", ""},
		{"@resetpin", "", ""},
	} {
		if _, err := w.sari.Type(town, c.typed); err != nil {
			t.Fatal(err)
		}
		if u := w.hears(n + 1)[n]; short(u) != (heardAs{bot.KindCommand, c.command, c.text, false}) || u.Message == "" {
			t.Errorf("%q became %+v", c.typed, u)
		}
	}
}

// TestAPressIsHeard: with the button's action, once for each click.
func TestAPressIsHeard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	act := bot.Action{Name: "go.on", Arg: "a-1"}
	post := w.deliver(w.to(), bot.Reply{Messages: []bot.Message{{Text: "?", Buttons: [][]bot.Button{{{Text: "Ya", Action: act}}}}}})
	w.engine.answers(bot.Reply{Notice: "baik", Messages: []bot.Message{{Text: "baru", Replace: true}}})
	for n := 1; n <= 2; n++ {
		w.deliver(bot.Origin{Account: w.to().Account, Chat: w.dm, Message: post.ID}, bot.Reply{Messages: []bot.Message{{Text: strconv.Itoa(n), Replace: true,
			Buttons: [][]bot.Button{{{Text: "Ya", Action: act}}}}}})
		if err := w.sari.Press(post.ID, "Ya"); err != nil {
			t.Fatal(err)
		}
		u := w.hears(n)[n-1]
		if u.Kind != bot.KindAction || u.Action.Name != act.Name || u.Action.Arg != act.Arg || u.Action.At.IsZero() || u.Message != post.ID || u.Chat != w.dm || !u.Private {
			t.Errorf("heard %+v", u)
		}
		if now, _ := w.sari.Post(post.ID); now.Text != "_baik_\n\nbaru" || len(now.Buttons) != 0 {
			t.Errorf("the post is %+v", now)
		}
	}
}
