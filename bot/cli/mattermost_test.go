package cli

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"resetpin/bot/settings"
)

func TestSettingUpAMattermostServer(t *testing.T) {
	t.Parallel()
	both := []string{"MATTERMOST_URL=http://127.0.0.1:8065", "PUBLIC_URL=http://127.0.0.1:8080"}
	for name, tt := range map[string]struct {
		environ []string
		args    []string
		result  MattermostResult
		err     error
		code    int
		out     string   // all of standard output
		errs    []string // parts of standard error
		asked   MattermostOptions
	}{
		"all is made": {
			both, []string{"--admin-token", "t1", "--team", "kantor", "--team", "cabang", "--new-token"},
			MattermostResult{Settings: []string{"MATTERMOST_BOT_TOKEN=b", "MATTERMOST_COMMAND_TOKENS=c,d"}, Done: []string{"made /resetpin"}, Advice: []string{"nicer"}}, nil,
			ExitDone, "MATTERMOST_BOT_TOKEN=b\nMATTERMOST_COMMAND_TOKENS=c,d\n", []string{"made /resetpin", "advice  nicer", "put this into .env"},
			MattermostOptions{AdminToken: "t1", Teams: []string{"kantor", "cabang"}, NewToken: true},
		},
		"the token from the keyboard": {
			both, []string{"--admin-token", "-"}, MattermostResult{Settings: []string{"MATTERMOST_COMMAND_TOKENS=c"}}, nil,
			ExitDone, "MATTERMOST_COMMAND_TOKENS=c\n", []string{"nothing had to be changed"}, MattermostOptions{AdminToken: "typed"},
		},
		"something is not allowed": {
			both, []string{"--admin-token", "t1"}, MattermostResult{Trouble: []string{"switch it on"}}, nil,
			ExitFailed, "", []string{"TO DO   switch it on", "does not allow everything"}, MattermostOptions{AdminToken: "t1"},
		},
		"it ends half-way": {
			both, []string{"--admin-token", "t1"}, MattermostResult{Done: []string{"made the bot account @resetpin"}, Settings: []string{"MATTERMOST_BOT_TOKEN=b"}}, errors.New("no team"),
			ExitFailed, "MATTERMOST_BOT_TOKEN=b\n", []string{"made the bot account", "no team"}, MattermostOptions{AdminToken: "t1"},
		},
		"no server is set":  {nil, []string{"--admin-token", "t1"}, MattermostResult{}, nil, ExitUsage, "", []string{"set MATTERMOST_URL and PUBLIC_URL first"}, MattermostOptions{}},
		"no token is given": {both, nil, MattermostResult{}, nil, ExitUsage, "", []string{"--admin-token"}, MattermostOptions{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			var asked MattermostOptions
			code := Run(t.Context(), append([]string{"mattermost", "setup"}, tt.args...), Env{
				Stdin: strings.NewReader("typed\n"), Stdout: &stdout, Stderr: &stderr, Environ: tt.environ, Dotenv: "none",
			}, Programs{MattermostSetup: func(_ context.Context, _ settings.Settings, o MattermostOptions) (MattermostResult, error) {
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
			if asked.AdminToken != tt.asked.AdminToken || strings.Join(asked.Teams, " ") != strings.Join(tt.asked.Teams, " ") || asked.NewToken != tt.asked.NewToken {
				t.Errorf("asked for %+v, want %+v", asked, tt.asked)
			}
		})
	}
}
