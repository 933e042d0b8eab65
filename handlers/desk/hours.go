package desk

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Hours are when officers are at their desk. The zero value is always.
type Hours struct {
	zone   *time.Location
	days   [7][]span // by weekday
	closed []string  // dates, 2006-01-02
}

// span is a stretch of a day, in minutes since midnight.
type span struct{ from, to int }

// ParseHours reads HELPDESK_HOURS ("Mon-Fri 08:00-16:30, Sat 08:00-12:00") and
// HELPDESK_CLOSED (dates as 2026-12-25). No hours mean always.
func ParseHours(hours string, closed []string, zone *time.Location) (Hours, error) {
	h := Hours{zone: zone, closed: closed}
	for _, day := range closed {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			return Hours{}, fmt.Errorf("date %q: want 2026-12-25", day)
		}
	}
	if strings.TrimSpace(hours) == "" {
		if len(closed) > 0 {
			return Hours{}, errors.New("dates on which the help desk is closed, but no hours in which it is open")
		}
		return Hours{}, nil
	}
	for part := range strings.SplitSeq(hours, ",") {
		if err := h.add(part); err != nil {
			return Hours{}, err
		}
	}
	return h, nil
}

var dayNames = []string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}

func (h *Hours) add(part string) error {
	wrong := fmt.Errorf("office hours %q: want Mon-Fri 08:00-16:30", strings.TrimSpace(part))
	words := strings.Fields(part)
	if len(words) != 2 {
		return wrong
	}
	first, last, _ := strings.Cut(words[0], "-")
	if last == "" {
		last = first
	}
	isDay := func(name string) int {
		return slices.IndexFunc(dayNames, func(d string) bool { return strings.EqualFold(d, name) })
	}
	from, to, ok := strings.Cut(words[1], "-")
	begin, err1 := time.Parse("15:04", from)
	end, err2 := time.Parse("15:04", to)
	a, b := isDay(first), isDay(last)
	if a < 0 || b < 0 || !ok || err1 != nil || err2 != nil || !end.After(begin) {
		return wrong
	}
	s := span{begin.Hour()*60 + begin.Minute(), end.Hour()*60 + end.Minute()}
	for d := a; ; d = (d + 1) % 7 {
		h.days[d] = append(h.days[d], s)
		slices.SortFunc(h.days[d], func(x, y span) int { return x.from - y.from })
		if d == b {
			return nil
		}
	}
}

// always tells that no hours are set.
func (h Hours) always() bool { return h.zone == nil }

// longestBreak bounds the look for the next hours.
const longestBreak = 60 * 24 * time.Hour

// Next gives t itself within office hours, else when they begin again.
func (h Hours) Next(t time.Time) time.Time {
	if h.always() {
		return t
	}
	for day := t.In(h.zone); day.Sub(t) < longestBreak; {
		midnight := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, h.zone)
		for _, s := range h.on(midnight) {
			from, to := midnight.Add(time.Duration(s.from)*time.Minute), midnight.Add(time.Duration(s.to)*time.Minute)
			if t.Before(to) {
				if t.Before(from) {
					return from
				}
				return t
			}
		}
		day = midnight.AddDate(0, 0, 1)
	}
	return t
}

func (h Hours) on(midnight time.Time) []span {
	if slices.Contains(h.closed, midnight.Format(time.DateOnly)) {
		return nil
	}
	return h.days[midnight.Weekday()]
}

// Between gives how much of the time from a to b lies within office hours.
func (h Hours) Between(a, b time.Time) time.Duration {
	if h.always() {
		return b.Sub(a)
	}
	var sum time.Duration
	for day := a.In(h.zone); !day.After(b); {
		midnight := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, h.zone)
		for _, s := range h.on(midnight) {
			from, to := midnight.Add(time.Duration(s.from)*time.Minute), midnight.Add(time.Duration(s.to)*time.Minute)
			if a.After(from) {
				from = a
			}
			if b.Before(to) {
				to = b
			}
			if to.After(from) {
				sum += to.Sub(from)
			}
		}
		day = midnight.AddDate(0, 0, 1)
	}
	return sum
}
