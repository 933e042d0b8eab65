package notice

import (
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"resetpin/handlers/talk"
)

// announcement is what an officer announces:
//
//	on [bsre|portal|email|semua] [sejak [28-11-2026] 08:30] [sampai [28-11-2026] 14:30] WORDS [| WORDS IN THE NEXT LANGUAGE]
type announcement struct {
	what  talk.System
	began time.Time
	until time.Time // zero: nobody knows
	words []string  // in the order of the bot's languages; empty: the standard ones are told
}

// Why an announcement is not made; each has its words.
var (
	errTime = errors.New("a time that cannot be read, or an end before the beginning")
	errLong = errors.New("too long for a notice")
)

// longest bounds the words of an announcement in each language, in characters:
// it stands above an answer that is to be read on a small phone.
const longest = 300

// Words by which officers name systems and times, in both languages.
var (
	systemWords = map[string]talk.System{
		"bsre": talk.BSrE, "status": talk.BSrE, "portal": talk.Portal, "reset": talk.Portal, "email": talk.Mail, "mail": talk.Mail, "surel": talk.Mail,
		"semua": talk.Overall, "all": talk.Overall,
	}
	sinceWords = map[string]bool{"sejak": true, "mulai": true, "since": true, "from": true}
	untilWords = map[string]bool{"sampai": true, "hingga": true, "s.d.": true, "s/d": true, "until": true}
	zoneWords  = map[string]bool{"wib": true, "wita": true, "wit": true}
)

// parse reads what stands behind "on".
func parse(text string, now time.Time, zone *time.Location) (announcement, error) {
	a := announcement{what: talk.Overall, began: now}
	word, rest := cut(text)
	if s, ok := systemWords[strings.ToLower(word)]; ok {
		a.what = s
		// "Portal sedang dirawat" is a sentence, whose word stays in it.
		if next, _ := cut(rest); word == strings.ToLower(word) || next == "" || sinceWords[strings.ToLower(next)] || untilWords[strings.ToLower(next)] {
			text = rest
		}
	}
	for {
		word, rest = cut(text)
		word = strings.ToLower(word)
		if !sinceWords[word] && !untilWords[word] {
			break
		}
		next, _ := cut(rest)
		if next == "" || next[0] < '0' || next[0] > '9' { // the words begin so
			break
		}
		at, after, err := moment(rest, now, zone, sinceWords[word])
		if err != nil {
			return a, err
		}
		if sinceWords[word] {
			a.began = at
		} else {
			a.until = at
		}
		text = after
	}
	if !a.until.IsZero() && !a.until.After(a.began) {
		return a, errTime
	}
	for words := range strings.SplitSeq(text, "|") {
		words = strings.TrimSpace(words)
		if utf8.RuneCountInString(words) > longest {
			return a, errLong
		}
		a.words = append(a.words, words)
	}
	return a, nil
}

// moment reads "14:30", "14.30 WIB" or "28-11-2026 14:30". Without a date it is
// the last such time when it is past, else the next.
func moment(text string, now time.Time, zone *time.Location, past bool) (at time.Time, rest string, err error) {
	word, rest := cut(text)
	day, dated := now.In(zone), false
	if d, err := time.ParseInLocation("2-1-2006", word, zone); err == nil {
		day, dated = d, true
		word, rest = cut(rest)
	}
	clock, err := time.Parse("15:04", strings.ReplaceAll(strings.TrimRight(word, ",;"), ".", ":"))
	if err != nil {
		return time.Time{}, "", errTime
	}
	at = time.Date(day.Year(), day.Month(), day.Day(), clock.Hour(), clock.Minute(), 0, 0, zone)
	switch {
	case dated:
	case past && at.After(now):
		at = at.AddDate(0, 0, -1)
	case !past && !at.After(now):
		at = at.AddDate(0, 0, 1)
	}
	if next, after := cut(rest); zoneWords[strings.ToLower(strings.TrimRight(next, ".,;:"))] {
		rest = after
	}
	return at, rest, nil
}

// cut cuts off the first word.
func cut(s string) (word, rest string) {
	s = strings.TrimSpace(s)
	i := strings.IndexAny(s, " \t\r\n")
	if i < 0 {
		return s, ""
	}
	return s[:i], strings.TrimSpace(s[i:])
}
