package mattermost_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"resetpin/bot/mattermost"
	"resetpin/bot/mattermost/mattermosttest"
)

// setupOf is a set-up as an administrator's first one is.
func setupOf(s *mattermosttest.Server) mattermost.SetupConfig {
	return mattermost.SetupConfig{
		URL: s.URL(), PublicURL: "http://127.0.0.1:8177", AdminToken: s.AdminToken(),
		BotUsername: "resetpin", BotName: "Reset PIN DS", BotAbout: "Membantu",
		Commands: []mattermost.SetupCommand{
			{Trigger: "resetpin", DisplayName: "Reset PIN DS", Description: "Reset PIN DS Anda", Hint: "[status|link]"},
			{Trigger: "statusds", DisplayName: "Reset PIN DS", Description: "Cek status"},
		},
	}
}

// triggersOf lists a team's commands.
func triggersOf(s *mattermosttest.Server, team string) []string {
	var out []string
	for _, c := range s.Commands() {
		if c.Team == team {
			out = append(out, c.Trigger)
		}
	}
	slices.Sort(out)
	return out
}

func TestSetupMakesAServerReadyAndThenChangesNothing(t *testing.T) {
	t.Parallel()
	s := mattermosttest.Start(t, mattermosttest.Options{})
	second := s.AddTeam("cabang")
	c := setupOf(s)
	first, err := mattermost.Setup(t.Context(), c)
	if err != nil || len(first.Trouble) > 0 {
		t.Fatal(err, first.Trouble)
	}
	if first.Bot != "resetpin" || first.BotToken == "" || len(first.CommandTokens) != 4 || len(first.Done) != 8 {
		t.Errorf("the first run gave %d command tokens and did %q", len(first.CommandTokens), first.Done)
	}
	for _, team := range []string{s.TeamID(), second} {
		if got := triggersOf(s, team); !slices.Equal(got, []string{"resetpin", "statusds"}) {
			t.Errorf("a team has %q", got)
		}
	}
	made := s.Commands()
	for _, m := range made {
		if m.URL != "http://127.0.0.1:8177/mattermost/command" || m.Method != "P" || !m.AutoComplete || m.Username != "resetpin" || m.AutoCompleteDesc == "" {
			t.Errorf("made %+v", m)
		}
	}
	c.BotToken = first.BotToken
	again, err := mattermost.Setup(t.Context(), c)
	if err != nil || len(again.Done) > 0 || again.BotToken != "" || !slices.Equal(again.CommandTokens, first.CommandTokens) {
		t.Errorf("the second run did %q and gave %d tokens, %v", again.Done, len(again.CommandTokens), err)
	}
	if !slices.Equal(s.Commands(), made) {
		t.Error("the second run changed commands")
	}
}

func TestSetupBringsCommandsUpToDate(t *testing.T) {
	t.Parallel()
	s := mattermosttest.Start(t, mattermosttest.Options{})
	c := setupOf(s)
	first, err := mattermost.Setup(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	c.BotToken, c.PublicURL, c.Commands[0].Hint = first.BotToken, "http://127.0.0.1:9999/", "[status]"
	again, err := mattermost.Setup(t.Context(), c)
	if err != nil || len(again.Done) != 2 {
		t.Errorf("did %q, %v", again.Done, err)
	}
	for _, m := range s.Commands() {
		if m.URL != "http://127.0.0.1:9999/mattermost/command" || m.Trigger == "resetpin" && m.AutoCompleteHint != "[status]" || !slices.Contains(first.CommandTokens, m.Team+":"+m.Token) {
			t.Errorf("now it is %+v", m)
		}
	}
}

func TestSetupOfNamedTeamsOnly(t *testing.T) {
	t.Parallel()
	s := mattermosttest.Start(t, mattermosttest.Options{})
	second := s.AddTeam("cabang")
	c := setupOf(s)
	c.Teams = []string{"Cabang"}
	if _, err := mattermost.Setup(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if got := triggersOf(s, s.TeamID()); len(got) > 0 || len(triggersOf(s, second)) != 2 {
		t.Errorf("the other team has %q", got)
	}
}

// TestSetupOfOneMoreTeamKeepsTheOthers: what it prints takes the place of what
// stood in .env.
func TestSetupOfOneMoreTeamKeepsTheOthers(t *testing.T) {
	t.Parallel()
	s := mattermosttest.Start(t, mattermosttest.Options{})
	c := setupOf(s)
	first, err := mattermost.Setup(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	s.AddTeam("cabang")
	s.AddCommand("lain", "http://127.0.0.1:1/mattermost/command")
	c.BotToken, c.Teams = first.BotToken, []string{"cabang"}
	again, err := mattermost.Setup(t.Context(), c)
	if err != nil || len(again.CommandTokens) != 4 {
		t.Fatalf("%d tokens, want 4; %v", len(again.CommandTokens), err)
	}
	for _, token := range first.CommandTokens {
		if !slices.Contains(again.CommandTokens, token) {
			t.Error("a command of the first team is not taken any more")
		}
	}
}

// TestSetupWaitsWhenItAsksTooMuch: a server that limits how often it is asked
// can be set up for many teams too.
func TestSetupWaitsWhenItAsksTooMuch(t *testing.T) {
	t.Parallel()
	s := mattermosttest.Start(t, mattermosttest.Options{})
	s.Break(mattermosttest.Fault{Method: http.MethodGet, Path: "/commands", Times: 1, Code: http.StatusTooManyRequests, Reset: 1})
	s.Break(mattermosttest.Fault{Method: http.MethodPost, Path: "/commands", Times: 1, Code: http.StatusTooManyRequests, Reset: 1})
	r, err := mattermost.Setup(t.Context(), setupOf(s))
	if err != nil || len(r.CommandTokens) != 2 || len(s.Commands()) != 2 {
		t.Errorf("%d tokens of %d commands, %v", len(r.CommandTokens), len(s.Commands()), err)
	}
}

// TestSetupSaysPlainlyWhatIsWrong: each error and each trouble names what to
// do, and no error holds a token.
func TestSetupSaysPlainlyWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(s *mattermosttest.Server, c *mattermost.SetupConfig)
		want   string // of the error
		todo   string // of the troubles
	}{
		"no administrator's token":     {func(_ *mattermosttest.Server, c *mattermost.SetupConfig) { c.AdminToken = "nonsense" }, "refuses the administrator's token", ""},
		"a person's token":             {func(s *mattermosttest.Server, c *mattermost.SetupConfig) { c.AdminToken = s.Person("ani").Token() }, "no system administrator", ""},
		"no such team":                 {func(_ *mattermosttest.Server, c *mattermost.SetupConfig) { c.Teams = []string{"entah"} }, `no team "entah"`, ""},
		"no address":                   {func(_ *mattermosttest.Server, c *mattermost.SetupConfig) { c.PublicURL = "bot.contoh" }, "PUBLIC_URL", ""},
		"nobody answers":               {func(s *mattermosttest.Server, _ *mattermost.SetupConfig) { s.Down() }, "log in with the administrator's token", ""},
		"the word is Mattermost's own": {func(_ *mattermosttest.Server, c *mattermost.SetupConfig) { c.Commands[1].Trigger = "status" }, "MATTERMOST_STATUS_COMMAND", ""},
		"the word is somebody else's": {func(s *mattermosttest.Server, _ *mattermost.SetupConfig) {
			s.AddCommand("resetpin", "http://127.0.0.1:1/other")
		}, "belongs to another integration", ""},
		"the account is a person's":     {func(s *mattermosttest.Server, _ *mattermost.SetupConfig) { s.Person("resetpin") }, "a person's account", ""},
		"the account's token is lost":   {func(s *mattermosttest.Server, _ *mattermost.SetupConfig) { s.AddBot("resetpin") }, "--new-token", ""},
		"the bot's token is refused":    {func(_ *mattermosttest.Server, c *mattermost.SetupConfig) { c.BotToken = "nonsense" }, "refuses MATTERMOST_BOT_TOKEN", ""},
		"the bot's token is a person's": {func(s *mattermosttest.Server, c *mattermost.SetupConfig) { c.BotToken = s.Person("ani").Token() }, "the person @ani's", ""},
		"no commands": {func(s *mattermosttest.Server, _ *mattermost.SetupConfig) {
			s.Set(func(o *mattermosttest.Settings) { o.EnableCommands = false })
		}, "Enable Custom Slash Commands", "Enable Custom Slash Commands"},
		"no bot accounts": {func(s *mattermosttest.Server, _ *mattermost.SetupConfig) {
			s.Set(func(o *mattermosttest.Settings) { o.EnableBotAccountCreation = false })
		}, "Enable Bot Account Creation", "Enable Bot Account Creation"},
		"the bot's address is not allowed": {func(_ *mattermosttest.Server, c *mattermost.SetupConfig) { c.PublicURL = "http://10.9.8.7:80" }, "", "10.9.8.7 is an internal address"},
		"a network of addresses is": {func(s *mattermosttest.Server, c *mattermost.SetupConfig) {
			c.PublicURL = "http://10.9.8.7:80"
			s.Set(func(o *mattermosttest.Settings) { o.AllowedUntrustedInternalConnections = "10.9.0.0/16,localhost" })
		}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := mattermosttest.Start(t, mattermosttest.Options{})
			c := setupOf(s)
			tt.change(s, &c)
			r, err := mattermost.Setup(t.Context(), c)
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
			if err != nil && (strings.Contains(err.Error(), c.AdminToken) || c.BotToken != "" && strings.Contains(err.Error(), c.BotToken)) {
				t.Error("the error holds a token")
			}
			if todo := strings.Join(r.Trouble, "\n"); (todo == "") != (tt.todo == "") || !strings.Contains(todo, tt.todo) {
				t.Errorf("troubles %q, want %q", todo, tt.todo)
			}
		})
	}
}

func TestANewToken(t *testing.T) {
	t.Parallel()
	s := mattermosttest.Start(t, mattermosttest.Options{})
	_, old := s.AddBot("resetpin")
	c := setupOf(s)
	c.BotToken, c.NewToken = old, true
	r, err := mattermost.Setup(context.Background(), c)
	if err != nil || r.BotToken == "" || r.BotToken == old {
		t.Fatal("no new token", err)
	}
}
