package storetest

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// PgBouncer gives the address of a database (as Postgres gives it) through a
// real PgBouncer with a pool_mode. Without the program the test is skipped,
// and says what to install.
func PgBouncer(t testing.TB, database, mode string) string {
	t.Helper()
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		program = "/usr/sbin/pgbouncer" // where Debian puts it, and ordinary users have no PATH to
	}
	if !isFile(program) {
		t.Skip("SKIPPED: no PgBouncer to test with. Install the package pgbouncer (Debian, Ubuntu).")
	}
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(Address(t))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	config := fmt.Sprintf("[databases]\n* = host=%s port=%s user=tests\n[pgbouncer]\nlisten_addr=127.0.0.1\nlisten_port=%s\nunix_socket_dir=\n"+
		"auth_type=any\npool_mode=%s\nignore_startup_parameters=extra_float_digits\n", u.Hostname(), u.Port(), port, mode)
	file := filepath.Join(dir, "pgbouncer.ini")
	if err := os.WriteFile(file, []byte(config), 0o644); err != nil { //nolint:gosec // another user reads it, and it holds no secret
		t.Fatal(err)
	}
	var log bytes.Buffer
	cmd := exec.Command(program, file) //nolint:noctx,gosec // stopped by hand; the program is the machine's own
	cmd.Stderr = &log
	if cmd.SysProcAttr, err = ordinary(dir); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
	through := strings.Replace(database, u.Host, net.JoinHostPort("127.0.0.1", port), 1)
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		conn, err := pgx.Connect(t.Context(), through)
		if err == nil {
			_ = conn.Close(context.Background())
			return through
		}
	}
	t.Fatalf("PgBouncer did not answer: %s", log.String())
	return ""
}

// ordinary lets a program run as an ordinary user who may read the folder.
func ordinary(dir string) (*syscall.SysProcAttr, error) {
	as, err := ordinaryUser()
	if err != nil || as == nil {
		return nil, err
	}
	for at := dir; at != os.TempDir() && at != "/"; at = filepath.Dir(at) {
		if err := os.Chmod(at, 0o755); err != nil { //nolint:gosec // for the other user
			return nil, err
		}
	}
	return &syscall.SysProcAttr{Credential: as}, nil
}
