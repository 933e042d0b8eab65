package telegramtest

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
)

// trim takes white space off both ends, as Telegram does with every text, and
// moves the entities along.
func trim(text string, entities []entity) (string, []entity) {
	left := strings.TrimLeft(text, " \t\r\n")
	cut := length16(text) - length16(left)
	text = strings.TrimRight(left, " \t\r\n")
	size := length16(text)
	var kept []entity
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
	commandForm = regexp.MustCompile(`(?:^|[\s(])(/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)\b`)
	linkForm    = regexp.MustCompile(`(?i)\b(?:https?://[^\s<>"]*[^\s<>".,;:!?)'\]]|[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}|(?:[a-z0-9-]+\.)+(?:id|com|org|net|me)(?:/[^\s<>"]*[^\s<>".,;:!?)'\]])?)`)
)

// commandEntities finds the commands in what a person typed.
func commandEntities(text string) []entity {
	var found []entity
	for _, at := range commandForm.FindAllStringSubmatchIndex(text, -1) {
		found = append(found, entity{Type: "bot_command", Offset: length16(text[:at[2]]), Length: length16(text[at[2]:at[3]])})
	}
	return found
}

// autoEntities finds what Telegram's apps make clickable by themselves:
// links, mail addresses and commands, outside of other links and code.
func autoEntities(text string, given []entity) []entity {
	all := slices.Clone(given)
	add := func(e entity) {
		for _, g := range all {
			inside := e.Offset < g.Offset+g.Length && g.Offset < e.Offset+e.Length
			if inside && (g.Type == "text_link" || g.Type == "code" || g.Type == "pre" || g.Type == "url" || g.Type == "email" || g.Type == "bot_command") {
				return
			}
		}
		all = append(all, e)
	}
	for _, at := range linkForm.FindAllStringIndex(text, -1) {
		word := text[at[0]:at[1]]
		e := entity{Type: "url", URL: word, Offset: length16(text[:at[0]]), Length: length16(word)}
		switch {
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

// displayHTML gives a text as safe HTML. Line breaks stay line breaks (the
// page shows them with white-space: pre-wrap).
func displayHTML(text string, given []entity) string {
	units := utf16.Encode([]rune(text))
	all := autoEntities(text, given)
	cuts := []int{0, len(units)}
	for _, e := range all {
		cuts = append(cuts, e.Offset, e.Offset+e.Length)
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var b strings.Builder
	var open []entity
	for i, at := range cuts {
		keep := 0
		for keep < len(open) && open[keep].Offset+open[keep].Length > at {
			keep++
		}
		for _, e := range slices.Backward(open[keep:]) {
			b.WriteString(e.closeTag())
		}
		again := slices.DeleteFunc(slices.Clone(open[keep:]), func(e entity) bool { return e.Offset+e.Length <= at })
		open = open[:keep:keep]
		starting := slices.DeleteFunc(slices.Clone(all), func(e entity) bool { return e.Offset != at || e.Length == 0 })
		slices.SortStableFunc(starting, func(a, b entity) int { return b.Length - a.Length })
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

func (e entity) openTag(text string) string {
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
	case "text_link", "url", "email":
		return `<a href="` + html.EscapeString(e.URL) + `" target="_blank" rel="noopener noreferrer">`
	case "bot_command":
		return `<a class="command" data-command="` + html.EscapeString(text) + `">`
	}
	return "<" + e.Type + ">" // code, pre, blockquote
}

func (e entity) closeTag() string {
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
	case "text_link", "url", "email", "bot_command":
		return "</a>"
	}
	return "</" + e.Type + ">"
}
