package settings

import (
	"os"
	"path/filepath"
	"testing"
)

func TestSettingsAreKeptInPlace(t *testing.T) {
	for name, tt := range map[string]struct{ before, want string }{
		"in place, piled up": {
			"# mine\nMATTERMOST_BOT_TOKEN=old\nSMTP_URL='smtp://u:a=b@m'\nexport MATTERMOST_BOT_TOKEN=older\n#MATTERMOST_BOT_TOKEN=note\n",
			"# mine\nMATTERMOST_BOT_TOKEN=new\nSMTP_URL='smtp://u:a=b@m'\n#MATTERMOST_BOT_TOKEN=note\nMATTERMOST_COMMAND_TOKENS=t:a,t:b\n",
		},
		"empty, without an end": {"MATTERMOST_COMMAND_TOKENS=\nPUBLIC_URL=http://b", "MATTERMOST_COMMAND_TOKENS=t:a,t:b\nPUBLIC_URL=http://b\nMATTERMOST_BOT_TOKEN=new\n"},
		"of Windows":            {"A=1\r\nMATTERMOST_BOT_TOKEN = old\r\n", "A=1\r\nMATTERMOST_BOT_TOKEN=new\r\nMATTERMOST_COMMAND_TOKENS=t:a,t:b\r\n"},
		"nothing":               {"", "MATTERMOST_BOT_TOKEN=new\nMATTERMOST_COMMAND_TOKENS=t:a,t:b\n"},
	} {
		file := filepath.Join(t.TempDir(), "bot.env")
		if tt.before != "" {
			if err := os.WriteFile(file, []byte(tt.before), 0o640); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 { // a second time changes nothing
			if err := Keep(file, []string{"MATTERMOST_BOT_TOKEN=new", "MATTERMOST_COMMAND_TOKENS=t:a,t:b"}); err != nil {
				t.Fatal(err)
			}
			if got, err := os.ReadFile(file); err != nil || string(got) != tt.want {
				t.Errorf("%s: %q, want %q, %v", name, got, tt.want, err)
			}
		}
		info, err := os.Stat(file)
		if want := map[bool]os.FileMode{true: 0o640, false: 0o600}[tt.before != ""]; err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: mode %v, want %v, %v", name, info.Mode(), want, err)
		}
		left, err := os.ReadDir(filepath.Dir(file))
		if err != nil || len(left) != 1 {
			t.Errorf("%s: %d files are left, %v", name, len(left), err)
		}
	}
	if err := Keep(filepath.Join(t.TempDir(), "none", ".env"), []string{"A=1"}); err == nil {
		t.Error("a folder that is not there")
	}
}
