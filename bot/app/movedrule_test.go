package app_test

import (
	"slices"
	"testing"
)

// A metric that counts nothing is named, and one that moves is not.
func TestAMetricThatNothingMovesIsNamed(t *testing.T) {
	m := &movements{moves: map[string]bool{}}
	m.note("# TYPE resetpin_jobs gauge\nresetpin_jobs{kind=\"mail\"} 2\n# TYPE resetpin_inbox gauge\nresetpin_inbox 0\n")
	zero, err := m.zero()
	if err != nil || slices.Contains(zero, "resetpin_jobs") || !slices.Contains(zero, "resetpin_inbox") || !slices.Contains(zero, "resetpin_delivery_failures_total") {
		t.Errorf("named are %v, %v", zero, err)
	}
}
