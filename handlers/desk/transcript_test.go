package desk

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"resetpin/bot"
	"resetpin/handlers/talk"
)

var update = flag.Bool("update", false, "write golden files anew")

// transcript keeps all that is shown to employees and officers in one story, in the
// order in which it is shown.
type transcript struct {
	*world
	strings.Builder
}

// at begins a page of the transcript.
func (a *transcript) at(title string) {
	a.told()
	fmt.Fprintf(&a.Builder, "\n════ %s\n", title)
}

// answers shows what somebody is answered.
func (a *transcript) answers(who string, r bot.Reply) {
	if r.Notice != "" {
		fmt.Fprintf(&a.Builder, "── %s, a notice\n%s\n", who, r.Notice)
	}
	for _, m := range r.Messages {
		changed := ""
		if m.Replace {
			changed = ", in place of what was pressed"
		}
		fmt.Fprintf(&a.Builder, "── %s%s\n%s\n", who, changed, strings.TrimSpace(m.Text))
		if m.Contact != nil {
			fmt.Fprintf(&a.Builder, "[%s] [%s] where people type\n", m.Contact.Text, m.Contact.Cancel)
			continue
		}
		for _, row := range m.Buttons {
			for _, b := range row {
				fmt.Fprintf(&a.Builder, "[%s] ", b.Text)
			}
			a.WriteString("\n")
		}
	}
}

// told shows what is said unasked.
func (a *transcript) told() {
	a.db.mu.Lock()
	defer a.db.mu.Unlock()
	for _, s := range a.db.said {
		who := "an employee is told"
		if s.To.Account == a.place {
			who = "officers are told"
			if s.To.Subject != "" {
				who += " in #" + s.To.Subject
			}
		}
		if s.Reply.Thread != "" {
			fmt.Fprintf(&a.Builder, "── the first message of #%s is shown anew (%s)\n", s.To.Subject, s.Reply.Thread)
		}
		a.answers(who, s.Reply)
	}
	a.db.said = nil
}

// employee shows what an employee is answered.
func (a *transcript) employee(run talk.Handler, who bot.Account, u bot.Update) bot.Reply {
	a.t.Helper()
	if u.Kind == "" {
		u.Kind = bot.KindAction
	}
	r := a.do(run, a.by(who, u))
	a.answers("the employee", r)
	return r
}

// officer shows what an officer is answered in the room.
func (a *transcript) officer(who bot.Account, thread string, u bot.Update) {
	a.t.Helper()
	u.Origin = bot.Origin{Chat: a.place.ID, Thread: thread}
	if u.Kind == bot.KindAction {
		u.Called = map[string]string{rina.ID: "rina.k", budi.ID: "budi"}[who.ID]
	}
	a.answers("the officer", a.do(a.room, a.by(who, u)))
	a.told()
}

// head shows the first message of a ticket's thread.
func (a *transcript) head(n string) {
	a.t.Helper()
	h, err := a.Head(a.t.Context(), n)
	if err != nil {
		a.t.Fatal(err)
	}
	a.answers("the first message of «"+h.Title+"»", bot.Reply{Messages: []bot.Message{h.First}})
}

// rest shows the desk's texts that the story did not meet, as the file has
// them.
func (a *transcript) rest() {
	a.told()
	fmt.Fprintf(&a.Builder, "\n════ not met in this story\n")
	shown := unescaped(a.String())
	for _, key := range a.Kernel.Texts.Keys() {
		if text := a.Kernel.Texts.Get(a.lang, key); strings.HasPrefix(key, "desk.") && !strings.Contains(shown, longest(text)) {
			fmt.Fprintf(&a.Builder, "── %s\n%s\n", key, strings.TrimSpace(text))
		}
	}
}

var hole = regexp.MustCompile(`\{[a-z]+\}`)

// longest is the longest part of a text that is the same whatever its values.
func longest(text string) string {
	out := ""
	for _, part := range hole.Split(strings.TrimSpace(text), -1) {
		if len(part) > len(out) {
			out = part
		}
	}
	return unescaped(out)
}

func unescaped(text string) string { return strings.ReplaceAll(text, `\`, "") }

// golden compares the transcript with its file, or writes it anew.
func (a *transcript) golden(name string) {
	a.t.Helper()
	got := codeForm.ReplaceAllString(a.String(), "48 – 15") // the only thing that chance decides
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			a.t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			a.t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != got {
		a.t.Errorf("%s is not what is shown now (%v): read what changed with go test ./handlers/desk -run Album -update and git diff", file, err)
	}
}

// TestTheAlbumOfTheDesk keeps all that employees and officers read of the help
// desk, on each platform and in each language.
func TestTheAlbumOfTheDesk(t *testing.T) {
	for _, room := range []bot.Account{forum, {Platform: bot.Mattermost, ID: "helpdesk"}} {
		for _, lang := range []string{talk.Indonesian, "en"} {
			name := "desk." + lang + "." + room.Platform
			t.Run(name, func(t *testing.T) {
				a := newTranscript(t, room, lang)
				a.anEmployeeAsks()
				a.anOfficerAnswers()
				a.officersAct()
				a.aNumberChanges()
				a.isItReally()
				a.itEnds()
				a.manyWait()
				a.rest()
				a.golden(name)
			})
		}
	}
}
