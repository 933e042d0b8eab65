package talk

import (
	"testing"
	"time"
)

var wita = time.FixedZone("WITA", 8*60*60)

func TestNobodyIsWokenAtNight(t *testing.T) {
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 3, day, hour, minute, 0, 0, wita) }
	for _, c := range []struct{ in, want time.Time }{
		{at(2, 12, 0), at(2, 12, 0)},
		{at(2, 20, 59), at(2, 20, 59)},
		{at(2, 21, 0), at(3, 6, 0)},
		{at(2, 23, 59), at(3, 6, 0)},
		{at(3, 0, 0), at(3, 6, 0)},
		{at(3, 5, 59), at(3, 6, 0)},
		{at(3, 6, 0), at(3, 6, 0)},
		{at(31, 22, 0), time.Date(2026, 4, 1, 6, 0, 0, 0, wita)},
		{at(2, 22, 0).UTC(), at(3, 6, 0)}, // 14:00 in Greenwich
	} {
		if got := Awake(wita, c.in); !got.Equal(c.want) {
			t.Errorf("Awake(%v) = %v, want %v", c.in, got, c.want)
		}
	}
}

func TestZones(t *testing.T) {
	for name, hours := range map[string]int{"WIB": 7, "WITA": 8, "WIT": 9} {
		zone, err := ParseZone(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := Clock(zone, time.Date(2026, 3, 2, 0, 5, 0, 0, time.UTC), time.Date(2026, 3, 2, 0, 5, 0, 0, time.UTC)); got != time.Date(0, 1, 1, hours, 5, 0, 0, zone).Format("15.04 MST") {
			t.Errorf("%s shows %q", name, got)
		}
	}
	if _, err := ParseZone("CET"); err == nil {
		t.Error("CET is no zone of Indonesia")
	}
}
