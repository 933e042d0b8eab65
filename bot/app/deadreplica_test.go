package app_test

import (
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"resetpin/handlers/bsre/bsretest"
)

// noticed is the most time until a replica's death is noticed. It is 5 s, and
// much more on a busy machine; a call's own time to be given up is two minutes.
const noticed = 45 * time.Second

// A replica dies with work in its hands; the other does it as soon as it
// notices.
func TestAReplicaTakesOverFromADeadOne(t *testing.T) {
	t.Parallel()
	w, b := newReplicas(t, "RESET_COOLDOWN=0s")
	dies, lives := b.replicas[0], b.replicas[1]
	p, e := askedFor(t, w, b, dies, 300*time.Millisecond)
	crowd := w.crowd(9200)
	time.Sleep(30 * time.Millisecond)
	b.use(lives)
	dies.kill()
	began := time.Now()
	late := w.crowd(9300) // who write now need not wait for those
	late.answered()
	t.Logf("who wrote after the death had their answers in %v", time.Since(began).Round(time.Millisecond))
	told := ended(t, p)
	t.Logf("the outcome of the reset was told in %v: %s", time.Since(began).Round(time.Millisecond), told)
	crowd.answered()
	t.Logf("what the dead one had in its hands was answered in %v", time.Since(began).Round(time.Millisecond))
	if took := time.Since(began); took > noticed {
		t.Errorf("the death was noticed after %v", took)
	}
	if n := w.bsre.ResetsOf(e.NIK); n > 1 || !mayBeSaid(told, n) {
		t.Errorf("BSrE did it %d times, and the employee was told %q", n, told)
	}
}

// A replica is stopped in the middle of the call to BSrE and goes on later:
// nobody takes the reset out of its hands, and BSrE is asked once.
func TestAStoppedReplicaKeepsWhatItHas(t *testing.T) {
	t.Parallel()
	w, b := newReplicas(t, "BSRE_TIMEOUT=1m")
	stops, lives := b.replicas[0], b.replicas[1]
	p, e := askedFor(t, w, b, stops, 20*time.Second)
	eventually(t, "BSrE to be asked", func() bool {
		rows := w.resetsOf(e.NIP)
		return len(rows) == 1 && rows[0].State != "requested"
	})
	if err := stops.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	b.use(lives)
	time.Sleep(10 * time.Second) // twice as long as a death takes to be noticed
	if l := p.News(); slices.ContainsFunc(l, func(l line) bool {
		return l.Bot && slices.ContainsFunc(outcomes, func(o string) bool { return strings.Contains(l.Text, o) })
	}) {
		t.Errorf("told while the one who asked BSrE was stopped:\n%s", show(p))
	}
	if err := stops.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	told := ended(t, p)
	t.Logf("told: %s", told)
	if n := w.bsre.ResetsOf(e.NIK); n > 1 || !mayBeSaid(told, n) {
		t.Errorf("BSrE did it %d times, and the employee was told %q", n, told)
	}
}

// askedFor lets an employee confirm a reset with one of the replicas, which
// BSrE answers slowly.
func askedFor(t *testing.T, w *world, b *balancer, by *child, slow time.Duration) (person, bsretest.Person) {
	t.Helper()
	p := w.telegramPerson(9002)
	e := linked(t, w, p, "ISSUE")
	askForConfirmation(t, p)
	w.bsre.SetFor(bsretest.PlacePortal, "passphrase/reset", bsretest.ModeSlow, slow)
	b.use(by)
	p.Presses("Ya, kirim link")
	return p, e
}

// ended waits for the outcome of a reset, for longer than a call is given, and
// tells which it is.
func ended(t *testing.T, p person) string {
	t.Helper()
	for end := time.Now().Add(3 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		for _, l := range p.News() {
			for _, o := range outcomes {
				if l.Bot && strings.Contains(l.Text, o) {
					return o
				}
			}
		}
	}
	t.Fatalf("nobody tells how the reset ended; the chat ends with\n%s", show(p))
	return ""
}
