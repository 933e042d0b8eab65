package preview

import (
	"errors"
	"io/fs"
	"os"
	"sync"

	"resetpin/handlers/understand"
)

// maxSentence is how long a sentence to be tried may be, in bytes: no message
// of a platform is longer.
const maxSentence = 8 << 10

// genuine is the host whose links the box calls genuine.
const genuine = "esign-bsre.bssn.go.id"

// tried is a sentence somebody tried, and what was understood.
type tried struct {
	Context, Sentence string
	Understood        string
	Problem           string // why nothing could be tried
}

// Places lists what can be chosen.
func (tried) Places() []understand.Place { return understand.Places() }

// wordbook learns the sentences when the first is tried, and again when the
// folder has changed since.
type wordbook struct {
	mu      sync.Mutex
	mark    string
	learned *understand.Understander
	err     error
}

// try understands a sentence by the function that the conversation uses. A
// mistake in the folder's sentences is what comes out then.
func (b *wordbook) try(dir, mark string, t tried) (tried, error) {
	place, err := understand.ParsePlace(t.Context)
	if err != nil {
		return t, err
	}
	if len(t.Sentence) > maxSentence {
		return t, errors.New("the sentence is too long")
	}
	if t.Sentence == "" {
		return t, nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.learned == nil && b.err == nil || b.mark != mark {
		layers := []fs.FS{understand.Builtin()}
		if dir != "" {
			layers = append(layers, os.DirFS(dir))
		}
		b.learned, b.err = understand.New([]string{genuine}, layers...)
		b.mark = mark
	}
	if b.err != nil {
		t.Problem = b.err.Error()
		return t, nil
	}
	t.Understood = b.learned.Understand(understand.Input{Place: place, Text: t.Sentence}).Describe()
	return t, nil
}
