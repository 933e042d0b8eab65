package app_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"resetpin/handlers/bsre/bsretest"
	"resetpin/store/storetest"
)

// balancer hands Telegram's calls to the replicas of a bot: to one after the
// other, or with twice set to all of them at once, as a network does that
// repeats what it thinks lost.
type balancer struct {
	*httptest.Server
	twice bool

	mu       sync.Mutex
	replicas []*child
	turn     int
}

func newBalancer(t *testing.T) *balancer {
	b := &balancer{}
	b.Server = httptest.NewServer(http.HandlerFunc(b.serve))
	t.Cleanup(b.Close)
	return b
}

func (b *balancer) use(replicas ...*child) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.replicas = replicas
}

// order gives the replicas, another one first at each call.
func (b *balancer) order() []*child {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.replicas) == 0 {
		return nil
	}
	b.turn++
	at := b.turn % len(b.replicas)
	return slices.Concat(b.replicas[at:], b.replicas[:at])
}

func (b *balancer) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var answer atomic.Pointer[[]byte] // nil: nobody took it
	var all sync.WaitGroup
	for _, c := range b.order() {
		try := func() {
			if said, ok := hand(r, c, body); ok {
				answer.CompareAndSwap(nil, &said)
			}
		}
		if b.twice {
			all.Go(try)
		} else if try(); answer.Load() != nil {
			break
		}
	}
	all.Wait()
	if answer.Load() == nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(*answer.Load()) // who asked may be gone
}

// hand gives a call to a replica, and its answer when it took it.
func hand(r *http.Request, c *child, body []byte) (answer []byte, ok bool) {
	req, err := http.NewRequestWithContext(r.Context(), r.Method, c.url+r.URL.Path, bytes.NewReader(body))
	if err != nil {
		return nil, false
	}
	req.Header = r.Header.Clone()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, false // it is dead
	}
	answer, err = io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	return answer, err == nil && resp.StatusCode == http.StatusOK
}

// newReplicas is a world in which two bots share a PostgreSQL.
func newReplicas(t *testing.T, extra ...string) (w *world, b *balancer) {
	t.Helper()
	b = newBalancer(t)
	w = newWorld(t, append([]string{
		"DATABASE_URL=" + storetest.Postgres(t), "TELEGRAM_MODE=webhook", "PUBLIC_URL=" + b.URL, "LOG_LEVEL=debug",
	}, extra...)...)
	w.stop()
	w.showLog()
	b.use(w.replica(), w.replica())
	return w, b
}

// replica starts one more bot in a process of its own.
func (w *world) replica() *child {
	c := spawn(w.t, "bot", w.log, w.environment()...)
	c.waitReady()
	return c
}

// Two replicas get one person's messages in turn, or every one of them both,
// and answer each once and in order.
func TestReplicasAnswerOnceAndInOrder(t *testing.T) {
	t.Parallel()
	for name, twice := range map[string]bool{"in turn": false, "both at once": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, b := newReplicas(t)
			b.twice = twice
			commands := []string{"/start", "/help", "/privasi", "/bahasa", "/help", "/start", "/bahasa", "/privasi"}
			var crowd []person
			for i := range int64(6) {
				crowd = append(crowd, w.telegramPerson(9100+i))
			}
			var want []string
			for range 3 {
				for _, command := range commands {
					want = append(want, asked[command])
					for _, p := range crowd {
						p.Types(command)
					}
				}
			}
			for _, p := range crowd {
				eventually(t, "an answer to each", func() bool { return len(said(p)) >= len(want) })
			}
			time.Sleep(200 * time.Millisecond) // long enough for an answer too many
			for i, p := range crowd {
				if got := said(p); !slices.Equal(got, want) {
					t.Errorf("person %d was told\n%q, want\n%q", i, got, want)
				}
			}
		})
	}
}

// said gives what the bot answered to a person, as the words of asked.
func said(p person) []string {
	var out []string
	for _, l := range p.Chat() {
		for _, words := range asked {
			if l.Bot && strings.Contains(l.Text, words) {
				out = append(out, words)
			}
		}
	}
	return out
}

// However a confirmation comes to the replicas, BSrE is asked once.
func TestReplicasAskBSrEOnce(t *testing.T) {
	t.Parallel()
	w, b := newReplicas(t, "RESET_COOLDOWN=0s")
	b.twice = true
	p := w.telegramPerson(9001)
	e := linked(t, w, p, "ISSUE")
	const rounds = 10
	for round := range rounds {
		askForConfirmation(t, p)
		w.bsre.SetFor(bsretest.PlacePortal, "passphrase/reset", slownesses[round%len(slownesses)], 50*time.Millisecond)
		before := w.bsre.ResetsOf(e.NIK)
		p.Presses("Ya, kirim link")
		told := seesOne(t, p, outcomes)
		if n := w.bsre.ResetsOf(e.NIK) - before; n > 1 || !mayBeSaid(told, n) {
			t.Fatalf("BSrE did it %d times for one confirmation, and the employee was told %q", n, told)
		}
	}
}
