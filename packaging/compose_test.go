package packaging

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// composed is what Docker makes of a compose file, as far as it is looked at.
type composed struct {
	Services map[string]struct {
		Build struct{ Context, Dockerfile string }
		Env   []struct{ Path string } `json:"env_file"`
		Ports []struct {
			Host   string `json:"host_ip"`
			Target int
		}
		Volumes []struct{ Type, Source, Target string }
	}
	Volumes map[string]struct{ Name string }
}

// compose has a compose file judged by the Compose Specification's own loader,
// which is Docker's, from this folder. It gives what the file says, or why it
// is refused.
func compose(t *testing.T, file string) (model composed, refusal string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "tool", "-modfile=tools/go.mod", "github.com/compose-spec/compose-go/v2/cmd", "-format", "json", file)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return model, err.Error() + ": " + said.String()
	}
	if err := json.Unmarshal(out, &model); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return model, ""
}

// The example for containers is a compose file, and what it names is there: the
// image that is built, the settings' place, the volume that the image's user
// owns; no other machine reaches the port.
func TestTheComposeExampleIsOne(t *testing.T) {
	t.Parallel()
	model, refusal := compose(t, "compose.yaml")
	if refusal != "" {
		t.Fatal(refusal)
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	s, there := model.Services["resetpin"]
	if !there || len(s.Env) != 1 || len(s.Ports) != 1 || len(s.Volumes) != 1 {
		t.Fatalf("%+v; want one service with one file of settings, port and volume", model)
	}
	if s.Build.Context != root || s.Build.Dockerfile != "Dockerfile" {
		t.Errorf("it builds %+v, want the Dockerfile in %s", s.Build, root)
	}
	if want := filepath.Join(root, ".env"); s.Env[0].Path != want {
		t.Errorf("the settings are looked for in %s, want %s", s.Env[0].Path, want)
	}
	if s.Ports[0].Host != "127.0.0.1" || s.Ports[0].Target != 8080 {
		t.Errorf("the port is %+v", s.Ports[0])
	}
	if want := dockerfile(t).dir; s.Volumes[0].Type != "volume" || s.Volumes[0].Target != want {
		t.Errorf("the volume is %+v, want one at %s", s.Volumes[0], want)
	}
	if _, there := model.Volumes[s.Volumes[0].Source]; !there {
		t.Errorf("the volume %q is not declared", s.Volumes[0].Source)
	}
}

// A slip in the example would be seen.
func TestAWrongComposeFileIsRefused(t *testing.T) {
	t.Parallel()
	for slip, right := range map[string]string{
		"read-only: true": "read_only: true", // an unknown name
		"cap_drop: ALL":   "cap_drop: [ALL]", // not a list
		"volumez:":        "volumes:",        // likewise
	} {
		text := read(t, "packaging/compose.yaml")
		if !strings.Contains(text, right) {
			t.Fatalf("the example does not say %q", right)
		}
		file := filepath.Join(t.TempDir(), "compose.yaml")
		if err := os.WriteFile(file, []byte(strings.Replace(text, right, slip, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, refusal := compose(t, file); refusal == "" {
			t.Errorf("%q is taken", slip)
		}
	}
}
