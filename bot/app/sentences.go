package app

import (
	"context"
	"io/fs"
	"log/slog"
	"os"
	"runtime/debug"
	"sync"

	"resetpin/handlers/understand"
)

// sentences understands typed words: by the examples that come with the program
// and those of GUIDES_DIR. They are read once, when they are first needed or
// when the program has come up, whichever is sooner; those of GUIDES_DIR are
// learnt then.
type sentences struct {
	dir   string // empty: only the built-in ones
	sites []string
	log   *slog.Logger

	mu      sync.Mutex
	learned *understand.Understander
}

// Understand tells what a sentence means.
func (s *sentences) Understand(in understand.Input) understand.Result {
	return s.get().Understand(in)
}

func (s *sentences) get() *understand.Understander {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.learned == nil {
		s.learned = s.learn()
		debug.FreeOSMemory() // what reading and learning took and left
		s.log.Info("the sentences are read")
	}
	return s.learned
}

// learn reads the examples. Broken ones of the folder are refused as broken
// guides are: a machine that is started anew at night must not leave people
// without the bot.
func (s *sentences) learn() *understand.Understander {
	layers := []fs.FS{understand.Builtin()}
	if s.dir != "" {
		layers = append(layers, os.DirFS(s.dir))
	}
	u, err := understand.New(s.sites, layers...)
	if err == nil {
		return u
	}
	s.log.Error("the sentences of GUIDES_DIR are refused; the built-in ones are served until they are mended", "error", err)
	u, err = understand.New(s.sites, understand.Builtin())
	if err != nil {
		panic("the built-in sentences are broken: " + err.Error()) // a test has read them
	}
	return u
}

// refresh learns the examples again; broken ones are refused, and the last good
// ones stay.
func (s *sentences) refresh(ctx context.Context) {
	u, err := understand.New(s.sites, understand.Builtin(), os.DirFS(s.dir))
	if err != nil {
		s.log.ErrorContext(ctx, "the changed sentences are refused; the last good ones stay", "error", err)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.learned = u
	debug.FreeOSMemory()
}
