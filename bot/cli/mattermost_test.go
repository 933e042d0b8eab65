package cli

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"resetpin/bot/mattermost/setup"
	"resetpin/bot/settings"
)

func TestSettingUpAMattermostServer(t *testing.T) {
	t.Parallel()
	both := []string{"MATTERMOST_URL=http://127.0.0.1:8065", "PUBLIC_URL=http://127.0.0.1:8080"}
	for name, tt := range map[string]struct {
		environ []string
		args    []string
		result  setup.Result
		err     error
		code    int
		out     string   // all of standard output
		errs    []string // parts of standard error
		asked   setup.Options
	}{
		"all is made": {
			both, []string{"--admin-token", "t1", "--team", "kantor", "--team", "cabang", "--new-token"},
			setup.Result{BotToken: "b", CommandTokens: []string{"c", "d"}, Done: []string{"made /resetpin"}, Advice: []string{"nicer"}}, nil,
			ExitDone, "MATTERMOST_BOT_TOKEN=b\nMATTERMOST_COMMAND_TOKENS=c,d\n", []string{"made /resetpin", "advice  nicer", "put this into none", "must be started anew"},
			setup.Options{AdminToken: "t1", Teams: []string{"kantor", "cabang"}, NewToken: true},
		},
		"the token from the keyboard": {
			both, []string{"--admin-token", "-"}, setup.Result{CommandTokens: []string{"c"}}, nil,
			ExitDone, "MATTERMOST_COMMAND_TOKENS=c\n", []string{"nothing had to be changed"}, setup.Options{AdminToken: "typed"},
		},
		"all teams, an owner and an announcement": {
			both, []string{"--admin-token", "t1", "--all-teams", "--owner", "layanan", "--announce", "kantor/town-square"},
			setup.Result{CommandTokens: []string{"c"}, Announcement: "Halo"}, nil,
			ExitDone, "MATTERMOST_COMMAND_TOKENS=c\n", nil, setup.Options{AdminToken: "t1", AllTeams: true, Owner: "layanan", Announce: "kantor/town-square"},
		},
		"an offer to announce": {
			both, []string{"--admin-token", "t1", "--team", "kantor"}, setup.Result{Announcement: "Halo, saya bot"}, nil,
			ExitDone, "", []string{"--announce TEAM/CHANNEL", "--text FILE", "Halo, saya bot"}, setup.Options{AdminToken: "t1", Teams: []string{"kantor"}},
		},
		"something is not allowed": {
			both, []string{"--admin-token", "t1"}, setup.Result{Trouble: []string{"switch it on"}}, nil,
			ExitFailed, "", []string{"TO DO   switch it on", "does not allow everything"}, setup.Options{AdminToken: "t1"},
		},
		"it ends half-way": {
			both, []string{"--admin-token", "t1"}, setup.Result{Done: []string{"made the bot account @resetpin"}, BotToken: "b"}, errors.New("no team"),
			ExitFailed, "MATTERMOST_BOT_TOKEN=b\n", []string{"made the bot account", "no team"}, setup.Options{AdminToken: "t1"},
		},
		"no server is set":   {nil, []string{"--admin-token", "t1"}, setup.Result{}, nil, ExitUsage, "", []string{"set MATTERMOST_URL and PUBLIC_URL first"}, setup.Options{}},
		"no token is given":  {both, nil, setup.Result{}, nil, ExitUsage, "", []string{"--admin-token", "see resetpin mattermost setup --help"}, setup.Options{}},
		"some teams and all": {both, []string{"--admin-token", "t1", "--team", "a", "--all-teams"}, setup.Result{}, nil, ExitUsage, "", []string{"--all-teams"}, setup.Options{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			var asked setup.Options
			code := Run(t.Context(), append([]string{"mattermost", "setup"}, tt.args...), Env{
				Stdin: strings.NewReader("typed\n"), Stdout: &stdout, Stderr: &stderr, Environ: tt.environ, Dotenv: "none",
			}, Programs{MattermostSetup: func(_ context.Context, _ settings.Settings, o setup.Options) (setup.Result, error) {
				asked = o
				return tt.result, tt.err
			}})
			if code != tt.code || stdout.String() != tt.out {
				t.Errorf("exit %d, want %d; it printed %q\n%s", code, tt.code, stdout.String(), stderr.String())
			}
			for _, part := range tt.errs {
				if !strings.Contains(stderr.String(), part) {
					t.Errorf("it does not say %q:\n%s", part, stderr.String())
				}
			}
			if asked.AdminToken != tt.asked.AdminToken || strings.Join(asked.Teams, " ") != strings.Join(tt.asked.Teams, " ") || asked.NewToken != tt.asked.NewToken ||
				asked.AllTeams != tt.asked.AllTeams || asked.Owner != tt.asked.Owner || asked.Announce != tt.asked.Announce {
				t.Errorf("asked for %+v, want %+v", asked, tt.asked)
			}
		})
	}
}

func TestSetUpWritesItsSettings(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "bot.env")
	if err := os.WriteFile(file, []byte("MATTERMOST_URL=http://m\nMATTERMOST_COMMAND_TOKENS=old\nPUBLIC_URL=http://b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, anew := range []bool{true, false} { // the second run finds all as it is
		var stdout, stderr bytes.Buffer
		code := Run(t.Context(), []string{"--env-file", file, "mattermost", "setup", "--admin-token", "t1", "--team", "kantor", "--write"}, Env{
			Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr,
		}, Programs{MattermostSetup: func(context.Context, settings.Settings, setup.Options) (setup.Result, error) {
			return setup.Result{CommandTokens: []string{"t:a"}}, nil
		}})
		got, err := os.ReadFile(file)
		if err != nil || code != ExitDone || stdout.Len() > 0 || string(got) != "MATTERMOST_URL=http://m\nMATTERMOST_COMMAND_TOKENS=t:a\nPUBLIC_URL=http://b\n" {
			t.Errorf("exit %d, %v, printed %q, and the file is\n%s", code, err, stdout.String(), got)
		}
		if strings.Contains(stderr.String(), "must be started anew") != anew || strings.Contains(stderr.String(), "t:a") {
			t.Errorf("it says %q", stderr.String())
		}
	}
}
