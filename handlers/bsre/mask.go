package bsre

import (
	"strings"
	"unicode"
)

// Mask shows enough of an e-mail address for its owner to recognise it: the
// first two characters and the domain (bu***@kemenkeu.go.id). What is no
// address becomes "***".
func Mask(email string) string {
	email = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == ' ' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(email, ""))
	at := strings.LastIndexByte(email, '@')
	if at < 0 || at == len(email)-1 {
		return "***"
	}
	local := []rune(email[:at])
	show := 2
	if len(local) < 4 {
		show = 1
	}
	if len(local) < 2 {
		show = 0
	}
	return string(local[:show]) + "***" + email[at:]
}

const (
	minPhone     = 7  // digits of a whole number without the country's
	maxPhoneLong = 15 // E.164
	minVisible   = 2  // digits a mask must show beyond the "08" of every mobile number
)

// PhoneMatchesMask tells whether a typed number (0812…, 62812… or +62 812…)
// can be the one that the portal shows masked (0812****7890, +62812*****90):
// every digit shown must agree, and at least two must be shown besides the
// beginning that all mobile numbers share.
func PhoneMatchesMask(phone, mask string) bool {
	number := national(onlyDigits(phone))
	if len(number) < minPhone || len(number) > maxPhoneLong {
		return false
	}
	shown := maskDigits(mask)
	if countVisible(shown) < minVisible {
		return false
	}
	forms := []string{"0" + number, "62" + number, number}
	for _, form := range forms {
		if len(form) == len(shown) && agrees(form, shown) {
			return true
		}
	}
	for _, form := range forms {
		if len(form) == len(shown) {
			return false // as long as a form, and it does not agree
		}
	}
	return agreesAtEnds(forms, shown)
}

// onlyDigits drops everything else.
func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// national is a number without the country's or the trunk's prefix.
func national(digits string) string {
	digits = strings.TrimPrefix(digits, "62")
	return strings.TrimLeft(digits, "0")
}

// maskDigits keeps digits and writes every hidden place as '*'.
func maskDigits(mask string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case unicode.IsSpace(r), strings.ContainsRune("+-()/", r):
			return -1
		}
		return '*'
	}, mask)
}

// countVisible counts the digits that tell one number from another.
func countVisible(shown string) int {
	rest := strings.TrimPrefix(shown, "62")
	rest = strings.TrimPrefix(strings.TrimPrefix(rest, "0"), "8")
	return len(onlyDigits(rest))
}

func agrees(number, shown string) bool {
	for i := range len(shown) {
		if shown[i] != '*' && shown[i] != number[i] {
			return false
		}
	}
	return true
}

// agreesAtEnds compares with a mask that hides any number of digits behind
// one run of stars.
func agreesAtEnds(forms []string, shown string) bool {
	head, tail, hidden := strings.Cut(shown, "*")
	tail = strings.TrimLeft(tail, "*")
	if !hidden || strings.Contains(tail, "*") {
		return false
	}
	for _, form := range forms {
		if len(form) > len(head)+len(tail) && strings.HasPrefix(form, head) && strings.HasSuffix(form, tail) {
			return true
		}
	}
	return false
}

// likeMask writes a number the way the mask is written: with 0, 62 or +62 in
// front; where the mask hides that, with 0 as the portal's own form wants it.
func likeMask(phone, mask string) string {
	number := national(onlyDigits(phone))
	switch m := strings.TrimSpace(mask); {
	case strings.HasPrefix(m, "+62"):
		return "+62" + number
	case strings.HasPrefix(m, "62"):
		return "62" + number
	}
	return "0" + number
}

// cleanPhone makes the portal's masked number fit to be shown.
func cleanPhone(mask string) string {
	mask = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == '<' || r == '>' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(mask, ""))
	return firstRunes(strings.TrimSpace(mask), maxPhone)
}
