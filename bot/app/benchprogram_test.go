package app_test

import (
	"bufio"
	"encoding/json"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
)

// program is the program as it is released, built anew: what the tests' own
// binary carries beside the bot would be measured with it.
func program(b *testing.B) string {
	b.Helper()
	exe := filepath.Join(b.TempDir(), "resetpin")
	build := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-tags", "nosandbox", "-o", exe, "../..")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return exe
}

// terminated ends a program as systemd does.
type terminated struct{ cmd *exec.Cmd }

// Close asks it to end.
func (t terminated) Close() error { return t.cmd.Process.Signal(syscall.SIGTERM) }

// serve starts a program with nothing but these settings, and waits until its
// log tells where it listens.
func serve(b *testing.B, exe string, env ...string) *child {
	b.Helper()
	c := &child{t: b, cmd: exec.CommandContext(b.Context(), exe, "serve")}
	c.in = terminated{c.cmd}
	c.cmd.Dir, c.cmd.Env = b.TempDir(), slices.Concat(env, []string{"LOG_LEVEL=info", "LOG_FORMAT=json"})
	log, err := c.cmd.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(c.kill)
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		var line struct{ Msg, Address string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "ready" {
			c.url = "http://" + line.Address
			go func() { _, _ = io.Copy(io.Discard, log) }() // who does not read stops who writes
			return c
		}
		b.Log(lines.Text())
	}
	b.Fatal("the program is not ready")
	return nil
}
