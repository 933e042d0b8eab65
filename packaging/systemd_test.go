package packaging

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
)

const systemd = "/usr/lib/systemd/systemd"

// bootable tells whether systemd can be the first process of a scratch machine
// here.
var bootable = sync.OnceValue(func() error {
	out, err := exec.Command("unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--cgroup", "--net", "bash", "-ec",
		`mount -t tmpfs scratch /mnt; mkdir /mnt/cgroup /mnt/sys; mknod /mnt/null c 1 3; true >/mnt/null
		mount -t cgroup2 cgroup2 /mnt/cgroup; mkdir "/mnt/cgroup/resetpin-probe-$PPID-$RANDOM"; rmdir /mnt/cgroup/resetpin-probe-*
		mount -t sysfs -o ro sysfs /mnt/sys`).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, bytes.TrimSpace(out))
	}
	return nil
})

// underSystemd runs a script of bash, as onMachine does, on a scratch machine
// that systemd has started.
func underSystemd(t *testing.T, script string) string {
	t.Helper()
	needs(t, "curl", "openssl", "runuser", "pivot_root")
	if _, err := os.Stat(systemd); err != nil {
		t.Skip("SKIPPED: no systemd on this machine. Install the package systemd.")
	}
	if err := bootable(); err != nil {
		t.Skipf("SKIPPED, THIS KERNEL CANNOT: start systemd on a scratch machine (%v). Run the tests where control groups may be mounted.", err)
	}
	log := filepath.Join(t.TempDir(), "trial.log")
	if err := os.WriteFile(log, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "unshare", "--mount", "--propagation", "private", "bash", "testdata/systemd.sh")
	cmd.Env = append(machineEnv(t, script), "LOG="+log)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	console, err := cmd.CombinedOutput()
	said, readErr := os.ReadFile(log)
	if readErr != nil {
		t.Fatal(readErr)
	}
	if err != nil || !strings.Contains(string(said), "== done") {
		t.Fatalf("%v\n%s\n%s", err, said, console)
	}
	return string(said)
}

// The unit as systemd itself runs it, from the README's own commands: hardened,
// started anew after a crash but not with a wrong setting, stopped in peace, and
// not hindered by what root did.
func TestSystemdRunsTheService(t *testing.T) {
	t.Parallel()
	out := underSystemd(t, `
trap 'systemctl status resetpin --no-pager -n 40' ERR
`+world+strings.Join(blocks(t, "Go live"), "")+`
of() { systemctl show resetpin -p "$1" --value; }
ready() {
    until curl -fsS http://127.0.0.1:8080/readyz 2>/dev/null; do
        if [ "$(of ActiveState)" = failed ] || [ "$(of NRestarts)" -gt 1 ]; then return 1; fi
        sleep 0.2
    done
}
echo "== ready: $(ready)"
grep -E 'NoNewPrivs|Seccomp:|CapBnd|^Uid' "/proc/$(of MainPID)/status"
echo "== user: $(id -u resetpin)"
systemd-analyze security --threshold=30 resetpin | tail -n 1
kill -9 "$(of MainPID)"
until [ "$(of NRestarts)" = 1 ]; do sleep 0.2; done
echo "== after a crash: $(ready)"
systemctl stop resetpin
echo "== stopped: $(of Result) $(of ExecMainStatus)"
cp -p /var/lib/resetpin/.env /root/good.env
echo BSRE_TIMEOUT=often >>/var/lib/resetpin/.env
systemctl start resetpin
until [ "$(of MainPID)" = 0 ]; do sleep 0.2; done
echo "== a wrong setting: $(of SubState) $(of ExecMainStatus)"
cp -p /root/good.env /var/lib/resetpin/.env
resetpin -C /var/lib/resetpin employees import - < employees.xlsx
systemctl start resetpin
echo "== after root's import: $(ready)"
echo "== done"
`)
	for _, want := range []string{
		"== ready: []", "NoNewPrivs:\t1", "Seccomp:\t2", "CapBnd:\t0000000000000000", "OK", "== after a crash: []", "== stopped: success 0",
		"== a wrong setting: failed 2", "== after root's import: []",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing", want)
		}
	}
	uid := regexp.MustCompile(`== user: (\d+)`).FindStringSubmatch(out)
	if uid == nil || !strings.Contains(out, "Uid:\t"+uid[1]+"\t") {
		t.Errorf("it runs as somebody else than %v", uid)
	}
	if t.Failed() {
		t.Log(out)
	}
}
