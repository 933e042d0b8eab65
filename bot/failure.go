package bot

import (
	"fmt"
	"runtime"
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
	if r, ok := p.(runtime.Error); ok {
		what = fmt.Sprint(r)
	}
	return &PanicError{What: what, Stack: string(debug.Stack())}
}
