package app_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"resetpin/bot/telegram/telegramtest"
	"resetpin/guides/guidestest"
)

// person is an employee at their chat, on whatever platform. The stories are
// written in these words.
type person interface {
	// Types sends words and gives the message's id.
	Types(text string) (id string)
	// Presses presses the newest button with this label.
	Presses(label string)
	// PressesOld presses a button of the message that had this id.
	PressesOld(id, label string)
	// News gives what came or changed since the person last did something.
	News() []line
	// Chat gives what the chat shows, the oldest first.
	Chat() []line
	// Toasts gives the short notices at buttons so far.
	Toasts() []string
}

// line is a message as the chat shows it now; deleted ones are not shown.
type line struct {
	ID      string
	Bot     bool
	Text    string
	Buttons []string
	URLs    []string
}

// sees waits until the bot answered what the person last did with a message
// that holds all the words.
func sees(t *testing.T, p person, words ...string) line {
	t.Helper()
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		for _, l := range p.News() {
			if l.Bot && holdsAll(l.Text, words) {
				return l
			}
		}
	}
	t.Fatalf("waited for %q; the chat ends with\n%s", words, show(p))
	return line{}
}

// latest is what a glance at the chat shows.
func latest(p person) []line {
	chat := p.Chat()
	return chat[max(0, len(chat)-4):]
}

func holdsAll(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

func show(p person) string {
	var b strings.Builder
	for _, l := range latest(p) {
		who := "person"
		if l.Bot {
			who = "bot"
		}
		b.WriteString(who + ": " + l.Text + "\n   " + strings.Join(l.Buttons, " | ") + "\n")
	}
	b.WriteString("and said in passing: " + strings.Join(p.Toasts(), " | "))
	return b.String()
}

// step is the line above a step of the reset's guide.
func step(t *testing.T, id string) string {
	t.Helper()
	return guidestest.Progress(t, "reset", id)
}

// walksTo presses what leads on until a step is shown.
func walksTo(t *testing.T, p person, id string) line {
	t.Helper()
	newest := func() line {
		for _, l := range slices.Backward(p.Chat()) {
			if l.Bot && len(l.Buttons) > 0 && (strings.Contains(l.Text, "Langkah ") || strings.Contains(l.Text, "Browser apa")) {
				return l
			}
		}
		return line{}
	}
	eventually(t, "a step", func() bool { return newest().Text != "" })
	for range 20 {
		l := newest()
		if strings.Contains(l.Text, step(t, id)) {
			return l
		}
		p.Presses(l.Buttons[0])
		eventually(t, "what "+l.Buttons[0]+" leads to", func() bool { return newest().Text != "" && newest().Text != l.Text })
	}
	t.Fatalf("never came to %s; the chat ends with\n%s", id, show(p))
	return line{}
}

// passing is what a person who presses nothing types at what stands between
// two steps that a story is about.
type passing struct{ step, on, question, browser string }

func inIndonesian() passing {
	return passing{"Langkah %d dari %d", "lanjut", whichBrowser, "chrome di hp samsung"}
}

func inEnglish() passing {
	return passing{"Step %d of %d", "next", "Which browser do you use", "i use firefox"}
}

// comesTo waits for a step of the reset's guide after what was typed at
// another, and goes on past those that stand between.
func (s passing) comesTo(t *testing.T, p person, from, to string) {
	t.Helper()
	at, end, steps := guidestest.Place(t, "reset", from), guidestest.Place(t, "reset", to), guidestest.Steps(t, "reset")
	for at++; ; at++ {
		want := fmt.Sprintf(s.step, at, steps)
		var asked, there bool
		eventually(t, want, func() bool {
			for _, l := range p.News() {
				asked, there = asked || strings.Contains(l.Text, s.question), there || strings.Contains(l.Text, want)
			}
			return asked || there
		})
		if !there {
			p.Types(s.browser)
			sees(t, p, want)
		}
		if at == end {
			return
		}
		p.Types(s.on)
	}
}

// offers fails when a message lacks one of the buttons.
func offers(t *testing.T, l line, labels ...string) {
	t.Helper()
	for _, want := range labels {
		found := false
		for _, have := range l.Buttons {
			found = found || have == want
		}
		if !found {
			t.Errorf("no button %q at %q, only %q", want, l.Text, l.Buttons)
		}
	}
}

// onTelegram is a person with the pretend Telegram.
type onTelegram struct {
	t *testing.T
	s *telegramtest.Server
	p *telegramtest.Person

	before map[string]string // what the chat showed when the person last did something

	mu     sync.Mutex
	toasts []string
}

func (w *world) telegramPerson(id int64) person {
	o := &onTelegram{t: w.t, s: w.telegram, p: w.telegram.User(id, "Pegawai", "id")}
	changes, cancel := w.telegram.Subscribe()
	w.t.Cleanup(cancel)
	go o.collect(changes)
	return o
}

// look notes what the chat shows, for News.
func (o *onTelegram) look() {
	o.before = make(map[string]string)
	for _, l := range o.Chat() {
		o.before[l.ID] = l.Text + strings.Join(l.Buttons, "|")
	}
}

func (o *onTelegram) News() []line {
	return slices.DeleteFunc(o.Chat(), func(l line) bool {
		old, was := o.before[l.ID]
		return was && old == l.Text+strings.Join(l.Buttons, "|")
	})
}

func (o *onTelegram) Types(text string) string {
	o.look()
	return strconv.Itoa(o.p.Type(text))
}

func (o *onTelegram) Presses(label string) {
	o.t.Helper()
	var err error
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		all := o.s.Messages(o.p.Chat())
		for i := len(all) - 1; i >= 0; i-- {
			if all[i].Deleted || !has(all[i].Buttons, label) {
				continue
			}
			o.look()
			if _, _, err = o.p.Press(all[i].ID, label); err == nil {
				return
			}
		}
	}
	o.t.Fatalf("no button %q (%v); the chat ends with\n%s", label, err, show(o))
}

func (o *onTelegram) PressesOld(id, label string) {
	o.t.Helper()
	n, err := strconv.Atoi(id)
	if err != nil {
		o.t.Fatal(err)
	}
	o.look()
	if _, _, err := o.p.Press(n, label); err != nil {
		o.t.Fatal(err)
	}
}

func (o *onTelegram) Chat() []line {
	var out []line
	for _, m := range o.s.Messages(o.p.Chat()) {
		if m.Deleted {
			continue
		}
		l := line{ID: strconv.Itoa(m.ID), Bot: m.Bot, Text: m.Text}
		for _, row := range m.Buttons {
			for _, b := range row {
				l.Buttons = append(l.Buttons, b.Text)
				l.URLs = append(l.URLs, b.URL)
			}
		}
		out = append(out, l)
	}
	return out
}

func (o *onTelegram) Toasts() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.toasts)
}

// collect keeps the toasts of the chat; the pretend Telegram, like the real
// one, shows them and forgets them.
func (o *onTelegram) collect(changes <-chan telegramtest.Change) {
	for c := range changes {
		if c.Kind == telegramtest.ChangeToast && c.Toast.Chat == o.p.Chat() {
			o.mu.Lock()
			o.toasts = append(o.toasts, c.Toast.Text)
			o.mu.Unlock()
		}
	}
}

func has(rows [][]telegramtest.Button, label string) bool {
	for _, row := range rows {
		for _, b := range row {
			if b.Text == label {
				return true
			}
		}
	}
	return false
}
