// Package leaktest lets a package's tests fail when they leave goroutines
// behind: what was started must end with what started it.
package leaktest

import (
	"fmt"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// patience is how long goroutines may take to end, also on a machine with
// much else to do. It is spent only where one never does.
const patience = 30 * time.Second

// Run runs a package's tests, then what ends what they shared, and gives the
// exit code: 1 too when goroutines are left, whose stacks are printed.
func Run(m *testing.M, end ...func()) int {
	code := m.Run()
	for _, e := range end {
		e()
	}
	if code != 0 {
		return code
	}
	if err := left(time.Now().Add(patience)); err != nil {
		fmt.Fprintln(os.Stderr, "the tests left goroutines behind:", err)
		return 1
	}
	return 0
}

// left looks until no goroutine is left, or patience ends.
func left(until time.Time) error {
	for {
		err := goleak.Find() // waits half a second by itself
		if err == nil || time.Now().After(until) {
			return err
		}
	}
}
