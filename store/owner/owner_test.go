package owner_test

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"resetpin/store/owner"
)

// service is the number of the user that the service runs as here.
const service = 65532

// asked makes this test program look at a file as another user.
const asked = "RESETPIN_TEST_FILE"

func TestMain(m *testing.M) {
	if name := os.Getenv(asked); name != "" {
		err := owner.Usable(name)
		if err != nil {
			_, _ = os.Stdout.WriteString(err.Error())
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// folder is one of the service's own, as root sees it.
func folder(t *testing.T) string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED: only root can make files for other users. Run the tests as root.")
	}
	dir, err := os.MkdirTemp("", "owner") //nolint:usetesting // t.TempDir is closed to other users
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := errors.Join(os.Chown(dir, service, service), os.Chmod(dir, 0o755)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// as runs this test program's look as the service's user.
func as(t *testing.T, name string) string {
	t.Helper()
	program := filepath.Join(folder(t), "look")
	data, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(program, data, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program)
	cmd.Env = []string{asked + "=" + name}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: service, Gid: service}}
	var other strings.Builder // with -cover the program says there that it keeps none
	cmd.Stderr = &other
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s%s", err, out, other.String())
	}
	return string(out)
}

func TestWhatRootMakesBelongsToTheFoldersOwner(t *testing.T) {
	name := filepath.Join(folder(t), "bot.db")
	f, err := owner.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if s, ok := info.Sys().(*syscall.Stat_t); !ok || s.Uid != service || s.Gid != service || info.Mode().Perm() != 0o600 {
		t.Errorf("%+v", info.Sys())
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := owner.Create(name); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a file that is there: %v", err)
	}
	if said := as(t, name); said != "" {
		t.Errorf("its owner may not use it: %s", said)
	}
	if said := as(t, name+"-none"); said != "" {
		t.Errorf("what is not there: %s", said)
	}
}

// A file that root made by other ways is told of, with the command that mends
// it.
func TestWhoMayNotUseAFileIsToldTheMending(t *testing.T) {
	name := filepath.Join(folder(t), "bot.db")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	said := as(t, name)
	for _, want := range []string{"permission denied", "it belongs to root", "as root: chown 65532 " + name} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is missing in %q", want, said)
		}
	}
}
