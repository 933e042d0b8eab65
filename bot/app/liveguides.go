package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"resetpin/guides"
)

// liveGuides holds the guides that are served: the built-in ones, with the files
// of GUIDES_DIR laid upon them. When that folder changes they are read again;
// broken ones are refused, and the last good ones stay.
type liveGuides struct {
	*atomic.Pointer[guides.Library]
	dir  string // empty: only the built-in ones
	seen string // the folder's mark when it was read
	log  *slog.Logger

	changed func(ctx context.Context) // told when the folder has changed; nil: nobody
}

// guidesLook is the time between two looks at the folder.
const guidesLook = 3 * time.Second

// newLiveGuides reads the guides. A folder with mistakes is refused at the start as
// it is later: a machine that is started anew at night must not leave people
// without the bot. A folder that is not there is an error.
func newLiveGuides(dir string, log *slog.Logger) (*liveGuides, error) {
	s := &liveGuides{Pointer: new(atomic.Pointer[guides.Library]), dir: dir, log: log}
	if dir != "" {
		s.seen = guides.Mark(os.DirFS(dir)) // before the reading: what is saved meanwhile is read again
	}
	library, err := s.read()
	var mistakes guides.Problems
	if dir != "" && errors.As(err, &mistakes) {
		log.Error("the guides of GUIDES_DIR are refused; the built-in ones are served until they are mended", "error", err)
		library, err = guides.Load(guides.Builtin())
	}
	if err != nil {
		return nil, err
	}
	s.Store(library)
	return s, nil
}

// Guide gives a guide by its name.
func (s *liveGuides) Guide(name string) (*guides.Guide, bool) { return s.Load().Guide(name) }

// Names lists the guides that can be walked.
func (s *liveGuides) Names() []string { return s.Load().Names() }

// Title is a guide's title.
func (s *liveGuides) Title(name, language string) string { return s.Load().Title(name, language) }

func (s *liveGuides) read() (*guides.Library, error) {
	files := guides.Builtin()
	if s.dir != "" {
		if _, err := os.Stat(s.dir); err != nil {
			return nil, fmt.Errorf("GUIDES_DIR: %w", err)
		}
		files = guides.Overlay(files, os.DirFS(s.dir))
	}
	library, err := guides.Load(files)
	if err != nil {
		return nil, fmt.Errorf("guides: %w", err)
	}
	return library, nil
}

// refresh reads the guides again when a file came, went or changed.
func (s *liveGuides) refresh(ctx context.Context) {
	folder := os.DirFS(s.dir)
	mark := guides.Mark(folder)
	if mark == s.seen {
		return
	}
	library, err := s.read()
	if guides.Mark(folder) != mark {
		return // somebody is saving just now: the next look finds it whole
	}
	s.seen = mark
	if s.changed != nil {
		s.changed(ctx)
	}
	if err != nil {
		s.log.ErrorContext(ctx, "the changed guides are refused; the last good ones stay", "error", err)
		return
	}
	s.Store(library)
	s.log.InfoContext(ctx, "the guides were read again")
}
