package telegram

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// Telegram's servers and apps make links of host names and mail addresses that
// stand in a text, of a masked address one to somebody else ("na•••h@…" to
// "h@…"). What is there to be read and compared must do nothing when it is
// touched: it is shown as code, which can be copied. Addresses with a scheme
// are meant as links.

var (
	linkForm = regexp.MustCompile(`^(?i:https?)://[\p{L}\p{N}.-]+\.[\p{L}\p{N}-]+(?::\d+)?(?:[/?#][^\s\p{C}"<>()\[\]{}@*]*)?$`)
	hostForm = regexp.MustCompile(`[\p{L}\p{M}\p{N}_-]+(?:[.。．｡][\p{L}\p{M}\p{N}_-]+)+`)
	mailForm = regexp.MustCompile(`@[^\s@]*[.。．｡]`)
)

// What may stand around an address without being of it.
const (
	before = `([{<"'*_~“‘`
	after  = `.,;:!?…)]}>"'*~”’`
)

// addresses finds the stretches of a text, from byte to byte, that Telegram
// would make links of although they are none by their own word. A word with an
// address in it is taken whole.
func addresses(text string) [][2]int {
	var out [][2]int
	end := 0
	for word := range strings.FieldsFuncSeq(text, betweenWords) {
		begin := end + strings.Index(text[end:], word)
		end = begin + len(word)
		word = strings.TrimLeft(word, before)
		begin = end - len(word)
		word = strings.TrimRight(word, after)
		if isAddress(word) && !linkForm.MatchString(word) {
			out = append(out, [2]int{begin, begin + len(word)})
		}
	}
	return out
}

func betweenWords(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Z, r) }

// dots are what may stand between the labels of a host.
const dots = ".。．｡"

// isAddress tells whether a word holds the name of a host that the internet
// can have, or a mail address of whatever host.
func isAddress(word string) bool {
	return strings.ContainsAny(word, dots) && (mailForm.MatchString(word) || slices.ContainsFunc(hostForm.FindAllString(word, -1), named))
}

// named tells whether a host is one that the internet can have: by its last
// label, or as a number.
func named(host string) bool {
	plain := strings.NewReplacer("。", ".", "．", ".", "｡", ".").Replace(strings.ToLower(host))
	if _, err := netip.ParseAddr(plain); err == nil {
		return true
	}
	last := plain[strings.LastIndexByte(plain, '.')+1:]
	if ascii, err := idna.ToASCII(last); err == nil {
		last = ascii
	}
	_, icann := publicsuffix.PublicSuffix(last)
	return icann || strings.HasPrefix(last, "xn--")
}
