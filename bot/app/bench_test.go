package app_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"resetpin/store"
)

const (
	benchRounds   = 4
	benchCommands = 5000 // in a round
	benchSenders  = 32
	benchSecret   = "bench-secret"
)

// reportCosts tells what the commands cost the floor and the bot.
func reportCosts(b *testing.B, least, ours time.Duration, commands int, served *child) {
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(least.Microseconds())/float64(commands), "floor-µs/command")
	b.ReportMetric(float64(ours.Microseconds())/float64(commands), "bot-µs/command")
	b.ReportMetric(float64(ours)/float64(least), "times-floor")
	b.ReportMetric(served.megabytes(), "loaded-MB")
}

// BenchmarkStatus serves /status through the served webhook path, beside the
// least that a program could do, and tells what each costs the processor for
// one command. Run it with -benchtime 1x.
func BenchmarkStatus(b *testing.B) {
	world := spawn(b, "world", os.Stderr)
	floor := spawn(b, "floor", os.Stderr, "WORLD="+world.url, "DIR="+b.TempDir())
	file := filepath.Join(b.TempDir(), "bot.db")
	benchDatabase(b, file, benchAccounts)
	served := spawn(b, "bot", os.Stderr, append(benchSettings(world, file), profileVar+"="+os.Getenv(profileVar))...)
	served.waitReady()
	time.Sleep(time.Second) // what is done once at the start is over
	memory, idle := served.megabytes(), served.idle()

	load := &load{b: b, world: world}
	for _, c := range []*child{floor, served} { // warm-up
		load.run(c, 1000)
	}
	var least, ours time.Duration
	commands := 0
	for b.Loop() {
		for range benchRounds {
			least += load.run(floor, benchCommands)
			ours += load.run(served, benchCommands)
			commands += benchCommands
		}
	}
	reportCosts(b, least, ours, commands, served)
	b.ReportMetric(memory, "idle-MB")
	b.ReportMetric(idle, "idle-µs/s")
	served.end()
}

// BenchmarkStart tells how soon the bot is ready with a million employees,
// and how much memory it takes then.
func BenchmarkStart(b *testing.B) {
	world := spawn(b, "world", os.Stderr)
	file := filepath.Join(b.TempDir(), "bot.db")
	benchDatabase(b, file, 1_000_000)
	var ready time.Duration
	var memory float64
	n := 0
	for b.Loop() {
		began := time.Now()
		c := spawn(b, "bot", os.Stderr, benchSettings(world, file)...)
		c.waitReady()
		ready += time.Since(began)
		b.StopTimer()
		time.Sleep(time.Second)
		memory = c.megabytes()
		c.end()
		n++
		b.StartTimer()
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(ready.Milliseconds())/float64(n), "ms-to-ready")
	b.ReportMetric(memory, "idle-MB")
}

// benchSettings are the bot's in the world of the benchmark.
func benchSettings(world *child, file string) []string {
	return []string{
		"DATABASE_URL=sqlite:" + file, "DATA_KEY=" + base64.StdEncoding.EncodeToString(benchKey()), "LISTEN_ADDR=127.0.0.1:0",
		"TELEGRAM_BOT_TOKEN=1:x", "TELEGRAM_API_URL=" + world.url, "TELEGRAM_MODE=webhook", "PUBLIC_URL=https://bot.example",
		"TELEGRAM_WEBHOOK_SECRET=" + benchSecret, "BSRE_URL=" + world.url, "BSRE_USERNAME=u", "BSRE_PASSWORD=p",
		"BSRE_RESET=call", "BSRE_RESET_URL=" + world.url + "/reset/{nip}", "SMTP_URL=smtp://127.0.0.1:1", "MAIL_FROM=bot@contoh.go.id", "LOG_LEVEL=warn",
	}
}

func benchKey() []byte { return bytes.Repeat([]byte{7}, 32) }

// benchDatabase makes a database of n employees, the first of them linked.
func benchDatabase(b *testing.B, file string, n int) {
	b.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, "sqlite:"+file, store.Options{Key: benchKey()})
	if err != nil {
		b.Fatal(err)
	}
	nip := func(i int) string { return fmt.Sprintf("19880505%04d121%03d", 2000+i/1000, i%1000) }
	rows := func(yield func(store.Employee, error) bool) {
		for i := range n {
			e := store.Employee{NIP: nip(i), NIK: fmt.Sprintf("%016d", i), Name: fmt.Sprintf("Pegawai %d", i), Email: fmt.Sprintf("pegawai.%d@contoh.go.id", i),
				Position: "Analis Ahli Muda", Unit: "Biro Sumber Daya Manusia", Grade: "Penata (III/c)", Active: true}
			if !yield(e, nil) {
				return
			}
		}
	}
	if _, err := db.Import(ctx, rows, store.ImportOptions{}); err != nil {
		b.Fatal(err)
	}
	for i := range benchAccounts {
		err := db.Link(ctx, store.Account{Platform: "telegram", ID: strconv.Itoa(1000 + i)}, nip(i), time.Now(), func([]store.Account) []store.Job { return nil })
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := db.Close(context.Background()); err != nil {
		b.Fatal(err)
	}
}

// load brings /status commands to a program. No two of them are the same.
type load struct {
	b     *testing.B
	world *child
	next  int
}

var benchClient = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2 * benchSenders}}

// run brings n commands, waits until all are answered, and gives the
// processor's time that the program took for them.
func (l *load) run(c *child, n int) time.Duration {
	l.b.Helper()
	sent, before := l.sent(), c.cpu()
	var index atomic.Int64
	var all sync.WaitGroup
	for range benchSenders {
		all.Go(func() {
			for i := int(index.Add(1)); i <= n; i = int(index.Add(1)) {
				if err := l.bring(c.url+"/telegram/webhook", benchUpdate(l.next+i)); err != nil {
					l.b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	l.next += n
	for deadline := time.Now().Add(time.Minute); l.sent() < sent+n; time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) || l.b.Failed() {
			l.b.Fatalf("%d of %d commands were answered", l.sent()-sent, n)
		}
	}
	return c.cpu() - before
}

func (l *load) bring(address string, update []byte) error {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, address, bytes.NewReader(update))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Telegram-Bot-Api-Secret-Token", benchSecret)
	resp, err := benchClient.Do(req)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("the webhook answered %d", resp.StatusCode)
	}
	if closing := resp.Body.Close(); err == nil {
		err = closing
	}
	return err
}

// sent asks the world how many messages it got.
func (l *load) sent() int {
	n, err := strconv.Atoi(l.world.page("/sent"))
	if err != nil {
		l.b.Fatal(err)
	}
	return n
}

// page reads a page of a child.
func (c *child) page(path string) string {
	c.t.Helper()
	resp, err := benchClient.Get(c.url + path)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return string(body)
}

// waitReady waits until the bot says that nothing is wrong.
func (c *child) waitReady() {
	c.t.Helper()
	for deadline := time.Now().Add(60 * time.Second); strings.TrimSpace(c.page("/readyz")) != "[]"; time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			c.t.Fatalf("not ready: %s", c.page("/readyz"))
		}
	}
}

// idle gives the microseconds of processor that a second of waiting costs.
func (c *child) idle() float64 {
	before := c.cpu()
	time.Sleep(2 * time.Second)
	return float64((c.cpu() - before).Microseconds()) / 2
}

// cpu gives the processor's time that a child has taken so far, from Linux.
func (c *child) cpu() time.Duration {
	c.t.Helper()
	const tick = 10 * time.Millisecond // USER_HZ is 100 everywhere
	fields := strings.Fields(c.proc("stat")[strings.LastIndexByte(c.proc("stat"), ')')+1:])
	user, err := strconv.Atoi(fields[11])
	if err != nil {
		c.t.Fatal(err)
	}
	system, err := strconv.Atoi(fields[12])
	if err != nil {
		c.t.Fatal(err)
	}
	return time.Duration(user+system) * tick
}

// megabytes gives a child's resident memory.
func (c *child) megabytes() float64 {
	c.t.Helper()
	for line := range strings.SplitSeq(c.proc("status"), "\n") {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.Atoi(strings.Fields(rest)[0])
			if err != nil {
				c.t.Fatal(err)
			}
			return float64(kb) / 1024
		}
	}
	c.t.Fatal("no VmRSS")
	return 0
}

func (c *child) proc(name string) string {
	c.t.Helper()
	data, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(c.cmd.Process.Pid), name))
	if err != nil {
		c.t.Fatalf("the costs of a process are read from Linux: %v", err)
	}
	return string(data)
}
