package sandbox

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"resetpin/bot/telegram/telegramtest"
)

func start(t *testing.T, o Options) *Sandbox {
	t.Helper()
	o.Listen = "127.0.0.1:0"
	s, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// hears waits until the bot says the words to an employee.
func hears(t *testing.T, s *Sandbox, key, words string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	account, _ := s.world.people[key].now()
	if _, err := account.Wait(ctx, func(m telegramtest.Message) bool { return strings.Contains(m.Text, words) }); err != nil {
		t.Fatalf("the bot does not say %q: %v", words, err)
	}
}

func says(s *Sandbox, key, text string) {
	account, _ := s.world.people[key].now()
	account.Type(text)
}

// link links an employee's account with the code from the mail.
func link(t *testing.T, s *Sandbox, key string) {
	t.Helper()
	e := s.world.people[key]
	says(s, key, "/link "+e.NIP)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	m, err := s.world.mail.Next(ctx, e.Email)
	if err != nil {
		t.Fatal(err)
	}
	says(s, key, regexp.MustCompile(`\b\d{6}\b`).FindString(m.Text))
	hears(t, s, key, "Berhasil")
}

func TestTheBotAnswersInThePretendWorld(t *testing.T) {
	s := start(t, Options{})
	if n := len(s.world.people); n != 10 {
		t.Fatalf("%d employees with different keys", n)
	}
	link(t, s, "expired")
	says(s, "expired", "/status")
	hears(t, s, "expired", "kedaluwarsa")
}

func TestDataOutlivesTheSandbox(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	s := start(t, Options{DataDir: dir})
	link(t, s, "issue")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = start(t, Options{DataDir: dir})
	says(s, "issue", "/status")
	hears(t, s, "issue", "Sertifikat aktif")
	for _, name := range []string{secretsFile, "resetpin.db"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", name, info, err)
		}
	}
}

func TestATemporaryFolderGoesWithTheSandbox(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	s := start(t, Options{})
	if entries, _ := os.ReadDir(temp); len(entries) != 1 {
		t.Fatalf("%d folders while it runs", len(entries))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if entries, _ := os.ReadDir(temp); len(entries) != 0 {
		t.Errorf("%s is left", entries[0].Name())
	}
	if err := s.Close(); err != nil {
		t.Errorf("closed again: %v", err)
	}
}

func TestRunPrintsOneAddressAndStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	out, in := net.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, Options{Listen: "127.0.0.1:0", Stdout: in}) }()
	line := make([]byte, 200)
	n, err := out.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	url := string(bytes.TrimSpace(line[:n]))
	resp, err := http.Get(url)
	if err != nil {
		t.Fatalf("%q does not open: %v", url, err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("%s answers %d", url, resp.StatusCode)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("after a clean stop: %v", err)
	}
}

func TestStartRefusesWhatCannotBe(t *testing.T) {
	if _, err := Start(t.Context(), Options{Listen: "0.0.0.0:0"}); err == nil {
		t.Error("it listens to the whole network")
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	if _, err := Start(t.Context(), Options{Listen: taken.Addr().String()}); err == nil {
		t.Error("it starts on a taken address")
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Start(t.Context(), Options{Listen: "127.0.0.1:0", DataDir: file}); err == nil {
		t.Error("a file serves as data folder")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, secretsFile), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openSecrets(dir); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a broken secrets file: %v", err)
	}
}

func TestAFreePortWhenTheFriendlyOneIsTaken(t *testing.T) {
	if taken, err := net.Listen("tcp", friendly); err == nil {
		defer func() { _ = taken.Close() }()
	} // else somebody else holds it, which serves as well
	l, err := listen(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	if l.Addr().String() == friendly {
		t.Error("the taken address was taken")
	}
}
