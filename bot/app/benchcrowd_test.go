package app_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"resetpin/handlers/bsre/bsretest"
	"resetpin/handlers/mail/mailtest"
	"resetpin/store"
)

// crowded is the program as it is released, in a world whose platform is as slow
// as the real ones are, with a crowd before it.
type crowded struct {
	b    *testing.B
	desk crowdDesk
	bsre *bsretest.World
	bot  *child

	mu    sync.Mutex
	asked map[string]question        // by chat
	waits map[string][]time.Duration // by kind of people
}

type question struct {
	kind string
	at   time.Time
}

// crowdDesk is where a crowd writes: a platform.
type crowdDesk interface {
	// settings are the bot's, for this platform.
	settings(b *testing.B) []string
	// account is a person's, by number.
	account(n int) store.Account
	// says lets a person write; the chat is known by the name that is given.
	says(n int, words string) error
	// presses lets a person press a button of the newest message that has it.
	presses(n int, label string) error
	chat(n int) string
	// news hears of each message that the bot writes or changes, by its chat.
	news(heard func(chat string)) (end func())
	// refused is how often the platform asked the bot to wait.
	refused() int
}

const (
	crowdSize = 999 // employees who are linked, by their numbers; strangers come behind
	strangers = 5000
)

// newCrowded builds the world with so many linked employees, and starts the
// program.
func newCrowded(b *testing.B, desk crowdDesk, linked int) *crowded {
	b.Helper()
	c := &crowded{b: b, desk: desk, asked: make(map[string]question), waits: make(map[string][]time.Duration)}
	mails, err := mailtest.Start(mailtest.Config{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = mails.Close() })
	c.bsre, err = bsretest.New(bsretest.Options{Persons: samplesAndCrowd(linked), Username: "agency", Password: "api-password", Gap: -1, ResetHost: "esign-bsre.localhost"})
	if err != nil {
		b.Fatal(err)
	}
	if err := c.bsre.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = c.bsre.Close() })
	gateway := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})) // sends a link whoever is named
	b.Cleanup(gateway.Close)
	file := b.TempDir() + "/bot.db"
	c.employ(file, linked)
	env := slices.Concat([]string{
		"DATABASE_URL=sqlite:" + file, "DATA_KEY=" + base64.StdEncoding.EncodeToString(benchKey()), "LISTEN_ADDR=127.0.0.1:0",
		"BSRE_URL=" + c.bsre.APIURL(), "BSRE_USERNAME=agency", "BSRE_PASSWORD=api-password", "BSRE_TIMEOUT=30s",
		"BSRE_RESET=call", "BSRE_RESET_URL=" + gateway.URL + "/{nip}", "RESET_SITE_LOOK=false",
		"SMTP_URL=smtp://" + mails.Addr() + "?tls=off", "MAIL_FROM=bot@contoh.go.id",
	}, desk.settings(b))
	c.bot = serve(b, program(b), env...)
	c.bot.waitReady()
	b.Cleanup(desk.news(c.heard))
	return c
}

// employ makes the database: everybody works here and is linked.
func (c *crowded) employ(file string, linked int) {
	c.b.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, "sqlite:"+file, store.Options{Key: benchKey()})
	if err != nil {
		c.b.Fatal(err)
	}
	rows := func(yield func(store.Employee, error) bool) {
		for i := range linked {
			if !yield(inDirectory(crowdPerson(i)), nil) {
				return
			}
		}
	}
	if _, err := db.Import(ctx, rows, store.ImportOptions{}); err != nil {
		c.b.Fatal(err)
	}
	for i := range linked {
		if err := db.Link(ctx, c.desk.account(i), crowdPerson(i).NIP, time.Now(), func([]store.Account) []store.Job { return nil }); err != nil {
			c.b.Fatal(err)
		}
	}
	if err := db.Close(ctx); err != nil {
		c.b.Fatal(err)
	}
}

// heard notes the answer to what was asked in a chat.
func (c *crowded) heard(chat string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if q, ok := c.asked[chat]; ok {
		delete(c.asked, chat)
		c.waits[q.kind] = append(c.waits[q.kind], time.Since(q.at))
	}
}

// ask notes that somebody of a kind does something now.
func (c *crowded) ask(n int, kind string, does func() error) {
	chat := c.desk.chat(n)
	c.mu.Lock()
	_, waits := c.asked[chat]
	if !waits {
		c.asked[chat] = question{kind, time.Now()}
	}
	c.mu.Unlock()
	if err := does(); err != nil {
		c.b.Error(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, unanswered := c.asked[chat]; unanswered && !waits {
		c.asked[chat] = question{kind, time.Now()} // the pretend platform itself may be busy with the crowd
	}
}

func (c *crowded) says(n int, kind, words string) {
	c.ask(n, kind, func() error { return c.desk.says(n, words) })
}

func (c *crowded) answered(kind string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.waits[kind])
}

// until waits until so many of a kind have their answer.
func (c *crowded) until(kind string, n int, most time.Duration) {
	c.b.Helper()
	for end := time.Now().Add(most); c.answered(kind) < n; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			c.b.Fatalf("%d of %d %s were answered", c.answered(kind), n, kind)
		}
	}
}

// report tells how long people of a kind waited.
func (c *crowded) report(kind string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := slices.Sorted(slices.Values(c.waits[kind]))
	if len(all) == 0 {
		c.b.Errorf("none of the %s was answered", kind)
		return
	}
	for name, part := range map[string]float64{"p50": 0.5, "p99": 0.99, "max": 1} {
		c.b.ReportMetric(float64(all[int(part*float64(len(all)-1))].Milliseconds()), kind+"-"+name+"-ms")
	}
	c.b.ReportMetric(float64(len(all)), kind)
	c.b.ReportMetric(0, "ns/op")
	c.b.ReportMetric(float64(c.desk.refused()), "refused-calls")
}

// on runs a benchmark on each platform. Run it with -benchtime 1x.
func on(b *testing.B, run func(b *testing.B, desk crowdDesk)) {
	for name, desk := range map[string]func(b *testing.B) crowdDesk{"telegram": newTelegramDesk, "mattermost": newMattermostDesk} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				run(b, desk(b))
			}
		})
	}
}

// BenchmarkSlowBSrE lets a thousand people ask for their status while BSrE takes
// ten seconds, and others for what needs no BSrE, until all are answered; on a
// real Mattermost, when one is named, four hundred.
func BenchmarkSlowBSrE(b *testing.B) {
	on(b, func(b *testing.B, desk crowdDesk) { slowBSrE(b, desk, crowdSize) })
	if *realMattermost != "" {
		b.Run("real-mattermost", func(b *testing.B) {
			for b.Loop() {
				slowBSrE(b, newRealDesk(b), 400)
			}
		})
	}
}

func slowBSrE(b *testing.B, desk crowdDesk, people int) {
	b.Helper()
	const others = 100
	c := newCrowded(b, desk, people)
	c.bsre.Set(bsretest.PlaceAPI, bsretest.ModeSlow, 10*time.Second)
	for n := range people - others {
		c.says(n, "askers", "status")
	}
	for n := people - others; n < people; n++ {
		time.Sleep(400 * time.Millisecond) // forty seconds: the answers of the others are written meanwhile
		c.says(n, "others", "help")
	}
	c.until("askers", people-others, 3*time.Minute)
	c.until("others", others, time.Minute)
	c.report("askers")
	c.report("others")
}

// BenchmarkStrangers lets a thousand strangers write at the pace that each is
// allowed, and employees among them.
func BenchmarkStrangers(b *testing.B) {
	on(b, func(b *testing.B, desk crowdDesk) {
		const seconds, employees = 20, 200
		for n := range 1000 {
			desk.chat(strangers + n) // to make somebody costs much
		}
		c := newCrowded(b, desk, crowdSize)
		stop, end := context.WithCancel(b.Context())
		var flood sync.WaitGroup
		for n := range 1000 {
			flood.Go(func() {
				time.Sleep(time.Duration(n) * time.Millisecond) // they know nothing of each other
				tick := time.NewTicker(time.Second)
				defer tick.Stop()
				for stop.Err() == nil {
					c.says(strangers+n, "strangers", "help")
					select {
					case <-tick.C:
					case <-stop.Done():
					}
				}
			})
		}
		for n := range employees {
			time.Sleep(seconds * time.Second / employees)
			c.says(n, "employees", "help")
		}
		time.Sleep(2 * time.Second)
		end()
		flood.Wait()
		c.until("employees", employees, 3*time.Minute)
		c.report("employees")
		c.report("strangers")
	})
}

// BenchmarkConfirmations lets forty people confirm their reset at the same
// moment, and tells when each saw the bot act and when all was said.
func BenchmarkConfirmations(b *testing.B) {
	on(b, func(b *testing.B, desk crowdDesk) {
		const people = 40
		c := newCrowded(b, desk, crowdSize)
		for n := range people {
			c.says(n, "questions", "resetpin")
		}
		c.until("questions", people, time.Minute)
		time.Sleep(2 * time.Second) // as long as people take to read
		for n := range people {
			c.ask(n, "confirmations", func() error { return c.desk.presses(n, "Ya, kirim link") })
		}
		c.until("confirmations", people, time.Minute)
		c.report("confirmations")
	})
}

// errNoLabel says that no message of a chat has such a button.
func errNoLabel(n int, label string) error {
	return fmt.Errorf("person %d sees no button %q", n, label)
}
