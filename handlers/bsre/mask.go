package bsre

import (
	"resetpin/handlers/bsre/outside"
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

// MaskPair is Mask for two addresses that are shown side by side: where the
// masks look alike and the addresses are not the same, both are opened as far
// as it takes to tell them apart.
func MaskPair(a, b string) (maskA, maskB string) {
	maskA, maskB = Mask(a), Mask(b)
	for show := 3; maskA == maskB && !strings.EqualFold(a, b) && show <= max(len(a), len(b)); show++ {
		maskA, maskB = maskAfter(a, show), maskAfter(b, show)
	}
	return maskA, maskB
}

// maskAfter shows so many characters before the @, or all where there are no
// more.
func maskAfter(email string, show int) string {
	at := strings.LastIndexByte(email, '@')
	if at < 0 {
		return Mask(email)
	}
	local := []rune(email[:at])
	if show >= len(local) {
		return email
	}
	return string(local[:show]) + "***" + email[at:]
}

// What MaskPhone leaves: as much as the portal of 2026 does, and one digit
// more where it is there.
const (
	phoneHead = 2
	phoneTail = 3
)

// MaskPhone hides a phone number but for the first two and the last three
// digits, whatever was hidden before. Nobody promises that BSrE hides it.
func MaskPhone(phone string) string {
	places := []rune(cleanPhone(phone))
	total := 0
	for i, r := range places {
		if r >= '0' && r <= '9' || strings.ContainsRune("*xX•●", r) {
			total++
		} else if unicode.IsDigit(r) || unicode.IsLetter(r) {
			places[i] = '*' // digits of other scripts, and what nobody expects
			total++
		}
	}
	seen := 0
	for i, r := range places {
		switch {
		case r >= '0' && r <= '9':
			if total < minPhone || seen >= phoneHead && seen < total-phoneTail {
				places[i] = '*'
			}
			seen++
		case strings.ContainsRune("*xX•●", r):
			places[i] = '*'
			seen++
		}
	}
	return string(places)
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
	number := national(outside.Digits(phone))
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
	return len(outside.Digits(rest))
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
	number := national(outside.Digits(phone))
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
	return outside.FirstRunes(strings.TrimSpace(mask), maxPhone)
}
