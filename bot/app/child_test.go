package app_test

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// child is a process of the test binary in one of its roles.
type child struct {
	t   testing.TB
	cmd *exec.Cmd
	in  io.Closer
	url string // that it told
}

// spawn starts a role with nothing but these settings, waits until it tells
// its address, and ends it with the test.
func spawn(t testing.TB, role string, log io.Writer, env ...string) *child {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := &child{t: t, cmd: exec.CommandContext(t.Context(), exe)}
	c.cmd.Env = append([]string{roleVar + "=" + role, "TMPDIR=" + os.TempDir(), "PATH=" + os.Getenv("PATH")}, env...)
	c.cmd.Stderr = log
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.kill)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the role %s told no address: %v", role, err)
	}
	c.url = strings.TrimSpace(line)
	return c
}

// kill ends the process at once (SIGKILL).
func (c *child) kill() {
	if c.cmd.ProcessState != nil {
		return
	}
	_ = c.cmd.Process.Kill() // it may have ended by itself
	_ = c.cmd.Wait()         // that it was killed is known
}

// end lets the process finish what it began.
func (c *child) end() {
	c.t.Helper()
	if err := c.in.Close(); err != nil {
		c.t.Error(err)
	}
	if err := c.cmd.Wait(); err != nil {
		c.t.Errorf("a child ended with: %v", err)
	}
}
