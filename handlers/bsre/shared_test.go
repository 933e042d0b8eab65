package bsre_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"resetpin/handlers/bsre"
	"resetpin/handlers/bsre/bsretest"
	"resetpin/store"
	"resetpin/store/storetest"
)

// childVar holds what a process of its own is to do.
const childVar = "BSRE_TEST_CHILD"

// order is what a replica does: so many lookups at once.
type order struct {
	Database string
	Portal   string
	SSO      string
	Operator string
	Password string
	Secret   string
	Gap      time.Duration
	Lookups  int
}

// storeTokens keeps a session in the database.
type storeTokens struct{ db *store.Store }

func (s storeTokens) LoadToken(ctx context.Context) ([]byte, error) {
	value, err := s.db.KV(ctx, "portal token")
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return value, err
}

func (s storeTokens) SaveToken(ctx context.Context, token []byte) error {
	return s.db.PutKV(ctx, "portal token", token)
}

// child is a replica's process; its exit code tells whether all went well.
func child() int {
	var o order
	if err := json.Unmarshal([]byte(os.Getenv(childVar)), &o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	ctx := context.Background()
	db, err := store.Open(ctx, o.Database, store.Options{Key: storetest.Key()})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	p, err := bsre.NewPortal(bsre.PortalConfig{
		URL: o.Portal, SSOURL: o.SSO, Username: o.Operator, Password: o.Password, TOTPSecret: o.Secret,
		Gap: o.Gap, Tokens: storeTokens{db}, Leases: db,
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var wg sync.WaitGroup
	errs := make(chan error, o.Lookups)
	for range o.Lookups {
		wg.Go(func() {
			_, err := p.Lookup(ctx, who(sari()))
			errs <- err
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	if err := db.Close(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// Two processes with one operator's account keep one pace and have one
// session, on both engines: the portal throttles and the sign-on counts a code
// once whoever asks.
func TestTwoProcessesShareThePaceAndTheSession(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		w := start(t, bsretest.Options{Gap: 60 * time.Millisecond})
		c := w.PortalConfig()
		data, err := json.Marshal(order{
			Database: url, Portal: w.PortalURL(), SSO: w.SSOURL(), Operator: c.Username, Password: c.Password, Secret: c.TOTPSecret, Gap: c.Gap, Lookups: 5,
		})
		if err != nil {
			t.Fatal(err)
		}
		exe, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		together := make(chan struct{})
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				<-together
				cmd := exec.CommandContext(t.Context(), exe)
				cmd.Env = []string{childVar + "=" + string(data), "TMPDIR=" + os.TempDir()}
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("a process ended with %v: %s", err, out)
				}
			})
		}
		close(together)
		wg.Wait()
		if problems := w.Problems(); len(problems) > 0 {
			t.Errorf("BSrE found fault: %q", problems)
		}
		if n := grants(w); n != 1 {
			t.Errorf("%d logins for two processes", n)
		}
	})
}

// Many ask at once: all are served in the order in which they came, a reset
// before those who only ask, and nobody's patience is spent on the queue.
func TestManyAskAtOnce(t *testing.T) {
	t.Parallel()
	w := start(t, bsretest.Options{Gap: 25 * time.Millisecond})
	config := w.PortalConfig()
	config.Timeout = 400 * time.Millisecond // less than the queue's 80 calls of 25 ms take
	p := portal(t, config)
	lookup(t, p)
	const people = 40
	var mu sync.Mutex
	var waits []time.Duration
	var wg sync.WaitGroup
	for range people {
		wg.Go(func() {
			began := time.Now()
			if _, err := p.Lookup(t.Context(), who(sari())); err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			waits = append(waits, time.Since(began))
		})
	}
	for n, _ := p.Queue(); n < people; n, _ = p.Queue() {
		time.Sleep(time.Millisecond)
	}
	_, guess := p.Queue()
	began := time.Now()
	if got, err := p.Reset(t.Context(), who(tono())); err != nil || got.Kind != bsre.OutcomePhone {
		t.Errorf("%+v, %v", got, err)
	}
	reset := time.Since(began)
	wg.Wait()
	slices.Sort(waits)
	t.Logf("a reset behind %d waited %v; their median is %v, the longest %v; one more was told %v", people, reset, waits[people/2], waits[people-1], guess)
	if reset > waits[people/2] {
		t.Errorf("a reset waited %v, the median of those who only ask is %v", reset, waits[people/2])
	}
	for _, problem := range w.Problems() {
		if strings.Contains(problem, "too soon") {
			t.Error(problem)
		}
	}
}

// What is not said is neither yes nor no, and a 404 says nothing of anybody.
func TestNothingIsNoAnswer(t *testing.T) {
	t.Parallel()
	for name, pairs := range map[string][]string{
		"no list of rows":         {`"aaData":[`, `"rows":[`},
		"no list of certificates": {`"sertifikat":[`, `"sertifikat":null,"x":[`},
		"no word on the phone":    {`"linkAktif":"RESET_PASSPHRASE","phoneVerified":true`, `"linkAktif":null`},
		"nothing on the phone":    {`"phoneVerified":true`, `"phoneVerified":null`},
		"no address":              {`"emailAddress":"pegawai.satu@contoh.go.id"`, `"emailAddress":null`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var odd []string
			got, err := recorded(t, &odd, pairs...).Reset(t.Context(), satu())
			if !errors.Is(err, bsre.ErrUnavailable) || got.Kind != "" || len(odd) == 0 {
				t.Errorf("got %+v, %v, odd %q", got, err, odd)
			}
		})
	}
	w := start(t, bsretest.Options{})
	config := w.PortalConfig()
	config.URL += "/lain"
	if _, err := portal(t, config).Lookup(t.Context(), who(sari())); !errors.Is(err, bsre.ErrUnavailable) || errors.Is(err, bsre.ErrNotFound) {
		t.Errorf("a wrong address: %v", err)
	}
}

// Passwords and codes do not leave this machine without TLS.
func TestThePortalWantsTLS(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		portal, signOn string
		insecure, good bool
	}{
		{"https://portal.contoh.go.id", "https://beid.contoh.go.id/token", false, true},
		{"http://portal.contoh.go.id", "https://beid.contoh.go.id/token", false, false},
		{"https://portal.contoh.go.id", "http://beid.contoh.go.id/token", false, false},
		{"http://localhost.contoh.go.id", "https://beid.contoh.go.id/token", false, false},
		{"http://127.0.0.1:1", "http://[::1]:2/token", false, true},
		{"http://localhost:1", "http://sso.localhost/token", false, true},
		{"http://portal.contoh.go.id", "http://beid.contoh.go.id/token", true, true},
	} {
		_, err := bsre.NewPortal(bsre.PortalConfig{URL: c.portal, SSOURL: c.signOn, Insecure: c.insecure})
		if (err == nil) != c.good || err != nil && !strings.Contains(err.Error(), "BSRE_PORTAL_INSECURE") {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
