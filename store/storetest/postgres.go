// Package storetest gives tests the database engines for real: a SQLite file,
// and a PostgreSQL server that is started from the machine's own programs.
package storetest

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"resetpin/bot/leaktest"
)

// server is the PostgreSQL of this test process.
type server struct {
	url  string // without a database name
	stop func()
	err  error
}

// start starts the server once for all tests of the process. It is a value
// that belongs to the process, as the server does.
var start = sync.OnceValue(startServer) //nolint:gochecknoglobals // one server a process

// Main runs a package's tests and stops the server that they started. Tests
// that leave goroutines behind fail.
func Main(m *testing.M) { os.Exit(Run(m)) }

// Run is Main that gives the exit code.
func Run(m *testing.M) int {
	return leaktest.Run(m, func() {
		if started.Load() {
			start().stop()
		}
	})
}

// Postgres gives the address of a fresh, empty PostgreSQL database. A package
// that uses it has func TestMain(m *testing.M) { storetest.Main(m) }. Without
// PostgreSQL's programs the test is skipped, and says what to install.
func Postgres(t testing.TB) string {
	t.Helper()
	return running(t).create(t, "template1")
}

// running gives the server, or skips the test.
func running(t testing.TB) *server {
	t.Helper()
	s := start()
	if s.err != nil {
		t.Skipf("SKIPPED: no PostgreSQL to test with (%v). Install the package postgresql (Debian, Ubuntu) or put initdb and postgres into PATH.", s.err)
	}
	return s
}

// create makes a database after the picture of another; it is gone after the
// test.
func (s *server) create(t testing.TB, picture string) (url string) {
	t.Helper()
	name := "t" + strings.ToLower(rand.Text()[:16])
	s.exec(t, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", name, picture))
	t.Cleanup(func() { s.exec(t, fmt.Sprintf("DROP DATABASE %s WITH (FORCE)", name)) })
	return s.url + "/" + name + "?sslmode=disable"
}

func (s *server) exec(t testing.TB, query string) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, s.url+"/postgres?sslmode=disable")
	if err != nil {
		t.Fatalf("connect to PostgreSQL: %v", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, query); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

func startServer() *server {
	started.Store(true)
	s := &server{stop: func() {}}
	s.err = s.run()
	return s
}

// run makes a cluster in a temporary folder and starts it on a free port of
// loopback, as an ordinary user: PostgreSQL refuses to run as root.
func (s *server) run() error {
	initdb, postgres, err := programs()
	if err != nil {
		return err
	}
	as, err := ordinaryUser()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp(roomy(), "resetpin-postgres-")
	if err != nil {
		return err
	}
	data := filepath.Join(dir, "data")
	if as != nil {
		if err := os.Chown(dir, int(as.Uid), int(as.Gid)); err != nil {
			return err
		}
	}
	command := func(name string, arg ...string) *exec.Cmd {
		cmd := exec.Command(name, arg...) //nolint:noctx,gosec // stopped by hand; the program is the machine's own
		cmd.Dir = dir
		// The server dies with the tests, however they end.
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as, Pdeathsig: syscall.SIGQUIT}
		return cmd
	}
	if out, err := command(initdb, "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C", "-N").CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	port, release, err := reserve()
	if err != nil {
		return err
	}
	var log bytes.Buffer
	cmd := command(postgres, "-D", data, "-p", strconv.Itoa(port), "-h", "127.0.0.1", "-k", dir,
		"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "wal_level=minimal", "-c", "max_wal_senders=0", "-c", "autovacuum=off",
		"-c", "max_connections=400", "-c", "shared_buffers=32MB")
	cmd.Stderr = &log
	started := make(chan error, 1)
	exited, gone := make(chan error, 1), make(chan struct{})
	go func() { // Pdeathsig follows the thread that starts the process: it stays this one
		lockThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			exited <- cmd.Wait()
			close(gone)
		}
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("start postgres: %w", err)
	}
	s.url = fmt.Sprintf("postgres://tests@127.0.0.1:%d", port)
	s.stop = func() {
		_ = cmd.Process.Signal(syscall.SIGQUIT)
		<-gone
		release()
		_ = os.RemoveAll(dir)
	}
	return s.wait(exited, &log)
}

// roomy gives a folder in memory that has a gigabyte to spare, or "": a
// database is some 300 files, and making one on a disk takes longer than most
// tests.
func roomy() string {
	const memory, want = "/dev/shm", 1 << 30
	var s syscall.Statfs_t
	if err := syscall.Statfs(memory, &s); err != nil || s.Bavail*uint64(s.Bsize) < want {
		return ""
	}
	return memory
}

// wait waits until the server answers.
func (s *server) wait(exited <-chan error, log *bytes.Buffer) error {
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		select {
		case err := <-exited:
			return fmt.Errorf("postgres ended: %w: %s", err, log)
		default:
		}
		conn, err := pgx.Connect(context.Background(), s.url+"/postgres?sslmode=disable")
		if err == nil {
			_, err = conn.Exec(context.Background(), "CREATE DATABASE picture")
			return errors.Join(err, conn.Close(context.Background()))
		}
	}
	s.stop()
	return fmt.Errorf("postgres did not answer")
}

// programs finds initdb and postgres: Debian keeps them out of PATH.
func programs() (initdb, postgres string, err error) {
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.Reverse(dirs) // the newest first
	for _, dir := range dirs {
		initdb, postgres = filepath.Join(dir, "initdb"), filepath.Join(dir, "postgres")
		if isFile(initdb) && isFile(postgres) {
			return initdb, postgres, nil
		}
	}
	if initdb, err = exec.LookPath("initdb"); err != nil {
		return "", "", err
	}
	postgres, err = exec.LookPath("postgres")
	return initdb, postgres, err
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// ordinaryUser is whom to run as when the tests run as root.
func ordinaryUser() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil //nolint:nilnil // nobody else is the answer
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err1 == nil && err2 == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
		}
	}
	return nil, fmt.Errorf("no ordinary user to run it as")
}
