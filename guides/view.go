package guides

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// View gives the page at a position for a situation. It fails when the guide
// has no such page, or a placeholder has no value.
func (g *Guide) View(at string, s Situation) (View, error) {
	step, beside := position(at)
	id := step
	if beside != "" && beside != menu {
		id = beside
	}
	choices, ok := g.choices(at, s.Language)
	p := g.page(id, s.Language)
	if !ok || p == nil {
		return View{}, fmt.Errorf("guide %s has no page %q", g.name, at)
	}
	v := View{Title: p.front.Title, Choices: choices, Index: slices.Index(g.steps, step) + 1, Total: len(g.steps)}
	if v.Index == 0 {
		v.Total = 0
	}
	if beside == menu {
		v.Title, v.Body = g.labels[s.Language]["problem"], g.labels[s.Language]["problems"]
		return v, nil
	}
	v.Picture, v.Varies = p.picture, varies(p.body)
	body, err := fill(choose(p.body, s), s.Vars)
	if err != nil {
		return View{}, fmt.Errorf("guide %s, page %s: %w", g.name, id, err)
	}
	v.Body = body
	return v, nil
}

// varies names the keys of a page's blocks.
func varies(body string) []string {
	var out []string
	for line := range strings.SplitSeq(body, "\n") {
		rest, ok := strings.CutPrefix(strings.TrimSpace(line), ":::")
		if words := strings.Fields(rest); ok && len(words) > 0 && !slices.Contains(out, words[0]) {
			out = append(out, words[0])
		}
	}
	slices.Sort(out)
	return out
}

// choose keeps the blocks that hold in a situation.
func choose(body string, s Situation) string {
	if !strings.Contains(body, ":::") {
		return body
	}
	var out []string
	keep := true
	for line := range strings.SplitSeq(body, "\n") {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), ":::"); ok {
			keep = holds(strings.Fields(rest), s)
			continue
		}
		if keep {
			out = append(out, line)
		}
	}
	return strings.TrimSpace(manyBlank.ReplaceAllString(strings.Join(out, "\n"), "\n\n"))
}

var manyBlank = regexp.MustCompile(`\n{3,}`)

// holds judges a block's words: the key and the values it holds for. The end
// of a block has no words, and what follows holds for everybody.
func holds(words []string, s Situation) bool {
	if len(words) == 0 {
		return true
	}
	value := map[string]string{"browser": s.Browser, "platform": s.Platform, "verdict": s.Verdict}[words[0]]
	if value == "" {
		value = "unknown"
	}
	return slices.Contains(words[1:], value)
}

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// fill puts values in, escaped: they are data. Inside `code` nothing is
// escaped, since nothing is Markdown there.
func fill(body string, vars map[string]string) (string, error) {
	var missing error
	inCode := func(at int) bool { return strings.Count(body[:at], "`")%2 == 1 }
	var b strings.Builder
	last := 0
	for _, m := range placeholder.FindAllStringIndex(body, -1) {
		value, ok := vars[body[m[0]+1:m[1]-1]]
		if !ok {
			missing = fmt.Errorf("placeholder %s has no value", body[m[0]:m[1]])
			continue
		}
		b.WriteString(body[last:m[0]])
		if inCode(m[0]) {
			b.WriteString(strings.ReplaceAll(value, "`", "'"))
		} else {
			b.WriteString(markdown.Replace(value))
		}
		last = m[1]
	}
	b.WriteString(body[last:])
	return b.String(), missing
}

// markdown escapes what would be markup.
var markdown = strings.NewReplacer("\\", "\\\\", "`", "\\`", "*", "\\*", "_", "\\_", "[", "\\[", "]", "\\]", "<", "\\<", ">", "\\>", "\n", " ")
