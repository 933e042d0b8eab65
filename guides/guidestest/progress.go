// Package guidestest tells other packages' tests where the steps of the
// built-in guides stand, so that a step more or less breaks none of them.
package guidestest

import (
	"fmt"
	"slices"
	"testing"

	"resetpin/guides"
)

// Progress is the line above a step of a guide in Indonesian: "Langkah 2 dari
// 7" for the second of seven.
func Progress(t testing.TB, guide, step string) string {
	t.Helper()
	return fmt.Sprintf("Langkah %d dari %d", Place(t, guide, step), Steps(t, guide))
}

// Place is which of a guide's steps one is, from 1. The step is named by its
// id; one that became part of another stands for that.
func Place(t testing.TB, guide, step string) int {
	t.Helper()
	g := builtin(t, guide)
	at := slices.Index(g.Steps(), g.Settle(step))
	if at < 0 || g.Settle(step) == g.First() && step != g.First() {
		t.Fatalf("the guide %q has no step %q", guide, step)
	}
	return at + 1
}

// Steps is how many steps a built-in guide has.
func Steps(t testing.TB, guide string) int {
	t.Helper()
	return len(builtin(t, guide).Steps())
}

func builtin(t testing.TB, guide string) *guides.Guide {
	t.Helper()
	l, err := guides.Load(guides.Builtin())
	if err != nil {
		t.Fatalf("the built-in guides: %v", err)
	}
	g, ok := l.Guide(guide)
	if !ok {
		t.Fatalf("there is no guide %q", guide)
	}
	return g
}
