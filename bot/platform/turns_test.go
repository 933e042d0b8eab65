package platform

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"resetpin/bot"
)

// Those with a lower rank come first, of those who asked who did so just now, and
// of four messages one is for who has waited longest. Of four the strangers leave
// one to those behind them.
func TestTheOrderOfTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewPace(rate.NewLimiter(1, 1))
		of := make(map[chan struct{}]string)
		wait := func(rank bot.Rank, name string, ago time.Duration) {
			c := make(chan struct{})
			of[c] = name
			s.lines[rank] = append(s.lines[rank], turn{c, time.Now().Add(-ago)})
		}
		for i := range 3 {
			wait(bot.RankAsked, fmt.Sprint("old", i), time.Duration(20-i)*time.Second)
		}
		for i := range 4 {
			wait(bot.RankAsked, fmt.Sprint("new", i), time.Second)
		}
		for rank, n := range map[bot.Rank]int{bot.RankStranger: 8, bot.RankUnasked: 2, bot.RankReminder: 2} {
			for i := range n {
				wait(rank, fmt.Sprint("asnr"[rank:rank+1], i), 0)
			}
		}
		var got []string
		for range of {
			got = append(got, of[s.next(s.first()).come])
		}
		if want := "new0 new1 new2 old0 new3 old1 old2 s0 s1 s2 n0 s3 s4 s5 n1 s6 s7 r0 r1"; strings.Join(got, " ") != want {
			t.Errorf("got  %v\nwant %s", got, want)
		}
	})
}

// Who gives up waiting leaves nothing behind, and a turn that came too late for
// one is the next one's.
func TestATurnThatNobodyTakesIsTheNextOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewPace(rate.NewLimiter(rate.Every(time.Hour), 1))
		if _, err := s.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		brief, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := s.Wait(brief); err == nil {
			t.Fatal("there was nothing to have")
		}
		began := time.Now()
		if _, err := s.Wait(bot.WithRank(t.Context(), bot.RankReminder, began)); err != nil || time.Since(began) > time.Hour {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.waiting != 0 {
			t.Errorf("%d wait", s.waiting)
		}
	})
}

// A turn that was given to somebody who has just given up goes to the next at
// once.
func TestATurnGivenTooLateIsTheNextOnesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewPace(rate.NewLimiter(rate.Every(time.Hour), 1))
		if _, err := s.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		late := turn{make(chan struct{}), began}
		s.mu.Lock()
		s.lines[bot.RankAsked], s.waiting = append(s.lines[bot.RankAsked], late), 1
		s.share()
		s.mu.Unlock()
		took := make(chan time.Duration, 1)
		go func() {
			_, _ = s.Wait(bot.WithRank(t.Context(), bot.RankReminder, began))
			took <- time.Since(began)
		}()
		<-late.come
		s.leave(bot.RankAsked, late)
		if got := <-took; got != time.Hour {
			t.Errorf("the next had it after %s", got)
		}
	})
}

// Whoever comes when there is something again, and before it was shared out,
// overtakes nobody who waits.
func TestNobodyIsOvertakenBeforeItIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewPace(rate.NewLimiter(1, 1))
		if _, err := s.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		come := make(chan string, 2)
		goes := func(name string, rank bot.Rank) {
			go func() {
				if _, err := s.Wait(bot.WithRank(ctx, rank, time.Now())); err == nil {
					come <- name
				}
			}()
			synctest.Wait()
		}
		goes("who waits", bot.RankAsked)
		s.mu.Lock()
		s.sharing.Stop() // as if it was late
		s.mu.Unlock()
		time.Sleep(time.Second)
		goes("who comes", bot.RankReminder)
		if first := <-come; first != "who waits" {
			t.Errorf("first comes %s", first)
		}
	})
}

// Of four that may be under way at once strangers have two at most, whatever
// becomes of them, and who gives up waiting keeps none.
func TestStrangersHaveHalfOfTheSlots(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewSlots(4)
		var mu sync.Mutex
		var under []string
		var done []func()
		goes := func(ctx context.Context, name string, rank bot.Rank) {
			go func() {
				end, err := s.Wait(bot.WithRank(ctx, rank, time.Now()))
				if err != nil {
					return
				}
				mu.Lock()
				defer mu.Unlock()
				under, done = append(under, name), append(done, end)
			}()
			synctest.Wait()
		}
		now := func() string {
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			return strings.Join(under, " ")
		}
		end := func(name string) {
			mu.Lock()
			i := slices.Index(under, name)
			f := done[i]
			under, done = slices.Delete(under, i, i+1), slices.Delete(done, i, i+1)
			mu.Unlock()
			f()
			synctest.Wait()
		}
		impatient, give := context.WithCancel(t.Context())
		goes(t.Context(), "s1", bot.RankStranger)
		goes(t.Context(), "n1", bot.RankUnasked)
		goes(impatient, "s2", bot.RankStranger)
		goes(t.Context(), "s3", bot.RankStranger)
		goes(t.Context(), "a1", bot.RankAsked)
		if got := now(); got != "s1 n1 a1" {
			t.Errorf("under way are %s", got)
		}
		give()
		end("n1")
		goes(t.Context(), "a2", bot.RankAsked)
		if got := now(); got != "s1 a1 s3 a2" {
			t.Errorf("then under way are %s", got)
		}
		for _, name := range strings.Fields(now()) {
			end(name)
		}
		if one := s.budget.(*slots); one.free != 4 || one.low != 2 {
			t.Errorf("in the end %+v are free", one)
		}
	})
}
