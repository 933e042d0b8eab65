package app_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// crowd is some people who write at once.
type crowd struct {
	t      *testing.T
	people []person
}

// crowd lets four newcomers type all commands at once.
func (w *world) crowd(first int64) *crowd {
	c := &crowd{t: w.t}
	for n := range int64(4) {
		c.people = append(c.people, w.telegramPerson(first+n))
	}
	c.typesAll(func(command string) string { return command })
	return c
}

// typesAll lets everybody type all commands, in whatever words.
func (c *crowd) typesAll(in func(command string) string) {
	for command := range asked {
		for _, p := range c.people {
			p.Types(in(command))
		}
	}
}

// answered waits until each of them has an answer to each command.
func (c *crowd) answered() {
	c.t.Helper()
	eventually(c.t, "an answer to each command of everybody", c.has)
}

// has tells whether each of them has an answer to each command.
func (c *crowd) has() bool {
	for _, p := range c.people {
		chat := p.Chat()
		for _, words := range asked {
			if countSaid(chat, words) == 0 {
				return false
			}
		}
	}
	return true
}

// count gives how many answers all of them have.
func (c *crowd) count() (n int) {
	for _, p := range c.people {
		chat := p.Chat()
		for _, words := range asked {
			n += countSaid(chat, words)
		}
	}
	return n
}

func countSaid(chat []line, words string) (n int) {
	for _, l := range chat {
		if l.Bot && strings.Contains(l.Text, words) {
			n++
		}
	}
	return n
}

// fates sums up what became of people in all worlds of one kind.
type fates struct {
	mu                      sync.Mutex
	kills, answers, doubled int
	ends                    map[string]int // of the resets, in words
	longest                 time.Duration  // that somebody waited beyond the restart
}

func (f *fates) add(kills int, end string, took time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kills += kills
	f.ends[end]++
	f.longest = max(f.longest, took)
}

func (f *fates) answered(n, doubled int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answers += n
	f.doubled += doubled
}

func (f *fates) String() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return fmt.Sprintf("%d kills: 0 of %d answers lost, %d there twice; at most %v after the restart; how the resets ended: %v",
		f.kills, f.answers-f.doubled, f.doubled, f.longest.Round(time.Millisecond), f.ends)
}
