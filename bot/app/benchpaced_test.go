package app_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// The pace of a ministry on a busy morning.
const (
	pacedEvery    = time.Second / 25
	pacedCommands = 500 // twenty seconds
	idleFor       = 10 * time.Second
)

// BenchmarkPaced brings /status 25 times a second to the least that a program
// could do, to the least that keeps what it acknowledges, and to the bot, and
// tells what a command costs the processor of each, and what waiting costs the
// bot. Run it with -benchtime 1x.
func BenchmarkPaced(b *testing.B) {
	world := spawn(b, "world", os.Stderr)
	floor := spawn(b, "floor", os.Stderr, "WORLD="+world.url, "DIR="+b.TempDir())
	keeps := spawn(b, "durable", os.Stderr, "WORLD="+world.url, "DIR="+b.TempDir())
	file := filepath.Join(b.TempDir(), "bot.db")
	benchDatabase(b, file, benchAccounts)
	served := pacedBot(b, benchSettings(world, file))
	served.waitReady()
	load := &load{b: b, world: world}
	for _, c := range []*child{floor, keeps, served} { // warm-up
		load.paced(c, 200)
	}
	before := served.cpu()
	time.Sleep(idleFor)
	idle := served.cpu() - before
	var least, durable, ours time.Duration
	commands := 0
	for b.Loop() {
		least += load.paced(floor, pacedCommands)
		durable += load.paced(keeps, pacedCommands)
		ours += load.paced(served, pacedCommands)
		commands += pacedCommands
	}
	reportCosts(b, least, ours, commands, served)
	b.ReportMetric(float64(durable.Microseconds())/float64(commands), "durable-µs/command")
	b.ReportMetric(float64(ours)/float64(durable), "times-durable")
	b.ReportMetric(float64(idle.Milliseconds())/idleFor.Seconds(), "idle-ms/s")
	served.end()
}

// pacedBot is the program as it is released; for a profile, the tests' own
// binary, which costs more.
func pacedBot(b *testing.B, env []string) *child {
	b.Helper()
	if name := os.Getenv(profileVar); name != "" {
		return spawn(b, "bot", os.Stderr, append(env, profileVar+"="+name)...)
	}
	return serve(b, program(b), env...)
}

// paced is run at 25 commands a second.
func (l *load) paced(c *child, n int) time.Duration {
	l.b.Helper()
	sent, before := l.sent(), c.cpu()
	tick := time.NewTicker(pacedEvery)
	defer tick.Stop()
	for i := range n {
		<-tick.C
		if err := l.bring(c.url+"/telegram/webhook", benchUpdate(l.next+i+1)); err != nil {
			l.b.Fatal(err)
		}
	}
	l.next += n
	for deadline := time.Now().Add(time.Minute); l.sent() < sent+n; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			l.b.Fatalf("%d of %d commands were answered", l.sent()-sent, n)
		}
	}
	return c.cpu() - before
}
