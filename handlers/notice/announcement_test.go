package notice

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"resetpin/handlers/talk"
	"resetpin/handlers/talk/talktest"
)

// morning is when officers announce something here.
func morning(zone *time.Location) time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, zone) }

func TestWhatOfficersAnnounce(t *testing.T) {
	zone := talktest.Zone()
	now := morning(zone)
	at := func(day, hour, minute int) time.Time {
		return time.Date(2026, 3, day, hour, minute, 0, 0, zone)
	}
	for text, want := range map[string]announcement{
		"":                               {what: talk.Overall, began: now, words: []string{""}},
		"BSrE sedang dirawat":            {what: talk.BSrE, began: now, words: []string{"BSrE sedang dirawat"}},
		"Portal BSrE sedang dirawat":     {what: talk.Portal, began: now, words: []string{"Portal BSrE sedang dirawat"}},
		"portal\nBaris satu\nBaris dua":  {what: talk.Portal, began: now, words: []string{"Baris satu\nBaris dua"}},
		"sejak pagi BSrE lambat":         {what: talk.Overall, began: now, words: []string{"sejak pagi BSrE lambat"}},
		"email sampai 14.30 Surel macet": {what: talk.Mail, began: now, until: at(2, 14, 30), words: []string{"Surel macet"}},
		"semua sejak 08:15 WIB sampai 14:30 WIB, dirawat | maintenance": {what: talk.Overall, began: at(2, 8, 15), until: at(2, 14, 30), words: []string{"dirawat", "maintenance"}},
		"sampai 08.00 dirawat":               {what: talk.Overall, began: now, until: at(3, 8, 0), words: []string{"dirawat"}}, // tomorrow's
		"sejak 23:00 dirawat":                {what: talk.Overall, began: at(1, 23, 0), words: []string{"dirawat"}},            // yesterday's
		"sampai 5-3-2026 10:00 dirawat":      {what: talk.Overall, began: now, until: at(5, 10, 0), words: []string{"dirawat"}},
		"| The portal is down":               {what: talk.Overall, began: now, words: []string{"", "The portal is down"}},
		"bsre until 10.00 since 08.00 a | b": {what: talk.BSrE, began: at(2, 8, 0), until: at(2, 10, 0), words: []string{"a", "b"}},
	} {
		got, err := parse(text, now, zone)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v, %v; want %+v", text, got, err, want)
		}
	}
	for text, want := range map[string]error{
		"sampai 25.00 dirawat":                             errTime,
		"sampai 14 dirawat":                                errTime,
		"sampai 31-2-2026 10.00 x":                         errTime,
		"sejak 2-3-2026 10.00 sampai 2-3-2026 09.30 x":     errTime,
		"bsre " + strings.Repeat("x", longest+1):           errLong,
		"bsre ada | " + strings.Repeat("x", longest) + "y": errLong,
	} {
		if _, err := parse(text, now, zone); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", text, err, want)
		}
	}
}

// FuzzParse: whatever officers type, the end is after the beginning, and
// nothing is told that was not typed.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "portal sampai 14.30 a | b", "sejak 08:00", "sampai 1-1-2027 10:00 WIB x", "bsre sampai", "semua |", "sejak 9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := parse(s, morning(talktest.Zone()), talktest.Zone())
		if err != nil {
			return
		}
		if !a.until.IsZero() && !a.until.After(a.began) {
			t.Errorf("%q: from %s to %s", s, a.began, a.until)
		}
		for _, words := range a.words {
			if !strings.Contains(s, words) {
				t.Errorf("%q became %q", s, a.words)
			}
		}
	})
}
