package understand

import (
	"regexp"
	"strings"
	"time"
	"unicode"

	"resetpin/handlers/bsre/outside"
)

// number is a run of digits in a text, and what separates them left out.
type number struct {
	digits string
	parts  int // pieces that were written apart
}

var digitRun = regexp.MustCompile(`\+?\d(?:[ .()/*_-]{0,2}\d)*`)

// numbers finds the runs of digits.
func numbers(text string) []number {
	var out []number
	for _, run := range digitRun.FindAllString(text, -1) {
		n := number{digits: outside.Digits(run), parts: len(strings.FieldsFunc(run, func(r rune) bool { return !unicode.IsDigit(r) }))}
		if strings.HasPrefix(run, "+") {
			n.digits = "+" + n.digits
		}
		out = append(out, n)
	}
	return out
}

// spokenDigits are digits in words, as dictated messages have them.
func spokenDigits() map[string]string {
	return map[string]string{
		"nol": "0", "kosong": "0", "satu": "1", "dua": "2", "tiga": "3", "empat": "4", "lima": "5", "enam": "6", "tujuh": "7", "delapan": "8", "lapan": "8", "sembilan": "9",
		"zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
	}
}

// spoken gives six digits or more that were dictated one after the other, or "".
func spoken(text string) string {
	var run, longest string
	words := spokenDigits()
	for w := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		d, ok := words[w]
		if !ok {
			run = ""
			continue
		}
		if run += d; len(run) > len(longest) {
			longest = run
		}
	}
	if len(longest) < 6 {
		return ""
	}
	return longest
}

// FindNIP gives the one number of 18 digits that begins with a date of birth
// and has a 1 or a 2 as its 15th digit, as civil servants' numbers have.
func FindNIP(text string) string {
	for _, n := range append(numbers(text), number{digits: spoken(text)}) {
		if looksLikeNIP(n.digits) {
			return n.digits
		}
	}
	return ""
}

func looksLikeNIP(digits string) bool {
	if len(digits) != 18 {
		return false
	}
	_, err := time.Parse("20060102", digits[:8])
	return err == nil && (digits[14] == '1' || digits[14] == '2')
}

var slipped = regexp.MustCompile(`\b[0-9OoIl]{6}\b`)

// FindCode gives the one number of six digits, also when a letter O or I was
// read for a digit.
func FindCode(text string) string {
	found := ""
	for _, n := range append(numbers(text), number{digits: spoken(text)}) {
		if len(n.digits) == 6 {
			if found != "" && found != n.digits {
				return "" // which of them?
			}
			found = n.digits
		}
	}
	if found != "" {
		return found
	}
	for _, word := range slipped.FindAllString(text, -1) {
		code := strings.NewReplacer("O", "0", "o", "0", "I", "1", "l", "1").Replace(word)
		if len(outside.Digits(word)) >= 4 {
			return code
		}
	}
	return ""
}

var mobile = regexp.MustCompile(`^(?:\+?62|0)?8\d{7,12}$`)

// FindPhone gives the first mobile number.
func FindPhone(text string) string {
	for _, n := range numbers(text) {
		if mobile.MatchString(n.digits) {
			return n.digits
		}
	}
	return ""
}

// longestNumber gives the digits of the longest number that is no date, clock
// time or year.
func longestNumber(text string) string {
	longest := spoken(text)
	for _, word := range digitRun.FindAllString(text, -1) {
		if d := outside.Digits(word); len(d) > len(longest) && !clock.MatchString(strings.TrimSpace(word)) {
			longest = d
		}
	}
	return longest
}

var clock = regexp.MustCompile(`^(?:[01]?\d|2[0-3])[.:][0-5]\d$|^\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?$|^(?:19|20)\d\d$`)

// errorCode is a code that browsers show on a page instead of the site, or what
// signing applications pass on when BSrE refused a passphrase (code 2031) or
// knows no such person (2011, in its first version 1110).
var errorCode = regexp.MustCompile(`(?i)\b(?:net::)?(?:err|sec_error|ssl_error|mozilla_pkix_error|dns_probe|pr)_[a-z0-9_]+|\b(?:cert_)?(?:authority|date|common_name)_invalid\b|\bunknown_issuer\b|\bhsts\b|\bstatus_code\W{1,4}2031\b|\bpassphrase anda salah\b|\buser tidak terdaftar\W{0,4}2011\b|\bstatus_code\W{1,4}(?:2011|1110)\b`)

// The error codes' parts, and the page that each leads to. Sources: Chromium's
// net_error_list.h, Mozilla's SSL and SEC error codes.
func codePages() []struct {
	part string
	page Meaning
} {
	return []struct {
		part string
		page Meaning
	}{
		{"authority_invalid", pageWarned}, {"unknown_issuer", pageWarned}, {"self_signed", pageWarned},
		{"2011", commandStatus}, {"1110", commandStatus},
		{"hsts", pageNoPass}, {"2031", pageStill}, {"passphrase anda salah", pageStill},
		{"err_cert", pageOther}, {"_invalid", pageOther}, {"sec_error", pageOther}, {"pkix", pageOther},
		{"ssl_error_bad_cert", pageOther}, {"err_ssl", pageOther}, {"ssl_error", pageOther},
		{"", pageNoOpen}, // connection, name, time-out, proxy, blocked
	}
}

// pageOfCode gives the page about the error code in a text, and the text
// without it.
func pageOfCode(text string) (page Meaning, rest string, ok bool) {
	code := errorCode.FindString(text)
	if code == "" {
		return "", text, false
	}
	lower := strings.ToLower(code)
	for _, c := range codePages() {
		if strings.Contains(lower, c.part) {
			return c.page, strings.Replace(text, code, " ", 1), true
		}
	}
	return "", text, false
}

// onlyDigits is a message that is a number and nothing else.
var onlyDigits = regexp.MustCompile(`^[\s.+()-]*\d[\d\s.+()-]*$`)
