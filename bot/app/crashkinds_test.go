package app_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"resetpin/store/storetest"
)

var (
	kills = flag.Int("kills", 0, "how often the bot is killed on each engine and platform, as one process and as two, at least; 0: a few times. The long form is -kills 200")
	seed  = flag.Uint64("seed", 1, "decides at which moments the bot is killed")
)

const (
	fewKills   = 6
	sideBySide = 4 // worlds that share many kills

	longestAfterRestart = 10 * time.Second // that somebody waits; the long form runs on a machine that is not busy
)

// crashKind is a way of running the bot that is killed.
type crashKind struct {
	engine, platform string
	processes        int
}

// kindsOfCrash are all of them. The second process on SQLite is the command
// that loads the employee file, for a second bot refuses to start.
func kindsOfCrash() (all []crashKind) {
	platforms := []string{"telegram", "mattermost"}
	if *realMattermost != "" {
		platforms = append(platforms, "real-mattermost")
	}
	for _, engine := range []string{"sqlite", "postgres"} {
		for _, platform := range platforms {
			all = append(all, crashKind{engine, platform, 1}, crashKind{engine, platform, 2})
		}
	}
	return all
}

func (k crashKind) String() string {
	return fmt.Sprintf("%s/%s/%d", k.engine, k.platform, k.processes)
}

func (k crashKind) worlds() int {
	if *kills == 0 {
		return 1
	}
	return sideBySide
}

// rounds is how often a world's bot is killed, or a little oftener.
func (k crashKind) rounds() int {
	if *kills == 0 {
		return fewKills
	}
	return (*kills + sideBySide - 1) / sideBySide
}

// world gives one whose bot runs in processes that can be killed.
func (k crashKind) world(t *testing.T) (*world, *herd) {
	h := &herd{}
	extra := []string{"RESET_COOLDOWN=0s", "LOG_LEVEL=debug"}
	if k.engine == "postgres" {
		extra = append(extra, "DATABASE_URL="+storetest.Postgres(t))
	}
	replicas := k.engine == "postgres" && k.processes == 2
	if replicas {
		h.front = newBalancer(t)
		extra = append(extra, "TELEGRAM_MODE=webhook", "PUBLIC_URL="+h.front.URL, "LISTEN_ADDR=127.0.0.1:0")
	}
	w := emptyWorld(t, extra)
	switch k.platform {
	case "mattermost":
		w.addMattermost()
		w.mattermost.SlowUpdates(50 * time.Millisecond)
		w.mattermost.SlowPosts(20 * time.Millisecond)
	case "real-mattermost":
		w.addRealMattermost()
	}
	w.inhabit()
	w.stop()
	w.showLog()
	h.w, h.roles = w, []string{"bot"}
	switch {
	case replicas:
		h.roles = append(h.roles, "bot")
	case k.processes == 2:
		h.roles = append(h.roles, "import")
	}
	h.all = make([]*child, len(h.roles))
	for i := range h.roles {
		h.revive(i)
	}
	return w, h
}

// person gives somebody on the platform.
func (k crashKind) person(w *world, name string, id int64) person {
	switch k.platform {
	case "mattermost":
		return w.mattermostPerson(name)
	case "real-mattermost":
		return w.realPerson()
	}
	return w.telegramPerson(id)
}

// crowd lets four newcomers type all commands at once.
func (k crashKind) crowd(w *world, round int) *crowd {
	c := &crowd{t: w.t}
	for n := range 4 {
		number := 10*round + n
		c.people = append(c.people, k.person(w, fmt.Sprint("tamu", number), int64(8000+number)))
	}
	c.typesAll(func(command string) string {
		if k.platform != "telegram" { // a slash command reaches nobody while the bot is dead, and says so
			return strings.TrimPrefix(command, "/")
		}
		return command
	})
	return c
}

// herd is the processes of one bot.
type herd struct {
	w     *world
	front *balancer // before several replicas; nil: there is one
	roles []string
	all   []*child
	dead  int // kills since the last question
}

// killSome kills a process, in some rounds another one or the same while it
// comes up, and starts them again.
func (h *herd) killSome(moments *rand.Rand, round int) {
	first := moments.IntN(len(h.all))
	if h.front == nil {
		first = 0
	}
	h.kill(first)
	if round%3 == 2 {
		other := (first + 1) % len(h.all)
		if other == first { // it is up again by then
			h.revive(first)
		}
		time.Sleep(time.Duration(moments.IntN(120)) * time.Millisecond)
		h.kill(other)
		if other != first {
			h.revive(other)
		}
	}
	h.revive(first)
}

func (h *herd) kill(i int) {
	h.all[i].kill()
	h.dead++
}

func (h *herd) revive(i int) {
	h.all[i] = spawn(h.w.t, h.roles[i], h.w.log, h.w.environment()...)
	if h.front != nil {
		h.front.use(h.all...)
	}
}

// kills gives how many processes were killed since it was asked last.
func (h *herd) kills() int {
	n := h.dead
	h.dead = 0
	return n
}

// end lets all processes finish what they began.
func (h *herd) end() {
	for _, c := range h.all {
		c.end()
	}
}
