// Package talktest lets a capability be tested alone: a kernel on a real
// database, an employee, and a clock that the test moves. What the capability
// wants of others is answered by their names.
package talktest

import (
	"context"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
	"resetpin/handlers/understand"
	"resetpin/store"
	"resetpin/store/storetest"
)

// NIP is the employee's.
const NIP = "198001012005011001"

// Zone is the employee's.
func Zone() *time.Location { return time.FixedZone("WIB", 7*60*60) }

// Conversation is one between the bot and an account.
type Conversation struct {
	t      testing.TB
	DB     *store.Store
	Kernel *talk.Kernel
	Pages  *pages.Pages
	Me     bot.Account
	Now    time.Time
}

// nothingMeant understands no word.
type nothingMeant struct{}

// Understand finds nothing.
func (nothingMeant) Understand(understand.Input) understand.Result {
	return understand.Result{Meaning: understand.Unknown}
}

// New gives a conversation at nine in the morning with somebody who is not
// linked. The texts are those of the folder texts, beside the tested package's
// own folder.
func New(t testing.TB) *Conversation {
	t.Helper()
	c := &Conversation{t: t, DB: storetest.Open(t, storetest.SQLite(t)), Me: bot.Account{Platform: bot.Telegram, ID: "7"}, Now: time.Date(2026, 3, 2, 9, 0, 0, 0, Zone())}
	texts, err := talk.LoadTexts(os.DirFS("../texts"))
	if err != nil {
		t.Fatal(err)
	}
	library, err := guides.Load(guides.Builtin())
	if err != nil {
		t.Fatal(err)
	}
	c.Kernel = talk.New(talk.Config{
		Store: c.DB, Sentences: nothingMeant{}, Texts: texts, Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return c.Now },
		PrivateLink: func(string, string) string { return "" },
		Settings: talk.Settings{
			DefaultLanguage: talk.Indonesian, ResetSites: []string{"esign.contoh.go.id"}, ResetSenders: []string{"osd@contoh.go.id"},
			HelpdeskChats: []bot.Account{{Platform: bot.Telegram, ID: "-100"}}, ResetTrigger: "resetpin", StatusTrigger: "statusds", Zone: Zone(),
		},
	})
	c.Pages = pages.New(c.Kernel, library, nil, c.DB, "")
	return c
}

// Register takes the capability that is tested. Every other name, and the
// commands that answers lead to, are answered by what they are called.
func (c *Conversation) Register(tested talk.Capability) {
	c.t.Helper()
	echo := func(words string) talk.Handler {
		return func(_ context.Context, r talk.Request) (bot.Reply, error) {
			return talk.Reply(strings.TrimSpace("does " + words + " " + r.Action.Arg)), nil
		}
	}
	others := talk.Capability{Name: "others", Actions: make(map[talk.Name]talk.Handler)}
	for _, n := range talk.Shared() {
		if n != talk.Cmd && n != talk.Cancel && tested.Actions[n] == nil {
			others.Actions[n] = echo(string(n))
		}
	}
	own := make(map[string]bool)
	for _, command := range tested.Commands {
		own[command.Name] = true
	}
	for _, name := range []string{"resetpin", "status", "link", "help"} {
		if !own[name] {
			others.Commands = append(others.Commands, talk.Command{Name: name, Listed: 1, Run: echo(name)})
		}
	}
	if tested.Introduce == nil {
		others.Introduce = echo("who are you?")
	}
	if tested.Texts != nil {
		texts, err := talk.LoadTexts(os.DirFS("../texts"), tested.Texts)
		if err != nil {
			c.t.Fatal(err)
		}
		c.Kernel.Texts = texts
	}
	if err := c.Kernel.Register(tested, others); err != nil {
		c.t.Fatal(err)
	}
}

// Import puts an employee into the directory.
func (c *Conversation) Import(active bool) store.Employee {
	c.t.Helper()
	e := store.Employee{NIP: NIP, NIK: "3171010101800001", Name: "Pegawai Satu", Email: "satu@contoh.go.id", Active: active}
	if _, err := c.DB.Import(c.t.Context(), func(yield func(store.Employee, error) bool) { yield(e, nil) }, store.ImportOptions{}); err != nil {
		c.t.Fatal(err)
	}
	return e
}

// Link makes the account the employee's.
func (c *Conversation) Link() {
	c.t.Helper()
	c.Import(true)
	if err := c.DB.Link(c.t.Context(), store.Account(c.Me), NIP, c.Now, func([]store.Account) []store.Job { return nil }); err != nil {
		c.t.Fatal(err)
	}
}

// Session is what is known of the account.
func (c *Conversation) Session() store.Session {
	c.t.Helper()
	s, err := c.DB.Session(c.t.Context(), store.Account(c.Me))
	if err != nil {
		c.t.Fatal(err)
	}
	return s
}

// Request is one of the account's, for what is called by no button.
func (c *Conversation) Request() talk.Request {
	c.t.Helper()
	r, err := c.Kernel.Unasked(c.t.Context(), bot.Origin{Account: c.Me, Private: true}, "")
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

// Press presses a button, made now.
func (c *Conversation) Press(a bot.Action) bot.Reply {
	c.t.Helper()
	a.At = c.Now
	return c.does(bot.Update{Kind: bot.KindAction, Action: a})
}

// Command types a command.
func (c *Conversation) Command(name, text string) bot.Reply {
	c.t.Helper()
	return c.does(bot.Update{Kind: bot.KindCommand, Command: name, Text: text})
}

// Submit sends a dialog.
func (c *Conversation) Submit(a bot.Action, field, value string) bot.Reply {
	c.t.Helper()
	return c.does(bot.Update{Kind: bot.KindForm, Action: a, Fields: map[string]string{field: value}})
}

func (c *Conversation) does(u bot.Update) bot.Reply {
	c.t.Helper()
	u.Origin = bot.Origin{Account: c.Me, Private: true, Message: "1"}
	answer, err := c.Kernel.Handle(c.t.Context(), u)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer
}

// Says checks the words of an answer's first message.
func (c *Conversation) Says(r bot.Reply, want ...string) bot.Message {
	c.t.Helper()
	if len(r.Messages) == 0 {
		c.t.Fatalf("nothing is said, want %q", want)
	}
	for _, w := range want {
		if !strings.Contains(r.Messages[0].Text, w) {
			c.t.Errorf("said %q, want %q in it", r.Messages[0].Text, w)
		}
	}
	return r.Messages[0]
}

// Button finds the button that does something under a message.
func (c *Conversation) Button(m bot.Message, does talk.Name) bot.Button {
	c.t.Helper()
	for _, row := range m.Buttons {
		for _, b := range row {
			if b.Action.Name == string(does) {
				return b
			}
		}
	}
	c.t.Fatalf("no button for %q under %q", does, m.Text)
	return bot.Button{}
}

// Unasked composes all that is to be said unasked, in the order in which it
// was decided.
func (c *Conversation) Unasked() []bot.Reply {
	c.t.Helper()
	rows, err := c.DB.OpenInbox(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	var out []bot.Reply
	for _, row := range rows {
		u, err := bot.DecodeUnasked(bot.InboxItem(row))
		if err != nil {
			c.t.Fatal(err)
		}
		r, err := c.Kernel.Compose(c.t.Context(), u)
		if err != nil {
			c.t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

// Waiting is how many durable jobs of a kind wait.
func (c *Conversation) Waiting(kind talk.JobKind) int {
	c.t.Helper()
	n, err := c.DB.WaitingJobs(c.t.Context(), string(kind))
	if err != nil {
		c.t.Fatal(err)
	}
	return n
}
