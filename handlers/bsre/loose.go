package bsre

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// loose takes a string, a number or a truth value and is empty for anything
// else: the portal and its versions do not agree on types.
type loose string

// UnmarshalJSON reads whatever stands there and never fails.
func (l *loose) UnmarshalJSON(data []byte) error {
	*l = ""
	switch c := data[0]; {
	case c == '"':
		var s string
		if err := json.Unmarshal(data, &s); err != nil {
			return err
		}
		*l = loose(s)
	case c == '-', c >= '0' && c <= '9', c == 't', c == 'f':
		*l = loose(data)
	}
	return nil
}

// yes is true only for a clear yes.
func (l loose) yes() bool {
	s := strings.ToLower(strings.TrimSpace(string(l)))
	return s == "true" || s == "1"
}

// no is true only for a clear no.
func (l loose) no() bool {
	s := strings.ToLower(strings.TrimSpace(string(l)))
	return s == "false" || s == "0"
}

// seconds is a count of seconds; 0 when it is none, and never more than a year.
func (l loose) seconds() int64 {
	n, err := strconv.ParseFloat(string(l), 64)
	if err != nil || !(n > 0) {
		return 0
	}
	return int64(min(n, 365*24*3600))
}

// jakarta is the time zone of the portal's dates, which name none.
func jakarta() *time.Location { return time.FixedZone("WIB", 7*60*60) }

// date reads a date in one of the forms that portals use; zero when it is
// none. The portal of 2026 writes "2027-06-19 09:40:14.000+0700", as an
// integrator recorded; the other forms are those of its relatives.
func (l loose) date() time.Time {
	s := strings.TrimSpace(string(l))
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		switch {
		case n > 1e11 && n < 1e14:
			return time.UnixMilli(n)
		case n > 1e8 && n <= 1e11:
			return time.Unix(n, 0)
		}
		return time.Time{}
	}
	for _, layout := range []string{
		"2006-01-02 15:04:05.999-0700", time.RFC3339Nano, "2006-01-02 15:04:05.999Z07:00", "2006-01-02 15:04:05.999 -0700", "2006-01-02T15:04:05.999-0700", "2006-01-02T15:04:05.999", "2006-01-02 15:04:05.999", "2006-01-02 15:04",
		time.DateOnly, "02-01-2006 15:04:05", "02-01-2006", "02/01/2006 15:04:05", "02/01/2006", "2 Jan 2006", "Jan 2, 2006 3:04:05 PM",
	} {
		if t, err := time.ParseInLocation(layout, s, jakarta()); err == nil {
			return t
		}
	}
	return time.Time{}
}
