package talk

import (
	"testing"
	"time"
)

// When to try again does not run away from those who look once more.
func TestTheTimeToTryAgainStays(t *testing.T) {
	var o outage
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	first := o.again(noon)
	if got := o.again(noon.Add(3 * time.Minute)); !got.Equal(first) {
		t.Errorf("it moved from %v to %v", first, got)
	}
	if got := o.again(first); !got.Equal(first.Add(patience)) {
		t.Errorf("once it has passed: %v", got)
	}
}
