package desk

import (
	"strings"
	"testing"
	"time"
)

var wib = time.FixedZone("WIB", 7*60*60)

// at is a time in November 2026, whose first day is a Sunday.
func at(day, hour, minute int) time.Time {
	return time.Date(2026, time.November, day, hour, minute, 0, 0, wib)
}

func TestOfficeHours(t *testing.T) {
	h, err := ParseHours("Mon-Fri 08:00-12:00, mon-fri 13:00-16:30, Sat 08:00-12:00", []string{"2026-11-17"}, wib)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name       string
		from, next time.Time
	}{
		{"within", at(16, 9, 0), at(16, 9, 0)},
		{"the first minute", at(16, 8, 0), at(16, 8, 0)},
		{"before", at(16, 7, 59), at(16, 8, 0)},
		{"at noon", at(16, 12, 0), at(16, 13, 0)},
		{"in the evening, before a holiday", at(16, 16, 30), at(18, 8, 0)},
		{"on a holiday", at(17, 10, 0), at(18, 8, 0)},
		{"on Saturday afternoon", at(21, 12, 0), at(23, 8, 0)},
		{"asked in another zone", at(16, 9, 0).UTC(), at(16, 9, 0)},
	} {
		if got := h.Next(c.from); !got.Equal(c.next) {
			t.Errorf("%s: %v, want %v", c.name, got, c.next)
		}
	}
	for _, c := range []struct {
		name     string
		from, to time.Time
		want     time.Duration
	}{
		{"within a morning", at(16, 9, 0), at(16, 9, 30), 30 * time.Minute},
		{"over noon", at(16, 11, 50), at(16, 13, 10), 20 * time.Minute},
		{"over a night and a holiday", at(16, 16, 20), at(18, 8, 20), 30 * time.Minute},
		{"over a Sunday", at(21, 11, 59), at(23, 8, 1), 2 * time.Minute},
		{"in the night", at(16, 20, 0), at(17, 5, 0), 0},
		{"backwards", at(16, 10, 0), at(16, 9, 0), 0},
	} {
		if got := h.Between(c.from, c.to); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	var always Hours
	if got := always.Next(at(22, 3, 0)); !got.Equal(at(22, 3, 0)) {
		t.Errorf("without hours the next is %v", got)
	}
	if got := always.Between(at(22, 3, 0), at(22, 4, 0)); got != time.Hour {
		t.Errorf("without hours an hour is %v", got)
	}
}

func TestOfficeHoursThatCannotBeRead(t *testing.T) {
	for _, c := range []struct{ hours, closed, want string }{
		{"Mon-Fri", "", "want Mon-Fri 08:00-16:30"},
		{"Senin 08:00-16:00", "", "want Mon-Fri 08:00-16:30"},
		{"Mon 16:00-08:00", "", "want Mon-Fri 08:00-16:30"},
		{"Mon 08:00", "", "want Mon-Fri 08:00-16:30"},
		{"Mon 08:00-16:00", "25-12-2026", "want 2026-12-25"},
		{"", "2026-12-25", "no hours"},
	} {
		var closed []string
		if c.closed != "" {
			closed = []string{c.closed}
		}
		if _, err := ParseHours(c.hours, closed, wib); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q, %q: %v, want %q", c.hours, c.closed, err, c.want)
		}
	}
}
