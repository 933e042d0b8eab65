package mattermost_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/bot/mattermost"
	"resetpin/bot/mattermost/mattermosttest"
)

// listings counts how often the direct messages were listed, which a resumed
// connection does not need.
func (w *world) listings() int {
	n := 0
	for _, c := range w.mm.Calls() {
		if strings.Contains(c.Path, "/channels?last_delete_at") {
			n++
		}
	}
	return n
}

func TestACutConnectionIsResumed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.listens()
	w.types("1")
	w.hears(1)
	before := w.listings()
	w.mm.Break(mattermosttest.Fault{Path: "/websocket", Times: 3, Code: http.StatusBadGateway})
	w.mm.CutSockets()
	w.types("2")
	w.types("3")
	w.hears(3)
	w.types("4")
	w.hears(4)
	if got := w.heard(); got != "1,2,3,4" || w.listings() != before {
		t.Errorf("heard %s, listed %d times more", got, w.listings()-before)
	}
}

func TestARestartedServerIsCaughtUpWith(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.listens()
	w.types("1")
	w.hears(1)
	w.mm.Down()
	w.types("2") // as one who reached another node
	if err := w.bot.Ready(w.ctx()); err != nil {
		w.until("readiness lost", func() bool { return w.bot.Ready(w.ctx()) != nil })
	}
	gone := w.types("deleted")
	if err := w.sari.Delete(gone); err != nil {
		t.Fatal(err)
	}
	if err := w.mm.Up(); err != nil {
		t.Fatal(err)
	}
	w.hears(2)
	w.types("3")
	w.hears(3)
	if got := w.heard(); got != "1,2,3" {
		t.Errorf("heard %s", got)
	}
}

// TestARestartedBotCatchesUp: what was written while it was away is heard
// once, and what was written before it first ran never.
func TestARestartedBotCatchesUp(t *testing.T) {
	t.Parallel()
	now := time.Now().Add(-time.Hour)
	var mu sync.Mutex
	w := newWorld(t, func(_ *mattermost.Config, o *mattermosttest.Options) {
		o.Now = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	})
	w.types("long ago")
	set := func(at time.Time) { mu.Lock(); now = at; mu.Unlock() }
	set(time.Now())
	stop := w.listens()
	w.types("1")
	w.hears(1)
	stop()
	w.types("2")
	w.types("3")
	w.mm.Break(mattermosttest.Fault{Method: http.MethodGet, Path: "/posts", Times: 2, Code: http.StatusInternalServerError})
	w.listens()
	w.hears(3)
	if got := w.heard(); got != "1,2,3" {
		t.Errorf("heard %s", got)
	}
}

// TestAnEditWhileTheBotWasAway: of a post that it had heard just before.
func TestAnEditWhileTheBotWasAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stop := w.listens()
	id := w.types("1")
	w.hears(1)
	stop()
	if err := w.sari.Edit(id, "1 rahasia"); err != nil {
		t.Fatal(err)
	}
	w.listens()
	got := w.hears(2)
	if len(got) != 2 || got[1].Kind != bot.KindEdited || got[1].Text != "1 rahasia" {
		t.Errorf("heard %+v", got)
	}
}

// TestAnOldPostIsEditedWhileTheBotWasAway: a PIN may be put into what was said
// some time ago, and a channel's last post does not tell of that.
func TestAnOldPostIsEditedWhileTheBotWasAway(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	now := time.Now().Add(-40 * time.Minute)
	later := func(d time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(d)
	}
	w := newWorld(t, func(c *mattermost.Config, o *mattermosttest.Options) {
		o.Now = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	})
	stop := w.listens()
	id := w.types("1")
	w.hears(1)
	stop()
	later(40 * time.Minute)
	if err := w.marks.Put(t.Context(), "read", strconv.FormatInt(now.UnixMilli(), 10)); err != nil { // as the next pong would have
		t.Fatal(err)
	}
	later(20 * time.Second)
	if err := w.sari.Edit(id, "1 rahasia"); err != nil {
		t.Fatal(err)
	}
	w.listens()
	got := w.hears(2)
	if len(got) != 2 || got[1].Kind != bot.KindEdited || got[1].Text != "1 rahasia" {
		t.Errorf("heard %+v", got)
	}
	w.engine.set(func(e *engine) { // after a week the inbox would take it for a new one
		if n := e.seen[got[0].ID]; n != 1 {
			t.Errorf("what was said then was handed over %d times", n)
		}
	})
}

// TestTheBotsClockIsWrong: the mark is of the server's clock alone.
func TestTheBotsClockIsWrong(t *testing.T) {
	t.Parallel()
	for name, skew := range map[string]time.Duration{"fast": time.Hour, "slow": -time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := time.Now()
			var mu sync.Mutex
			w := newWorld(t, func(c *mattermost.Config, o *mattermosttest.Options) {
				o.Now = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
				c.Now = func() time.Time { return time.Now().Add(skew) }
				c.Timing.Ping = time.Minute // no second pong
			})
			mu.Lock()
			now = time.Now().Add(-time.Minute)
			mu.Unlock()
			w.types("before")
			mu.Lock()
			now = time.Now()
			mu.Unlock()
			stop := w.listens()
			stop()
			w.types("away")
			w.listens()
			w.hears(1)
			if got := w.heard(); got != "away" {
				t.Errorf("heard %s", got)
			}
		})
	}
}

// TestTheMarkStaysWhileSomethingIsMissing: a direct message that cannot be
// read now is read later.
func TestTheMarkStaysWhileSomethingIsMissing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.listens()()
	kept := w.marks.kept["read"]
	w.types("1")
	w.mm.Break(mattermosttest.Fault{Method: http.MethodGet, Path: "/posts", Code: http.StatusBadGateway, HTML: true})
	stop := w.run()
	w.until("not ready while messages are missing", func() bool { return w.bot.Ready(w.ctx()) != nil })
	stop()
	if now := w.marks.kept["read"]; now != kept || kept == "" {
		t.Errorf("the mark moved from %q to %q", kept, now)
	}
	w.mm.Heal()
	w.listens()
	w.hears(1)
}

func TestADatabaseThatIsDownLosesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.listens()
	w.engine.set(func(e *engine) { e.refuse = 4 })
	for i := range 5 {
		w.types(strconv.Itoa(i))
	}
	w.hears(5)
	if got := w.heard(); got != "0,1,2,3,4" {
		t.Errorf("heard %s", got)
	}
}

func TestARevokedTokenIsNoticed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.listens()
	w.mm.Revoke(w.secret)
	w.until("the token's refusal", func() bool {
		err := w.bot.Ready(w.ctx())
		return err != nil && strings.Contains(err.Error(), "MATTERMOST_BOT_TOKEN")
	})
	w.types("1")
	time.Sleep(100 * time.Millisecond)
	if n := len(w.engine.updates()); n != 0 {
		t.Errorf("heard %d", n)
	}
}

// TestARefusedCallTellsOfTheToken: a websocket may stay open and silent.
func TestARefusedCallTellsOfTheToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *mattermost.Config, _ *mattermosttest.Options) { c.Timing.Ping = time.Minute })
	w.listens()
	w.mm.Revoke(w.secret)
	if err := w.bot.Deliver(w.ctx(), w.to(), say("x")); err == nil {
		t.Error("written with a revoked token")
	}
	if err := w.bot.Ready(w.ctx()); err == nil || !strings.Contains(err.Error(), "MATTERMOST_BOT_TOKEN") {
		t.Errorf("ready: %v", err)
	}
}

func TestTheServerIsDownAtTheStart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.mm.Down()
	w.run()
	time.Sleep(100 * time.Millisecond)
	if err := w.bot.Ready(w.ctx()); err == nil {
		t.Error("ready without a server")
	}
	if err := w.mm.Up(); err != nil {
		t.Fatal(err)
	}
	w.until("connected", func() bool { return w.bot.Ready(w.ctx()) == nil })
	w.types("1")
	w.hears(1)
}

// TestASilentServer: one that greets nobody, and one that falls silent later,
// are left and tried anew.
func TestASilentServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *mattermost.Config, _ *mattermosttest.Options) {
		c.Timing.Hello, c.Timing.Pong = 50*time.Millisecond, 60*time.Millisecond
	})
	w.mm.Freeze()
	w.run()
	time.Sleep(200 * time.Millisecond)
	if err := w.bot.Ready(w.ctx()); err == nil {
		t.Error("ready without a greeting")
	}
	w.mm.Heal()
	w.until("connected", func() bool { return w.bot.Ready(w.ctx()) == nil })
	w.mm.Freeze()
	w.types("1")
	w.until("silence noticed", func() bool { return w.bot.Ready(w.ctx()) != nil })
	w.mm.Heal()
	w.hears(1)
}

func TestServersInTroubleAreWaitedFor(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]mattermosttest.Fault{
		"busy": {Code: http.StatusTooManyRequests, Times: 2}, "broken": {Code: http.StatusInternalServerError, Times: 3},
		"proxy": {Code: http.StatusBadGateway, HTML: true, Times: 3}, "cut": {Code: http.StatusBadGateway, Drop: true, Times: 3},
		"no websocket": {Path: "/websocket", Code: http.StatusServiceUnavailable, Times: 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.mm.Break(f)
			w.listens()
			w.types("1")
			w.hears(1)
		})
	}
}

// TestTheWebsocketIsCutUnderTalkingPeople cuts it sixty times, as once in each
// second of a minute.
func TestTheWebsocketIsCutUnderTalkingPeople(t *testing.T) {
	t.Parallel()
	const people, times = 20, 10
	w := newWorld(t)
	w.listens()
	stop := w.mm.CutSocketsEvery(50 * time.Millisecond)
	var all sync.WaitGroup
	for i := range people {
		p := w.mm.Person(fmt.Sprintf("pegawai%d", i))
		dm := p.DM(w.botID)
		all.Go(func() {
			for n := range times {
				if _, err := p.Type(dm, strconv.Itoa(n)); err != nil {
					t.Error(err)
				}
				time.Sleep(300 * time.Millisecond)
			}
		})
	}
	all.Wait()
	stop()
	got := make(map[bot.Account]string)
	for _, u := range w.hears(people * times) {
		got[u.Account] += u.Text
	}
	for who, said := range got {
		if said != "0123456789" {
			t.Errorf("%s said %s", who, said)
		}
	}
	if len(got) != people {
		t.Errorf("heard %d people", len(got))
	}
}
