package preview

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"resetpin/guides"
	"resetpin/handlers"
	"resetpin/handlers/talk"
)

// shown is what the page shows: the last good guides, and what is wrong with
// those that are on the disk now.
type shown struct {
	library  *guides.Library
	pictures map[string][]byte
	problems []guides.Problem
	mark     string        // of the folder as it was read
	changed  chan struct{} // closed when something newer is shown
}

// preview holds what is shown now.
type preview struct {
	dir   string
	texts *talk.Texts
	read  string // the folder's mark when it was read; only reload touches it

	words wordbook

	mu  sync.Mutex
	now shown
}

// load reads the guides for the first time. When the folder's are broken the
// built-in ones are shown below their problems.
func load(dir string) (*preview, error) {
	texts, err := handlers.LoadTexts()
	if err != nil {
		return nil, fmt.Errorf("read texts: %w", err)
	}
	library, err := guides.Load(guides.Builtin())
	if err != nil {
		return nil, fmt.Errorf("read the built-in guides: %w", err)
	}
	p := &preview{dir: dir, texts: texts, now: shown{library: library, pictures: pictures(library), changed: make(chan struct{})}}
	p.reload()
	return p, nil
}

// reload reads the folder anew when it looks different from before, and wakes
// whoever waits for it.
func (p *preview) reload() {
	if p.dir == "" {
		return
	}
	folder := os.DirFS(p.dir)
	mark := guides.Mark(folder)
	if mark == p.read {
		return
	}
	library, err := read(p.dir)
	if guides.Mark(folder) != mark {
		return // somebody is saving just now: the next look finds it whole
	}
	p.read = mark
	var problems guides.Problems
	errors.As(err, &problems) // read gives no other error
	p.mu.Lock()
	defer p.mu.Unlock()
	next := shown{library: p.now.library, pictures: p.now.pictures, problems: problems, mark: mark, changed: make(chan struct{})}
	if err == nil {
		next.library, next.pictures = library, pictures(library)
	}
	close(p.now.changed)
	p.now = next
}

// read reads the built-in guides with the folder's files laid upon them. Its
// error is always guides.Problems; a folder that is gone is one, for without
// it the page would show the built-in guides as if nothing was wrong.
func read(dir string) (*guides.Library, error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, guides.Problems{{File: dir, Text: "the folder cannot be read"}}
	}
	return guides.Load(guides.Overlay(guides.Builtin(), os.DirFS(dir)))
}

func (p *preview) current() shown {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now
}

// watch reloads when the folder looks different from before.
func (p *preview) watch(ctx context.Context, every time.Duration) {
	if p.dir == "" {
		return
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		p.reload()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// pictures collects all that any page shows, by name.
func pictures(l *guides.Library) map[string][]byte {
	out := make(map[string][]byte)
	for _, name := range l.Names() {
		g, _ := l.Guide(name)
		for _, at := range g.Positions() {
			for _, lang := range l.Languages() {
				for s := range g.Situations(at, lang) {
					if v, err := g.View(at, s); err == nil && v.Picture != nil {
						out[v.Picture.Name] = v.Picture.Data()
					}
				}
			}
		}
	}
	return out
}
