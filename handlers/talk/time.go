package talk

import "time"

// ClockSkew is between replicas; what lies further ahead was written by a
// wrong clock.
const ClockSkew = time.Minute

// Clock shows a time of today as "14.05 WIB", and of another day with its
// date, in a zone of Indonesia.
func Clock(zone *time.Location, t, now time.Time) string {
	t, now = t.In(zone), now.In(zone)
	if t.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return t.Format("15.04 MST")
	}
	return t.Format("02-01-2006 15.04 MST")
}

// Clock shows a time of today, and of another day with its date.
func (k *Kernel) Clock(t, now time.Time) string { return Clock(k.Settings.Zone, t, now) }

// Day shows a date.
func (k *Kernel) Day(t time.Time) string { return t.In(k.Settings.Zone).Format("02-01-2006") }

// Moment shows a day and a time of it.
func (k *Kernel) Moment(t time.Time) string { return Clock(k.Settings.Zone, t, time.Time{}) }
