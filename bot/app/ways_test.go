package app_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"resetpin/guides/guidestest"
)

// Ways to the new PIN as people walk them: each is told from what the person
// sees, and counted. TestWays prints the table with -v.

// toll is what a way costs the person who goes it.
type toll struct {
	presses, typed int
	screens        int // messages that came or changed
	repeated       int // of these, with words that had been seen before
	misfit         int // answers that fit nothing
}

// traveller is a person whose steps are counted.
type traveller struct {
	person
	t *testing.T
	toll

	browser string // the button that is pressed when the bot asks for it

	wrote bool              // words, and not a press, are what is answered
	last  map[string]string // what each message said when last looked at
	known map[string]bool   // words that were seen
}

func travels(t *testing.T, p person) *traveller {
	return &traveller{person: p, t: t, browser: "Chrome di HP Android", last: make(map[string]string), known: make(map[string]bool)}
}

var (
	clockTimes = regexp.MustCompile(`\d{1,2}\.\d{2}`)
	misfits    = []string{"belum mengerti", "belum menangkap", "did not understand", "do not understand yet", "Yang bisa saya bantu", "What I can help with"}
)

// glance counts what came or changed since the last one.
func (v *traveller) glance() {
	for _, l := range v.Chat() {
		if !l.Bot || v.last[l.ID] == l.Text || strings.Contains(l.Text, "⏳") {
			continue
		}
		v.last[l.ID] = l.Text
		v.screens++
		words := clockTimes.ReplaceAllString(l.Text, "hh.mm")
		if v.known[words] {
			v.repeated++
		}
		v.known[words] = true
		if v.wrote && slices.ContainsFunc(misfits, func(m string) bool { return strings.Contains(l.Text, m) }) {
			v.misfit++
		}
	}
}

// answers tells whether a line is one that a way goes on from: no word of
// waiting, and no old step that lost its buttons.
func answers(l line) bool {
	return l.Bot && !strings.Contains(l.Text, "⏳") && (len(l.Buttons) > 0 || !strings.Contains(l.Text, "Langkah "))
}

// await waits for a message with one of the words, the first of them that is
// there; none: for any.
func (v *traveller) await(words []string) line {
	v.t.Helper()
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		news := v.News()
		for _, w := range words {
			for _, l := range slices.Backward(news) {
				if answers(l) && strings.Contains(l.Text, w) {
					v.glance()
					return l
				}
			}
		}
		if len(words) == 0 && slices.ContainsFunc(news, answers) {
			v.glance()
			return line{}
		}
	}
	v.t.Fatalf("waited for one of %q; the chat ends with\n%s", words, show(v))
	return line{}
}

// types sends words and waits for a message with one of the answers.
func (v *traveller) types(text string, answers ...string) line {
	v.t.Helper()
	v.typed++
	v.glance()
	v.wrote = true
	v.Types(text)
	return v.await(answers)
}

// presses presses a button and waits for a message with one of the answers.
// Of several labels, with | between them, the one that stands lowest is meant.
func (v *traveller) presses(labels string, answers ...string) line {
	v.t.Helper()
	v.toll.presses++
	v.glance()
	v.wrote = false
	label, _, _ := strings.Cut(labels, "|")
	for _, l := range v.Chat() {
		for one := range strings.SplitSeq(labels, "|") {
			if slices.Contains(l.Buttons, one) {
				label = one
			}
		}
	}
	v.Presses(label)
	return v.await(answers)
}

// identified gives the NIP and the code.
func (v *traveller) identified(w *world, status string) {
	v.t.Helper()
	e := sample(v.t, status)
	v.types(e.NIP, "kode", "Kode")
	v.types(w.code(e.Email, 1), "Berhasil")
}

// besides is how many presses the shortest way takes beside one a step: Start,
// Reset PIN, the yes to the question, and the browser.
const besides = 4

// way is one of the ways, and whether its end was reached.
type way struct {
	name string
	goes func(v *traveller, w *world) (reached bool)
}

func TestWays(t *testing.T) {
	var mu sync.Mutex
	rows := make(map[string]string)
	for _, way := range ways() {
		t.Run(way.name, func(t *testing.T) {
			for name, on := range platforms() {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					w, p := on(t)
					v := travels(t, p)
					reached := way.goes(v, w)
					v.glance()
					if !reached {
						t.Errorf("the end was not reached\n%s", show(p))
					}
					if most := guidestest.Steps(t, "reset") + besides; way.name == "shortest" && v.toll.presses > most {
						t.Errorf("the shortest way takes %d presses, at most %d", v.toll.presses, most)
					}
					if v.misfit > 0 {
						t.Errorf("%d answers fit nothing", v.misfit)
					}
					mu.Lock()
					defer mu.Unlock()
					rows[way.name+" "+name] = fmt.Sprintf("%-14s %-11s end %-5v presses %2d typed %2d screens %2d same %2d misfit %2d",
						way.name, name, reached, v.toll.presses, v.typed, v.screens, v.repeated, v.misfit)
				})
			}
		})
	}
	for _, way := range ways() {
		for name := range platforms() {
			t.Log(rows[way.name+" "+name])
		}
	}
}
