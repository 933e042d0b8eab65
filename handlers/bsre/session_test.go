package bsre_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"resetpin/handlers/bsre"
	"resetpin/handlers/bsre/bsretest"
)

// clock is a clock that stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Now()} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// sleep moves the clock instead of waiting.
func (c *clock) sleep(ctx context.Context, d time.Duration) error {
	c.Move(d)
	return ctx.Err()
}

// clocked gives a world and a portal that share a clock. The portal's
// throttle is off, for it would never end while the clock stands.
func clocked(t *testing.T, tokens bsre.TokenStore) (*bsretest.World, *clock, func() *bsre.Portal) {
	t.Helper()
	c := newClock()
	w := start(t, bsretest.Options{Now: c.Now, Gap: -1})
	return w, c, func() *bsre.Portal { return onClock(t, w, c, tokens, w.PortalConfig().TOTPSecret) }
}

// onClock gives a portal with an authenticator's secret, which may be wrong.
func onClock(t *testing.T, w *bsretest.World, c *clock, tokens bsre.TokenStore, secret string) *bsre.Portal {
	t.Helper()
	config := w.PortalConfig()
	config.TOTPSecret = secret
	config.Gap, config.Now, config.Tokens = time.Millisecond, c.Now, tokens
	p := portal(t, config)
	p.SleepBy(c.sleep)
	return p
}

func grants(w *bsretest.World) (n int) {
	for _, r := range w.Requests() {
		if r.Place == bsretest.PlaceSSO && r.Method == http.MethodPost && r.Path == bsretest.TokenPath {
			n++
		}
	}
	return n
}

func lookup(t *testing.T, p *bsre.Portal) {
	t.Helper()
	if _, err := p.Lookup(t.Context(), who(sari())); err != nil {
		t.Fatal(err)
	}
}

// A session is used, renewed, begun anew when it cannot be renewed, and no
// one-time code goes out twice on the way.
func TestSessionLife(t *testing.T) {
	t.Parallel()
	w, c, build := clocked(t, nil)
	p := build()
	lookup(t, p)
	lookup(t, p)
	if n := grants(w); n != 1 {
		t.Errorf("%d grants for two lookups", n)
	}
	c.Move(6 * time.Minute) // the access token ended
	lookup(t, p)
	if n := grants(w); n != 2 {
		t.Errorf("%d grants after the access token's end", n)
	}
	w.EndAccess() // the portal refuses a token that looks good
	lookup(t, p)
	if n := grants(w); n != 3 {
		t.Errorf("%d grants after a refused token", n)
	}
	c.Move(time.Hour) // the refresh token ended too
	lookup(t, p)
	if n := grants(w); n != 4 {
		t.Errorf("%d grants after the session's end", n)
	}
	for range 3 { // within the life of one code
		w.EndSessions()
		lookup(t, p)
	}
	for _, problem := range w.Problems() {
		if strings.Contains(problem, "twice") {
			t.Error(problem)
		}
	}
}

// A clock that is set forward during the wait for the next code does not make
// the code an old one.
func TestSessionWhenTheClockJumps(t *testing.T) {
	t.Parallel()
	w, c, build := clocked(t, nil)
	p := build()
	lookup(t, p)
	w.EndSessions()
	p.SleepBy(func(context.Context, time.Duration) error {
		c.Move(10 * time.Minute)
		return nil
	})
	lookup(t, p)
	if problems := w.Problems(); len(problems) != 2 { // the ended access and refresh tokens
		t.Errorf("the sign-on found fault: %v", problems)
	}
}

// A second process goes on with the kept session, and neither process uses
// the other's codes or tokens again.
func TestSessionSurvivesARestart(t *testing.T) {
	t.Parallel()
	tokens := &memory{}
	w, c, build := clocked(t, tokens)
	first := build()
	lookup(t, first)
	c.Move(6 * time.Minute)
	second := build()
	lookup(t, second) // renews
	lookup(t, first)  // its access token ended: it finds what the second one kept
	w.EndSessions()
	lookup(t, second) // logs in
	w.EndSessions()
	lookup(t, build()) // a third one, within the life of the same code
	for _, problem := range w.Problems() {
		if strings.Contains(problem, "twice") {
			t.Error(problem)
		}
	}
}

// Without a secret the operator's code begins the session.
func TestLoginByHand(t *testing.T) {
	t.Parallel()
	c := newClock()
	w := start(t, bsretest.Options{Now: c.Now, Gap: -1})
	config := w.PortalConfig()
	secret, tokens := config.TOTPSecret, &memory{}
	config.TOTPSecret, config.Tokens, config.Now, config.Gap = "", tokens, c.Now, time.Millisecond
	p := portal(t, config)
	if _, err := p.Lookup(t.Context(), who(sari())); !errors.Is(err, bsre.ErrCredentials) || !strings.Contains(err.Error(), "bsre login") {
		t.Errorf("before the login: %v", err)
	}
	if err := p.Login(t.Context(), "abc"); !errors.Is(err, bsre.ErrCredentials) {
		t.Errorf("no code: %v", err)
	}
	if err := p.Login(t.Context(), "000000"); !errors.Is(err, bsre.ErrCredentials) {
		t.Errorf("a wrong code: %v", err)
	}
	code, err := totp.GenerateCode(secret, c.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Login(t.Context(), code[:3]+" "+code[3:]); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(tokens.data), config.Password) {
		t.Error("the password is kept")
	}
	bot := portal(t, config) // another process
	for range 4 {
		lookup(t, bot)
		c.Move(20 * time.Minute)
	}
	c.Move(time.Hour)
	if _, err := bot.Lookup(t.Context(), who(sari())); !errors.Is(err, bsre.ErrCredentials) {
		t.Errorf("after the session's end: %v", err)
	}
}

// A refused login is not repeated at once, for the sign-on locks accounts.
func TestRefusedLoginRests(t *testing.T) {
	t.Parallel()
	c := newClock()
	w := start(t, bsretest.Options{Now: c.Now, Gap: -1})
	config := w.PortalConfig()
	right := config.Password
	config.Password, config.Now, config.Gap = "salah", c.Now, time.Millisecond
	p := portal(t, config)
	p.SleepBy(c.sleep)
	for range 5 {
		if _, err := p.Lookup(t.Context(), who(sari())); !errors.Is(err, bsre.ErrCredentials) || strings.Contains(err.Error(), right) {
			t.Errorf("got %v", err)
		}
	}
	if n := grants(w); n != 1 {
		t.Errorf("%d logins with a wrong password", n)
	}
	for range 120 { // two hours, and somebody asks each minute
		c.Move(time.Minute)
		if _, err := p.Lookup(t.Context(), who(sari())); !errors.Is(err, bsre.ErrCredentials) {
			t.Errorf("later: %v", err)
		}
	}
	if n := grants(w); n < 3 || n > 10 {
		t.Errorf("%d logins with a wrong password in two hours", n)
	}
	if err := p.Trouble(); !errors.Is(err, bsre.ErrCredentials) {
		t.Errorf("the trouble is %v", err)
	}
}

// One-time codes follow the sign-on's clock, whatever this machine's says.
func TestCodesFollowTheSignOnsClock(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{95 * time.Second, -95 * time.Second, 10 * time.Minute, time.Second} {
		w, _, build := clocked(t, nil)
		w.SetSignOnAhead(ahead)
		p := build()
		lookup(t, p)
		w.EndSessions()
		lookup(t, p)
		for _, problem := range w.Problems() {
			if strings.Contains(problem, "invalid_grant") && !strings.Contains(problem, "twice") && grants(w) > 3 {
				t.Errorf("%v ahead: %s", ahead, problem)
			}
		}
		if n := grants(w); n != 3 { // a login, a renewal that is refused, a login
			t.Errorf("%v ahead: %d grants", ahead, n)
		}
	}
}

func TestKeepAlive(t *testing.T) {
	t.Parallel()
	w := start(t, bsretest.Options{RefreshLife: 12 * time.Second})
	config := w.PortalConfig()
	secret := config.TOTPSecret
	config.TOTPSecret, config.Tokens = "", &memory{}
	p := portal(t, config)
	code, err := totp.GenerateCode(secret, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Login(t.Context(), code); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := p.KeepAlive(ctx, func(err error) { t.Error(err) }); err != nil {
		t.Error(err)
	}
	if n := grants(w); n != 2 {
		t.Errorf("%d grants; one login and one renewal were due", n)
	}
}

// brokenStore fails as a database can.
type brokenStore struct{ memory }

var errStore = errors.New("database is locked")

func (*brokenStore) SaveToken(context.Context, []byte) error { return errStore }

func TestSessionThatCannotBeKept(t *testing.T) {
	t.Parallel()
	w := start(t, bsretest.Options{})
	config := w.PortalConfig()
	config.Tokens = &brokenStore{}
	if _, err := portal(t, config).Lookup(t.Context(), who(sari())); !errors.Is(err, errStore) {
		t.Errorf("got %v", err)
	}
	if grants(w) != 0 {
		t.Error("a one-time code was used that is not noted as used")
	}
}
