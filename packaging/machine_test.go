package packaging

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// source is the folder of the program's source.
func source(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// read gives a file of the source.
func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(source(t), name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// needs skips a test without what it is made with.
func needs(t *testing.T, programs ...string) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED: a scratch machine is made by root only. Run the tests as root.")
	}
	for _, p := range append(programs, "unshare", "chroot", "ip", "setpriv") {
		if _, err := exec.LookPath(p); err != nil {
			t.Skipf("SKIPPED: no %s on this machine. .ci/run tells what to install.", p)
		}
	}
	if err := possible(); err != nil {
		t.Skipf("SKIPPED: no scratch machine can be made here (%v). Run the tests where namespaces and overlays are allowed.", err)
	}
}

// possible tells whether this machine lets a scratch machine be made: many
// containers do not.
var possible = sync.OnceValue(func() error {
	out, err := exec.Command("unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--net", "bash", "-ec",
		`mount -t tmpfs scratch /mnt; mkdir /mnt/up /mnt/work /mnt/root
		mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/up,workdir=/mnt/work /mnt/root`).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, bytes.TrimSpace(out))
	}
	return nil
})

// onMachine runs a script of bash on a scratch machine, as root in the folder
// of the source, and gives what it printed. The script ends at the first
// command that fails.
func onMachine(t *testing.T, script string) string {
	t.Helper()
	out, err := tryOnMachine(t, script)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return out
}

func tryOnMachine(t *testing.T, script string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--net",
		"bash", "testdata/machine.sh")
	cmd.Env = machineEnv(t, script)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}

// machineEnv is the environment of who makes a scratch machine.
func machineEnv(t *testing.T, script string) []string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cache, err := exec.CommandContext(t.Context(), "go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	return append(os.Environ(), "SCRIPT="+script, "SOURCE="+source(t), "PACKAGING="+filepath.Join(source(t), "packaging"),
		"GOCACHE="+strings.TrimSpace(string(cache)), "PRETEND="+self)
}
