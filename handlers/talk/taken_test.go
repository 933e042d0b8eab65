package talk_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/handlers/talk/talktest"
	"resetpin/store"
)

const resetPath = "/email/user/passphrase/reset/0123456789abcdef0123456789abcdef"

// guarded is a conversation behind the guard: it gives what somebody's words
// are answered, and whether they went further.
func guarded(t *testing.T, c *talktest.Conversation) func(u bot.Update) (answer bot.Reply, further bool) {
	t.Helper()
	var heard bool
	handle := c.Kernel.Guard(func(context.Context, bot.Update) (bot.Reply, error) {
		heard = true
		return bot.Reply{}, nil
	})
	return func(u bot.Update) (bot.Reply, bool) {
		t.Helper()
		heard = false
		if u.Account.ID == "" {
			u.Account = c.Me
		}
		u.Message = "9"
		answer, err := handle(t.Context(), u)
		if err != nil {
			t.Fatal(err)
		}
		return answer, heard
	}
}

// trail keeps the lines of the audit trail.
type trail struct {
	talk.Store
	lines []store.Event
}

// Audit keeps a line.
func (t *trail) Audit(_ context.Context, e store.Event) error {
	t.lines = append(t.lines, e)
	return nil
}

func typed(id, text string) bot.Update {
	return bot.Update{ID: id, Kind: bot.KindText, Text: text, Origin: bot.Origin{Private: true}}
}

// What is taken goes no further, whichever way it was written, and stands in
// the audit trail without a word of it. What is said of it is said once a
// minute, and the message is taken all the same.
func TestWhatIsTakenGoesNoFurther(t *testing.T) {
	c := talktest.New(t)
	c.Register(talk.Capability{Name: "tested"})
	trail := &trail{Store: c.DB}
	c.Kernel.Store = trail
	says := guarded(t, c)
	const link = "https://esign.contoh.go.id" + resetPath
	for n, u := range []bot.Update{
		typed("1", link),
		{ID: "2", Kind: bot.KindEdited, Text: link, Origin: bot.Origin{Private: true}},
		{ID: "3", Kind: bot.KindOther, Text: link, Origin: bot.Origin{Private: true}}, // under a picture
		{ID: "4", Kind: bot.KindCommand, Command: "link", Text: link, Origin: bot.Origin{Private: true}},
		{ID: "5", Kind: bot.KindText, Text: link, Origin: bot.Origin{Chat: "-7"}},
		{ID: "6", Kind: bot.KindText, Text: "di sini", Links: []string{link}, Origin: bot.Origin{Private: true}},
	} {
		answer, further := says(u)
		if further || answer.Remove == nil || answer.Remove.Message != "9" || len(answer.Messages) != 0 {
			t.Fatalf("%+v went further: %v, %+v", u, further, answer)
		}
		if said := answer.Remove.Done.Text != "" || answer.Remove.Failed.Text != ""; said != (n == 0) {
			t.Errorf("%s: said %v", u.ID, said)
		}
	}
	if answer, _ := says(typed("1", link)); answer.Remove.Done.Text == "" {
		t.Error("an update that comes again is answered by nothing")
	}
	for _, e := range trail.lines {
		if e.Action != "guard" || e.Outcome != "link" || e.Detail != "" || e.Account != store.Account(c.Me) {
			t.Errorf("%+v", e)
		}
	}
	if len(trail.lines) != 7 {
		t.Errorf("%d lines", len(trail.lines))
	}
	if _, further := says(typed("8", "selamat pagi")); !further {
		t.Error("an ordinary word goes no further")
	}
	for _, kind := range []bot.Kind{bot.KindAction, bot.KindForm} { // nothing of it stands in the chat
		if _, further := says(bot.Update{ID: "9", Kind: kind, Text: link, Origin: bot.Origin{Private: true}}); !further {
			t.Errorf("%s goes no further", kind)
		}
	}
}

// unknowing is a database that is away.
type unknowing struct{ talk.Store }

var errAway = errors.New("the database is away")

func (unknowing) Session(context.Context, store.Account) (store.Session, error) {
	return store.Session{}, errAway
}
func (unknowing) Audit(context.Context, store.Event) error { return errAway }
func (unknowing) NoteFake(context.Context, store.Fake, func(store.FakeCount) []store.Job) (store.FakeCount, error) {
	return store.FakeCount{}, errAway
}

// While the database is away a secret goes out of the chat all the same.
func TestASecretGoesWhileTheDatabaseIsAway(t *testing.T) {
	c := talktest.New(t)
	c.Register(talk.Capability{Name: "tested"})
	c.Kernel.Store = unknowing{c.DB}
	says := guarded(t, c)
	for host, want := range map[string]string{"esign.contoh.go.id": "Alamatnya asli", "esign.contoh.go.id.palsu.test": "link palsu"} {
		answer, further := says(typed(host, "https://"+host+resetPath))
		if further || answer.Remove == nil || !strings.Contains(answer.Remove.Done.Text, want) {
			t.Errorf("%s: %v, %+v", host, further, answer.Remove)
		}
	}
	if _, further := says(typed("1", "selamat pagi")); !further {
		t.Error("an ordinary word is taken")
	}
}

// A false link is told officers, with its host and never its key, once for a
// person and a day; when five got the same, they hear of that too. One who
// plays is told of three times.
func TestOfficersHearOfFalseLinks(t *testing.T) {
	c := talktest.New(t)
	c.Register(talk.Capability{Name: "tested"})
	says := guarded(t, c)
	shows := func(who, host string) {
		t.Helper()
		u := typed(who+host, "https://"+host+resetPath)
		u.Account = bot.Account{Platform: bot.Telegram, ID: who}
		if answer, further := says(u); further || answer.Remove == nil {
			t.Fatalf("%s shows %s: %+v", who, host, answer)
		}
	}
	told := func() (out []string) {
		t.Helper()
		for _, r := range c.Unasked() {
			if strings.Contains(r.Messages[0].Text, "0123456789abcdef") {
				t.Errorf("a key is told: %s", r.Messages[0].Text)
			}
			out = append(out, r.Messages[0].Text)
		}
		return out
	}
	const host = "esign.contoh.go.id.palsu.test"
	for range 2 {
		shows("1", host)
	}
	if got := told(); len(got) != 1 || !strings.Contains(got[0], host) {
		t.Fatalf("officers hear %q", got)
	}
	for n := range 5 {
		shows(strconv.Itoa(n+1), host)
	}
	if got := told(); len(got) != 6 || !strings.Contains(got[len(got)-1], "5") {
		t.Errorf("officers hear %q", got)
	}
	for n := range 6 {
		shows("9", "esign.contoh.go.id.palsu"+strconv.Itoa(n)+".test")
	}
	if got := told(); len(got) != 9 {
		t.Errorf("of who plays officers hear %d times", len(got)-6)
	}
}

// Under the words stands the way back to where the person was; where others
// read along there is nothing to press.
func TestTheGuardLeadsBack(t *testing.T) {
	c := talktest.New(t)
	problem := bot.Button{Text: "Ada masalah", Action: talk.Given.With("")}
	c.Register(talk.Capability{Name: "tested", Here: func(context.Context, talk.Request) (talk.Standing, bool) {
		return talk.Standing{Place: "langkah 3 dari 7", Problem: &problem}, true
	}})
	c.Link()
	if _, err := c.DB.StartWalk(t.Context(), talktest.NIP, talk.ResetGuide, "link", c.Now); err != nil {
		t.Fatal(err)
	}
	says := guarded(t, c)
	names := func(m bot.Message) (out []string) {
		for _, row := range m.Buttons {
			for _, b := range row {
				out = append(out, b.Action.Name)
			}
		}
		return out
	}
	genuine, fake := "https://esign.contoh.go.id"+resetPath, "https://esign.contoh.go.id.palsu.test"+resetPath
	private, _ := says(typed("1", genuine))
	for _, m := range []bot.Message{private.Remove.Done, private.Remove.Failed} {
		if got := strings.Join(names(m), " "); !strings.Contains(m.Text, "langkah 3 dari 7") || got != string(talk.WalkHere)+" "+string(talk.Given) {
			t.Errorf("%s, buttons %s", m.Text, got)
		}
	}
	shown, _ := says(typed("2", fake))
	if got := strings.Join(names(shown.Remove.Done), " "); got != string(talk.WalkHere)+" "+string(talk.Given)+" "+string(talk.Helpdesk) {
		t.Errorf("a false link, buttons %s", got)
	}
	c.Now = c.Now.Add(2 * time.Minute)
	public := typed("3", genuine)
	public.Origin = bot.Origin{Chat: "-7"}
	if answer, _ := says(public); len(names(answer.Remove.Done)) != 0 || strings.Contains(answer.Remove.Done.Text, "langkah") {
		t.Errorf("where others read along: %+v", answer.Remove.Done)
	}
}
