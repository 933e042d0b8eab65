package bot

import (
	"crypto/rand"
	"fmt"
	"runtime/debug"
)

// PanicError is a panic that was caught. Its text names the kind of value
// and, for runtime errors, what they say; never a value that may hold what a
// person typed.
type PanicError struct {
	What  string
	Stack string // the goroutine's, function names and lines
}

// Error tells what happened, without the stack.
func (p *PanicError) Error() string { return "panic: " + p.What }

// caught turns a recovered value into an error; it is called where the stack
// still is the panic's.
func caught(p any) error {
	what := fmt.Sprintf("a value of type %T", p)
	if r, ok := p.(interface{ RuntimeError() }); ok {
		what = fmt.Sprint(r)
	}
	return &PanicError{What: what, Stack: string(debug.Stack())}
}

// errorAlphabet has at most one of what is mistaken for each other when read
// aloud or written by hand (0 O, 1 I L, 5 S, 8 B, U V), and no vowel, so that
// no word comes out.
const errorAlphabet = "2346789CDFGHJKMNPQRTWXYZ"

// newErrorID gives 6 random characters that tie what a person is told to a
// line of the log.
func newErrorID() string {
	var raw [6]byte
	_, _ = rand.Read(raw[:]) // never fails
	for i, b := range raw {
		raw[i] = errorAlphabet[int(b)%len(errorAlphabet)]
	}
	return string(raw[:])
}
