package preview

import (
	"bytes"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"

	"resetpin/bot"
	"resetpin/bot/mattermost"
	"resetpin/bot/telegram"
	"resetpin/guides"
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
)

// platforms are those whose looks are shown.
func platforms() []string { return []string{bot.Telegram, bot.Mattermost} }

// step is a position of a guide in all the situations that are asked for.
type step struct {
	At       string
	Variants []variant
}

// variant is a position in one situation.
type variant struct {
	Name  string // of the situation
	Looks []look
}

// look is a page on one platform in one language.
type look struct {
	Platform, Lang string
	HTML           template.HTML
	Picture, Alt   string
	Buttons        [][]bot.Button
	Count, Limit   int
}

// Over tells whether the text is longer than the platform takes.
func (l look) Over() bool { return l.Count > l.Limit }

// filter is what of a guide is shown.
type filter struct {
	all            bool   // every situation in which a position looks different
	platform, lang string // only this one; empty: all
}

// same tells whether a situation has the chosen value; nothing chosen, and what
// a situation does not depend on, fit all.
func same(chosen, in string) bool { return chosen == "" || in == "" || chosen == in }

// leaves tells whether a look on a platform in a language is shown.
func (f filter) leaves(platform, lang string) bool {
	return (f.platform == "" || f.platform == platform) && (f.lang == "" || f.lang == lang)
}

// steps renders every position of a guide: for the situation, or for all in
// which it looks different.
func steps(t *talk.Texts, g *guides.Guide, one guides.Situation, shown filter) ([]step, error) {
	var out []step
	for _, at := range g.Positions() {
		situations := []guides.Situation{one}
		if shown.all {
			situations = slices.Collect(g.Situations(at, talk.Indonesian))
		}
		s := step{At: at}
		for _, in := range situations {
			if shown.all && (!same(one.Browser, in.Browser) || !same(one.Verdict, in.Verdict)) {
				continue
			}
			v := variant{Name: name(in)}
			for _, platform := range platforms() {
				if in.Platform != "" && in.Platform != platform && in.Platform != "unknown" {
					continue
				}
				for _, lang := range t.Languages() {
					if !shown.leaves(platform, lang) {
						continue
					}
					l, err := render(t, g, at, lang, platform, in)
					if err != nil {
						return nil, err
					}
					v.Looks = append(v.Looks, l)
				}
			}
			if len(v.Looks) > 0 {
				s.Variants = append(s.Variants, v)
			}
		}
		if len(s.Variants) > 0 {
			out = append(out, s)
		}
	}
	return out, nil
}

// render gives one look. Placeholders hold examples.
func render(t *talk.Texts, g *guides.Guide, at, lang, platform string, s guides.Situation) (look, error) {
	s.Language, s.Platform, s.Vars = lang, platform, guides.Examples()
	view, err := g.View(at, s)
	if err != nil {
		return look{}, err
	}
	m := pages.Page(t, lang, view, func(c guides.Choice) bot.Button { return bot.Button{Text: c.Label} })
	l := look{Platform: platform, Lang: lang, Buttons: m.Buttons}
	if m.Picture != nil {
		l.Picture, l.Alt = m.Picture.Name, m.Picture.Alt
	}
	if platform == bot.Telegram {
		l.HTML = template.HTML(telegram.Format(m.Text).HTML()) //nolint:gosec // the adapter escapes all that is no mark of its own
		l.Count, l.Limit = telegram.Length(m.Text), telegram.MaxText
		if m.Picture != nil {
			l.Limit = telegram.MaxCaption
		}
		return l, nil
	}
	text := mattermost.Markdown(m.Text)
	var b bytes.Buffer
	// Without the option WithUnsafe raw HTML and dangerous links are left out.
	if err := goldmark.New(goldmark.WithExtensions(extension.Strikethrough), goldmark.WithRendererOptions(html.WithHardWraps())).Convert([]byte(text), &b); err != nil {
		return look{}, fmt.Errorf("render %s: %w", at, err)
	}
	l.HTML = template.HTML(b.String()) //nolint:gosec // see above
	l.Count, l.Limit = utf8.RuneCountInString(text), mattermost.MaxMessage
	return l, nil
}

// name says for whom a situation is.
func name(s guides.Situation) string {
	parts := s.Told()
	if len(parts) == 0 {
		return "the same for everybody"
	}
	return strings.Join(parts, " · ")
}
