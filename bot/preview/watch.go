package preview

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"
	"time"

	"resetpin/guides"
	"resetpin/handlers"
)

// shown is what the page shows: the last good guides, and what is wrong with
// those that are on the disk now.
type shown struct {
	library  *guides.Library
	pictures map[string][]byte
	problems []guides.Problem
	changed  chan struct{} // closed when something newer is shown
}

// preview holds what is shown now.
type preview struct {
	dir   string
	texts *handlers.Texts

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

// reload reads the folder anew and wakes whoever waits for it.
func (p *preview) reload() {
	if p.dir == "" {
		return
	}
	files := guides.Complete(os.DirFS(p.dir))
	problems := guides.Check(files)
	library, err := guides.Load(files)
	if err == nil && len(library.Names()) == 0 {
		err = errors.New("the folder holds no guide: add one with a step, such as reset/010-start.id.md")
	}
	if err != nil && len(problems) == 0 { // none above, or saved between the two
		problems = []guides.Problem{{File: p.dir, Text: err.Error()}}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	next := shown{library: p.now.library, pictures: p.now.pictures, problems: problems, changed: make(chan struct{})}
	if err == nil {
		next.library, next.pictures = library, pictures(library)
	}
	close(p.now.changed)
	p.now = next
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
	before := "" // a save between the start and the first look is not missed
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if now := traces(p.dir); now != before {
			before = now
			p.reload()
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// traces names every file with its size and time. What cannot be read is part
// of it too: its coming and going is a change.
func traces(dir string) string {
	var b strings.Builder
	_ = fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error { // it gives no error that is not written below
		if err != nil {
			fmt.Fprintln(&b, path, err)
			return nil
		}
		if info, err := d.Info(); err == nil && !d.IsDir() {
			fmt.Fprintln(&b, path, info.Size(), info.ModTime().UnixNano())
		}
		return nil
	})
	return b.String()
}

// pictures collects all that any page shows, by name.
func pictures(l *guides.Library) map[string][]byte {
	out := make(map[string][]byte)
	for _, name := range l.Names() {
		g, _ := l.Guide(name)
		for _, at := range g.Positions() {
			for _, lang := range languages() {
				for s := range g.Situations(at, lang) {
					if v, err := g.View(at, s); err == nil && v.Picture != nil {
						out[v.Picture.Name] = v.Picture.Data
					}
				}
			}
		}
	}
	return out
}
