package setup_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"resetpin/bot/mattermost/mattermosttest"
	"resetpin/bot/mattermost/setup"
)

// setupOf is a set-up as an administrator's first one is.
func setupOf(s *mattermosttest.Server) setup.Config {
	return setup.Config{
		URL: s.URL(), PublicURL: "http://127.0.0.1:8177", Options: setup.Options{AdminToken: s.AdminToken(), AllTeams: true}, ResetSites: []string{"esign-bsre.bssn.go.id"},
		BotUsername: "resetpin", BotName: "Reset PIN DS", BotAbout: "Membantu",
		Commands: []setup.Command{
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
	first, err := setup.Run(t.Context(), c)
	if err != nil || len(first.Trouble) > 0 {
		t.Fatal(err, first.Trouble)
	}
	if first.Bot != "resetpin" || first.BotToken == "" || len(first.CommandTokens) != 4 || len(first.Done) != 9 {
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
	again, err := setup.Run(t.Context(), c)
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
	first, err := setup.Run(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	c.BotToken, c.PublicURL, c.Commands[0].Hint = first.BotToken, "http://127.0.0.1:9999/", "[status]"
	again, err := setup.Run(t.Context(), c)
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
	c.Teams, c.AllTeams = []string{"Cabang"}, false
	r, err := setup.Run(t.Context(), c)
	if err != nil || !slices.Contains(r.Advice, "teams without the bot: kantor") {
		t.Fatal(r.Advice, err)
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
	first, err := setup.Run(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	s.AddTeam("cabang")
	s.AddCommand("lain", "http://127.0.0.1:1/mattermost/command")
	c.BotToken, c.Teams, c.AllTeams = first.BotToken, []string{"cabang"}, false
	again, err := setup.Run(t.Context(), c)
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
	r, err := setup.Run(t.Context(), setupOf(s))
	if err != nil || len(r.CommandTokens) != 2 || len(s.Commands()) != 2 {
		t.Errorf("%d tokens of %d commands, %v", len(r.CommandTokens), len(s.Commands()), err)
	}
}

// TestSetupSaysPlainlyWhatIsWrong: each error and each trouble names what to
// do, and no error holds a token.
func TestSetupSaysPlainlyWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(s *mattermosttest.Server, c *setup.Config)
		want   string // of the error
		todo   string // of the troubles
	}{
		"no administrator's token": {func(_ *mattermosttest.Server, c *setup.Config) { c.AdminToken = "nonsense" }, "refuses the administrator's token", ""},
		"a person's token":         {func(s *mattermosttest.Server, c *setup.Config) { c.AdminToken = s.Person("ani").Token() }, "no system administrator", ""},
		"no such team": {func(_ *mattermosttest.Server, c *setup.Config) {
			c.Teams, c.AllTeams = []string{"entah"}, false
		}, `no team "entah"`, ""},
		"no address":                   {func(_ *mattermosttest.Server, c *setup.Config) { c.PublicURL = "bot.contoh" }, "PUBLIC_URL", ""},
		"nobody answers":               {func(s *mattermosttest.Server, _ *setup.Config) { s.Down() }, "log in with the administrator's token", ""},
		"the word is Mattermost's own": {func(_ *mattermosttest.Server, c *setup.Config) { c.Commands[1].Trigger = "status" }, "MATTERMOST_STATUS_COMMAND", ""},
		"the word is somebody else's": {func(s *mattermosttest.Server, _ *setup.Config) {
			s.AddCommand("resetpin", "http://127.0.0.1:1/other")
		}, "belongs to another integration", ""},
		"the account is a person's":     {func(s *mattermosttest.Server, _ *setup.Config) { s.Person("resetpin") }, "a person's account", ""},
		"the account's token is lost":   {func(s *mattermosttest.Server, _ *setup.Config) { s.AddBot("resetpin") }, "--new-token", ""},
		"the bot's token is refused":    {func(_ *mattermosttest.Server, c *setup.Config) { c.BotToken = "nonsense" }, "refuses MATTERMOST_BOT_TOKEN", ""},
		"the bot's token is a person's": {func(s *mattermosttest.Server, c *setup.Config) { c.BotToken = s.Person("ani").Token() }, "the person @ani's", ""},
		"no team is named":              {func(_ *mattermosttest.Server, c *setup.Config) { c.AllTeams = false }, "--all-teams", ""},
		"the server has no address": {func(s *mattermosttest.Server, _ *setup.Config) {
			s.Set(func(o *mattermosttest.Settings) { o.NoSiteURL = true })
		}, "", "Site URL"},
		"access tokens are off again": {func(s *mattermosttest.Server, _ *setup.Config) {
			s.Set(func(o *mattermosttest.Settings) { o.EnableUserAccessTokens = false })
		}, "", ""},
		"no commands": {func(s *mattermosttest.Server, _ *setup.Config) {
			s.Set(func(o *mattermosttest.Settings) { o.EnableCommands = false })
		}, "Enable Custom Slash Commands", "Enable Custom Slash Commands"},
		"no bot accounts": {func(s *mattermosttest.Server, _ *setup.Config) {
			s.Set(func(o *mattermosttest.Settings) { o.EnableBotAccountCreation = false })
		}, "Enable Bot Account Creation", ""},
		"the bot's address is not allowed": {func(_ *mattermosttest.Server, c *setup.Config) { c.PublicURL = "http://10.9.8.7:80" }, "", "10.9.8.7 is an internal address"},
		"a network of addresses is": {func(s *mattermosttest.Server, c *setup.Config) {
			c.PublicURL = "http://10.9.8.7:80"
			s.Set(func(o *mattermosttest.Settings) { o.AllowedUntrustedInternalConnections = "10.9.0.0/16,localhost" })
		}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := mattermosttest.Start(t, mattermosttest.Options{})
			c := setupOf(s)
			tt.change(s, &c)
			r, err := setup.Run(t.Context(), c)
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
	r, err := setup.Run(context.Background(), c)
	if err != nil || r.BotToken == "" || r.BotToken == old {
		t.Fatal("no new token", err)
	}
}

// TestACommandIsRenamedInPlace: it keeps its token, and the old word is gone.
func TestACommandIsRenamedInPlace(t *testing.T) {
	t.Parallel()
	s := mattermosttest.Start(t, mattermosttest.Options{})
	c := setupOf(s)
	first, err := setup.Run(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	c.BotToken, c.Commands[0].Trigger, c.Commands[1].Trigger = first.BotToken, "pinbaru", "cekds"
	again, err := setup.Run(t.Context(), c)
	if err != nil || len(again.Done) != 2 || !slices.Equal(again.CommandTokens, first.CommandTokens) {
		t.Errorf("did %q, %v", again.Done, err)
	}
	for _, m := range s.Commands() {
		if want := map[string]string{"Reset PIN DS Anda": "pinbaru", "Cek status": "cekds"}[m.Description]; m.Trigger != want {
			t.Errorf("%q is /%s", m.Description, m.Trigger)
		}
	}
	c.Commands = c.Commands[:1]
	if again, err = setup.Run(t.Context(), c); err != nil || !strings.Contains(strings.Join(again.Advice, "\n"), "/cekds in team kantor leads to the bot too") {
		t.Errorf("advice %q, %v", again.Advice, err)
	}
}

// TestWhatSetUpAdvises: nothing of it keeps the bot from working.
func TestWhatSetUpAdvises(t *testing.T) {
	t.Parallel()
	s := mattermosttest.Start(t, mattermosttest.Options{})
	service := s.Person("layanan")
	s.Set(func(o *mattermosttest.Settings) {
		o.EnablePostIconOverride, o.EnableFileAttachments, o.PostEditTimeLimit, o.RestrictDirectMessage = false, false, 300, "team"
	})
	c := setupOf(s)
	r, err := setup.Run(t.Context(), c)
	if err != nil || len(r.Trouble) > 0 {
		t.Fatal(err, r.Trouble)
	}
	all := strings.Join(r.Advice, "\n")
	for _, want := range []string{
		"@resetpin belongs to @admin", "--owner", "may be switched off again", "EnablePostIconOverride", "Allow File Sharing", "300 s", "esign-bsre.bssn.go.id", "RestrictDirectMessage",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no advice holds %q:\n%s", want, all)
		}
	}
	s.Set(func(o *mattermosttest.Settings) {
		o.EnablePostIconOverride, o.EnableFileAttachments, o.PostEditTimeLimit, o.RestrictDirectMessage = true, true, -1, "any"
		o.RestrictLinkPreviews = "contoh.go.id, esign-bsre.bssn.go.id"
		o.EnableUserAccessTokens, o.EnableBotAccountCreation = false, false
	})
	c.BotToken, c.Owner = r.BotToken, "Layanan"
	if r, err = setup.Run(t.Context(), c); err != nil || len(r.Advice) > 0 || len(r.Trouble) > 0 || !slices.Equal(r.Done, []string{"gave @resetpin to @layanan"}) {
		t.Errorf("did %q, advises %q, wants %q, %v", r.Done, r.Advice, r.Trouble, err)
	}
	s.Deactivate(service.ID())
	if _, err = setup.Run(t.Context(), c); err == nil || !strings.Contains(err.Error(), "account is disabled") {
		t.Errorf("after its owner was deactivated: %v", err)
	}
}

// TestTheBotIsAnnouncedOnce, and has a face.
func TestTheBotIsAnnouncedOnce(t *testing.T) {
	t.Parallel()
	s := mattermosttest.Start(t, mattermosttest.Options{})
	c := setupOf(s)
	c.Announce, c.Words = "kantor/~town-square", "Halo, saya **@resetpin**\n"
	first, err := setup.Run(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	c.BotToken = first.BotToken
	if again, err := setup.Run(t.Context(), c); err != nil || len(again.Done) > 0 {
		t.Errorf("the second run did %q, %v", again.Done, err)
	}
	posts := s.Person("sari").Posts(s.Channel(s.TeamID(), "town-square"))
	if len(posts) != 1 || posts[0].Name != "resetpin" || posts[0].Text != "Halo, saya **@resetpin**" {
		t.Errorf("the channel shows %+v", posts)
	}
	if !slices.Contains(first.Done, "gave @resetpin a face") || !strings.Contains(s.Commands()[0].IconURL, "/api/v4/users/") {
		t.Errorf("did %q, with the picture %q", first.Done, s.Commands()[0].IconURL)
	}
	c.Announce = "kantor/entah"
	if _, err := setup.Run(t.Context(), c); err == nil || !strings.Contains(err.Error(), "kantor/entah") {
		t.Errorf("in no channel: %v", err)
	}
}
