package telegramtest

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"

	"golang.org/x/net/publicsuffix"
)

// trim takes white space off both ends, as Telegram does with every text, and
// moves the entities along.
func trim(text string, entities []Entity) (string, []Entity) {
	left := strings.TrimLeft(text, " \t\r\n")
	cut := length16(text) - length16(left)
	text = strings.TrimRight(left, " \t\r\n")
	size := length16(text)
	var kept []Entity
	for _, e := range entities {
		from, to := max(e.Offset-cut, 0), min(e.Offset-cut+e.Length, size)
		if from < to {
			e.Offset, e.Length = from, to-from
			kept = append(kept, e)
		}
	}
	return text, kept
}

var (
	commandForm = regexp.MustCompile(`(?:^|[^\w/<>:])(/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)\b`)
	linkForm    = regexp.MustCompile(`(?i)\b(?:https?://[^\s<>"]*[^\s<>".,;:!?)'\]]|[a-z0-9._%+-]+@(?:[a-z0-9-]+\.)+[a-z]{2,}\b|(?:[a-z0-9-]+\.)+[a-z]{2,}\b(?:/[^\s<>"]*[^\s<>".,;:!?)'\]])?)`)
)

// commandEntities finds the commands in what a person typed.
func commandEntities(text string) []Entity {
	var found []Entity
	for _, at := range commandForm.FindAllStringSubmatchIndex(text, -1) {
		found = append(found, Entity{Type: "bot_command", Offset: length16(text[:at[2]]), Length: length16(text[at[2]:at[3]])})
	}
	return found
}

// autoEntities finds what Telegram's apps make clickable by themselves:
// links, mail addresses and commands, outside of other links and code.
func autoEntities(text string, given []Entity) []Entity {
	all := slices.Clone(given)
	add := func(e Entity) {
		for _, g := range all {
			inside := e.Offset < g.Offset+g.Length && g.Offset < e.Offset+e.Length
			if inside && (g.Type == textLink || g.Type == "code" || g.Type == "pre" || g.Type == "url" || g.Type == "email" || g.Type == "bot_command") {
				return
			}
		}
		all = append(all, e)
	}
	for _, at := range linkForm.FindAllStringIndex(text, -1) {
		word := text[at[0]:at[1]]
		e := Entity{Type: "url", URL: word, Offset: length16(text[:at[0]]), Length: length16(word)}
		switch {
		case !named(word):
			continue
		case strings.Contains(word, "://"):
		case strings.Contains(word, "@"):
			e.Type, e.URL = "email", "mailto:"+word
		default:
			e.URL = "http://" + word
		}
		add(e)
	}
	for _, e := range commandEntities(text) {
		add(e)
	}
	return all
}

// named tells whether an address ends in a name that the internet has, which
// alone makes it a link.
func named(address string) bool {
	_, host, found := strings.Cut(address, "://")
	if !found {
		host = address[strings.LastIndexByte(address, '@')+1:]
	}
	host, _, _ = strings.Cut(host, "/")
	if !strings.Contains(host, ".") {
		return false
	}
	_, icann := publicsuffix.PublicSuffix(strings.ToLower(host[strings.LastIndexByte(host, '.')+1:]))
	return icann
}

// displayHTML gives a text as safe HTML. Line breaks stay line breaks (the
// page shows them with white-space: pre-wrap).
func displayHTML(text string, given []Entity) string {
	units := utf16.Encode([]rune(text))
	all := autoEntities(text, given)
	cuts := []int{0, len(units)}
	for _, e := range all {
		cuts = append(cuts, e.Offset, e.Offset+e.Length)
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var b strings.Builder
	var open []Entity
	for i, at := range cuts {
		keep := 0
		for keep < len(open) && open[keep].Offset+open[keep].Length > at {
			keep++
		}
		for _, e := range slices.Backward(open[keep:]) {
			b.WriteString(e.closeTag())
		}
		again := slices.DeleteFunc(slices.Clone(open[keep:]), func(e Entity) bool { return e.Offset+e.Length <= at })
		open = open[:keep:keep]
		starting := slices.DeleteFunc(slices.Clone(all), func(e Entity) bool { return e.Offset != at || e.Length == 0 })
		slices.SortStableFunc(starting, func(a, b Entity) int { return b.Length - a.Length })
		for _, e := range append(again, starting...) {
			b.WriteString(e.openTag(string(utf16.Decode(units[e.Offset : e.Offset+e.Length]))))
			open = append(open, e)
		}
		if i+1 < len(cuts) {
			b.WriteString(html.EscapeString(string(utf16.Decode(units[at:cuts[i+1]]))))
		}
	}
	return b.String()
}

func (e Entity) openTag(text string) string {
	switch e.Type {
	case "bold":
		return "<b>"
	case "italic":
		return "<i>"
	case "underline":
		return "<u>"
	case "strikethrough":
		return "<s>"
	case "spoiler":
		return `<span class="spoiler">`
	case textLink, "url", "email":
		return `<a href="` + html.EscapeString(e.URL) + `" target="_blank" rel="noopener noreferrer">`
	case "bot_command":
		return `<a class="command" data-command="` + html.EscapeString(text) + `">`
	}
	return "<" + e.Type + ">" // code, pre, blockquote
}

func (e Entity) closeTag() string {
	switch e.Type {
	case "bold":
		return "</b>"
	case "italic":
		return "</i>"
	case "underline":
		return "</u>"
	case "strikethrough":
		return "</s>"
	case "spoiler":
		return "</span>"
	case textLink, "url", "email", "bot_command":
		return "</a>"
	}
	return "</" + e.Type + ">"
}
