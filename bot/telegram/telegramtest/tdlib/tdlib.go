// Package tdlib asks TDLib, the library of Telegram's own apps and servers, how
// it reads a text. It runs a small script with Node and needs no network; the
// script's packages are installed by .ci/run.
package tdlib

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"resetpin/bot/telegram/telegramtest"
)

// ErrMissing says that Node or the script's packages are not installed.
var ErrMissing = errors.New("TDLib is not installed: it takes Node 18 or newer, and 'npm install --no-save --ignore-scripts' in bot/telegram/telegramtest/tdlib")

// Reader is a running script. Its methods must not be called at the same time.
type Reader struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// Start runs the script that lies in dir, this package's folder, until Close or
// the end of ctx. It gives
// ErrMissing, wrapped, where something has to be installed first.
func Start(ctx context.Context, dir string) (*Reader, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", ErrMissing, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "tdl")); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w (%w)", ErrMissing, err)
	}
	r := &Reader{cmd: exec.CommandContext(ctx, node, "read.js")} //nolint:gosec // found in the PATH
	r.cmd.Dir = dir
	r.cmd.Stderr = os.Stderr
	if r.in, err = r.cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("start TDLib: %w", err)
	}
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start TDLib: %w", err)
	}
	r.out = bufio.NewReader(out)
	if err := r.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start TDLib: %w", err)
	}
	return r, nil
}

// Close ends the script.
func (r *Reader) Close() error {
	if err := errors.Join(r.in.Close(), r.cmd.Wait()); err != nil {
		return fmt.Errorf("end TDLib: %w", err)
	}
	return nil
}

// Reading is a text as people get to see it.
type Reading struct {
	Text  string
	Given []telegramtest.Entity // what is left of the entities that were sent
	Found []telegramtest.Entity // what Telegram finds in the text by itself, but inside of code and links
}

// Read reads a text that is sent with entities; nil: with none. An error is
// Telegram's refusal.
func (r *Reader) Read(text string, entities any) (Reading, error) {
	question, err := json.Marshal(map[string]any{"text": text, "entities": entities})
	if err != nil {
		return Reading{}, fmt.Errorf("ask TDLib: %w", err)
	}
	if _, err := r.in.Write(append(question, '\n')); err != nil {
		return Reading{}, fmt.Errorf("ask TDLib: %w", err)
	}
	line, err := r.out.ReadBytes('\n')
	if err != nil {
		return Reading{}, fmt.Errorf("TDLib does not answer: %w", err)
	}
	var answer struct {
		Reading
		Error string
	}
	if err := json.Unmarshal(line, &answer); err != nil {
		return Reading{}, fmt.Errorf("read TDLib's answer: %w", err)
	}
	if answer.Error != "" {
		return Reading{}, fmt.Errorf("TDLib refuses %q: %s", text, answer.Error)
	}
	got := answer.Reading
	active := got.Found[:0]
	for _, f := range got.Found {
		if !got.covered(f) {
			active = append(active, f)
		}
	}
	got.Found = active
	return got, nil
}

// covered tells whether code or a link keeps Telegram from making something
// else of a stretch.
func (r Reading) covered(f telegramtest.Entity) bool {
	for _, g := range r.Given {
		overlap := f.Offset < g.Offset+g.Length && g.Offset < f.Offset+f.Length
		if overlap && (g.Type == "code" || g.Type == "pre" || g.Type == "text_link") {
			return true
		}
	}
	return false
}

// Links gives what a touch would open that is no link by its own word: mail
// addresses, hosts without a scheme, people, bank cards …. Commands, and times
// in a text without a film, are none.
func (r Reading) Links() []string {
	var out []string
	for _, f := range r.Found {
		word := telegramtest.Cut(r.Text, f)
		switch {
		case f.Type == "bot_command", f.Type == "media_timestamp":
		case f.Type == "url" && strings.Contains(word, "://"):
		default:
			out = append(out, f.Type+" "+word)
		}
	}
	return out
}

// Commands gives the commands that a touch would send, without their slash.
func (r Reading) Commands() []string {
	var out []string
	for _, f := range r.Found {
		if f.Type == "bot_command" {
			out = append(out, strings.TrimPrefix(telegramtest.Cut(r.Text, f), "/"))
		}
	}
	return out
}
