package cli

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"resetpin/bot/settings"
	"resetpin/guides"
	"resetpin/handlers"
	"resetpin/handlers/talk"
)

//go:embed texts
var reportTexts embed.FS

// reportWords are the report's words in one language: its own, and the names of
// what the audit trail knows by an id, as the bot's chats and guides have them.
type reportWords struct {
	lang    string
	own     map[string]string
	chat    *talk.Texts
	library *guides.Library
}

// readReportWords gives the words in the language that was asked for; when none
// was, in DEFAULT_LANGUAGE, or in Indonesian when there are none in that.
func readReportWords(asked string, s settings.Settings) (reportWords, error) {
	w := reportWords{lang: cmp.Or(asked, s.DefaultLanguage)}
	texts, err := fs.Sub(reportTexts, "texts")
	if err != nil {
		return w, err
	}
	all, err := talk.LanguagesOf(texts)
	if err != nil {
		return w, err
	}
	if !slices.Contains(all, w.lang) {
		if asked != "" {
			return w, UsageError{fmt.Errorf("--lang %q: want %s", asked, strings.Join(all, " or "))}
		}
		w.lang = talk.Indonesian
	}
	data, err := fs.ReadFile(texts, w.lang+".yaml")
	if err != nil {
		return w, err
	}
	if err := yaml.Unmarshal(data, &w.own); err != nil {
		return w, fmt.Errorf("read the report's texts: %w", err)
	}
	if w.chat, err = handlers.LoadTexts(); err != nil {
		return w, err
	}
	w.library, err = readLibrary(s.GuidesDir)
	return w, err
}

// readLibrary gives the guides that are served: those of a folder with mistakes
// are not.
func readLibrary(dir string) (*guides.Library, error) {
	if dir != "" {
		if l, err := guides.Load(guides.Overlay(guides.Builtin(), os.DirFS(dir))); err == nil {
			return l, nil
		}
	}
	return guides.Load(guides.Builtin())
}

// place names where somebody was: a place of the conversation, a step of the
// reset ("mail", "step:mail"), another guide's ("phone/start"), or a page about
// a problem ("reset/mail+nomail").
func (w reportWords) place(id string) string {
	if text, ok := w.own["place."+id]; ok {
		return text
	}
	guide, at, elsewhere := strings.Cut(id, "/")
	if !elsewhere {
		guide, at = talk.ResetGuide, strings.TrimPrefix(id, "step:")
	}
	g, ok := w.library.Guide(guide)
	if !ok {
		return w.own["gone"]
	}
	title, ok := g.Heading(at, w.lang)
	if !ok {
		return w.own["gone"]
	}
	if guide != talk.ResetGuide {
		title = w.library.Title(guide, w.lang) + ": " + title
	}
	return title
}

// status names a certificate's status as the chat does.
func (w reportWords) status(id string) string {
	return w.named("status.name."+id, "status.other")
}

// system names what was wrong for everybody as the chat does.
func (w reportWords) system(id string) string {
	return w.named("notice.system."+id, "gone")
}

func (w reportWords) named(key, other string) string {
	if w.chat.Has(key) {
		return w.chat.Get(w.lang, key)
	}
	return w.own[other]
}
