package store

import (
	"testing"
	"time"
)

// While a mail server may put off whom it does not know, for five or ten
// minutes as a rule, a job is tried every minute: a code is mailed for twenty.
func TestTriesAreCloserThanACodesLife(t *testing.T) {
	var age, last time.Duration
	for attempt := 1; attempt < jobAttempts; attempt++ {
		wait := jobWait(attempt)
		if wait < last {
			t.Errorf("try %d comes %v after the one before, which waited %v", attempt+1, wait, last)
		}
		if age < 20*time.Minute && wait > time.Minute {
			t.Errorf("at the age of %v a job waits %v", age, wait)
		}
		age, last = age+wait, wait
	}
	if age < 23*time.Hour || age > 26*time.Hour {
		t.Errorf("a job is tried for %v, want about a day", age)
	}
}
