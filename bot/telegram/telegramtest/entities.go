package telegramtest

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
)

// Entity is a stretch of formatted text, counted in UTF-16 units
// (https://core.telegram.org/bots/api#messageentity).
type Entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	URL    string `json:"url,omitempty"`
}

// maxEntities is how many entities a message keeps; Telegram drops the others
// without a word.
const maxEntities = 100

var linkScheme = regexp.MustCompile(`^(?i:https?://|tg:|ton:)`)

// textLink are words that lead to an address.
const textLink = "text_link"

// given are the types of entity that a bot gives; the others Telegram finds
// by itself.
func given(kind string) bool {
	switch kind {
	case "bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "code", "pre", textLink:
		return true
	}
	return false
}

// readEntities reads the parameters entities and caption_entities: the way of
// Telegram's own server, its words for what is wrong included.
func readEntities(text, list string) ([]Entity, *failure) {
	if list == "" {
		return nil, nil
	}
	var all []Entity
	if err := strict(list, &all); err != nil {
		return nil, bad("can't parse message entities: %s", err)
	}
	units := utf16.Encode([]rune(text))
	out := all[:0]
	for _, e := range all {
		if f := e.check(units); f != nil {
			return nil, f
		}
		if e.Length > 0 {
			out = append(out, e)
		}
	}
	if len(out) > maxEntities {
		return nil, bad("the pretend server refuses more than %d entities: the real one drops them", maxEntities)
	}
	slices.SortStableFunc(out, func(a, b Entity) int {
		if a.Offset != b.Offset {
			return a.Offset - b.Offset
		}
		return b.Length - a.Length
	})
	for i, a := range out {
		for _, b := range out[i+1:] {
			if f := a.beside(b); f != nil {
				return nil, f
			}
		}
	}
	return out, nil
}

// check looks at one entity of a text.
func (e *Entity) check(units []uint16) *failure {
	end := e.Offset + e.Length
	inside := func(at int) bool { return at > 0 && at < len(units) && units[at]&0xfc00 == 0xdc00 }
	switch {
	case !given(e.Type):
		return bad("the pretend server does not play entities of type %q", e.Type)
	case e.Offset < 0 || e.Length < 0:
		return bad("receive an entity with incorrect offset %d", e.Offset)
	case e.Offset > len(units):
		return bad("entity begins after the end of the text at UTF-16 offset %d", e.Offset)
	case e.Length > len(units), end > len(units):
		return bad("entity beginning at UTF-16 offset %d ends after the end of the text at UTF-16 offset %d", e.Offset, end)
	case inside(e.Offset), inside(end):
		return bad("entity beginning at UTF-16 offset %d begins or ends in a middle of a UTF-16 symbol", e.Offset)
	case e.Type != textLink:
		return nil
	}
	if reason := badLink(e.URL); reason != "" {
		return bad("entity URL '%s' is invalid: %s", e.URL, reason)
	}
	if !linkScheme.MatchString(e.URL) {
		e.URL = "http://" + e.URL
	}
	return nil
}

// beside refuses what the real server would change silently: marks that cross,
// and code with marks in or around it.
func (e Entity) beside(later Entity) *failure {
	end := e.Offset + e.Length
	if later.Offset >= end {
		return nil
	}
	code := func(k Entity) bool { return k.Type == "code" || k.Type == "pre" }
	crosses := later.Offset+later.Length > end
	if crosses || e.Type == later.Type || code(e) || code(later) && e.Type != "blockquote" {
		return bad("the pretend server does not play %s and %s that overlap at UTF-16 offset %d", e.Type, later.Type, later.Offset)
	}
	return nil
}

// Shown gives what a person sees and can touch of a text that was sent with
// entities, as JSON: those, and what Telegram's servers make of links,
// addresses and commands in the text. It gives an error in Telegram's words
// for what the server refuses.
func Shown(text string, entities []byte) (string, []Entity, error) {
	read, f := readEntities(text, string(entities))
	if f != nil {
		return "", nil, wording(f.text)
	}
	text, read = trim(text, read)
	return text, autoEntities(text, read), nil
}

// Cut gives the words of a text that an entity covers.
func Cut(text string, e Entity) string {
	units := utf16.Encode([]rune(text))
	from, to := min(max(e.Offset, 0), len(units)), min(e.Offset+e.Length, len(units))
	return string(utf16.Decode(units[from:max(from, to)]))
}

// Looks gives how every UTF-16 unit of a text looks: the kinds of entity that
// cover it, with where they lead. Texts that look alike are alike, in however
// many pieces their entities are told.
func Looks(text string, entities []Entity) []string {
	out := make([]string, length16(text))
	for _, kind := range []string{"blockquote", "bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", textLink} {
		for _, e := range entities {
			if e.Type != kind {
				continue
			}
			for i := max(e.Offset, 0); i < min(e.Offset+e.Length, len(out)); i++ {
				out[i] += " " + kind + sameLink(e.URL)
			}
		}
	}
	return out
}

// sameLink writes an address the way Telegram keeps it: scheme and host in
// lower case, and a path always.
func sameLink(link string) string {
	scheme, rest, found := strings.Cut(link, "://")
	if !found {
		return link
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	path := rest[end:]
	if !strings.HasPrefix(path, "/") && path != "" {
		path = "/" + path
	}
	return strings.ToLower(scheme+"://"+rest[:end]) + path
}
