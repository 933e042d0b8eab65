package talk

import (
	"fmt"
	"time"
)

// The hours in which the bot says nothing unasked, by the clock of the
// employee's zone.
const (
	nightBegins = 21
	nightEnds   = 6
)

// ParseZone gives one of Indonesia's three zones by its name, which stands
// behind the times that people are shown.
func ParseZone(name string) (*time.Location, error) {
	hours := map[string]int{"WIB": 7, "WITA": 8, "WIT": 9}[name]
	if hours == 0 {
		return nil, fmt.Errorf("time zone %q: want WIB, WITA or WIT", name)
	}
	return time.FixedZone(name, hours*60*60), nil
}

// Awake gives t, or the morning when t lies in a night.
func Awake(zone *time.Location, t time.Time) time.Time {
	local := t.In(zone)
	day := local.Day()
	switch {
	case local.Hour() >= nightBegins:
		day++
	case local.Hour() >= nightEnds:
		return t
	}
	return time.Date(local.Year(), local.Month(), day, nightEnds, 0, 0, 0, zone)
}

// LastCall is when on the day of t the last reminder of a link that ends with
// the day makes sense: an hour before the night.
func LastCall(zone *time.Location, t time.Time) time.Time {
	local := t.In(zone)
	return time.Date(local.Year(), local.Month(), local.Day(), nightBegins-1, 0, 0, 0, zone)
}
