package bsre_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"resetpin/handlers/bsre"
	"resetpin/handlers/bsre/bsretest"
)

// byHand gives a world and a portal into which an operator has logged in.
func byHand(t *testing.T) (*bsretest.World, *clock, *bsre.Portal) {
	t.Helper()
	c := newClock()
	w := start(t, bsretest.Options{Now: c.Now, Gap: -1, RefreshLife: 12 * time.Hour})
	config := w.PortalConfig()
	secret := config.TOTPSecret
	config.TOTPSecret, config.Tokens, config.Now, config.Gap, config.Timeout = "", &memory{}, c.Now, time.Millisecond, 500*time.Millisecond
	p := portal(t, config)
	code, err := totp.GenerateCode(secret, c.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Login(t.Context(), code); err != nil {
		t.Fatal(err)
	}
	return w, c, p
}

// The answer to a renewal is lost: the token is used up, and the sign-on ends
// the session when it comes again. Somebody asks every second for an hour.
func TestALostRenewalDoesNotHammerTheSignOn(t *testing.T) {
	t.Parallel()
	w, c, p := byHand(t)
	c.Move(6 * time.Minute)
	w.Set(bsretest.PlaceSSO, bsretest.ModeLost, 0)
	if _, err := p.Lookup(t.Context(), who(sari())); !errors.Is(err, bsre.ErrUnavailable) {
		t.Errorf("the answer is lost: %v", err)
	}
	w.Set(bsretest.PlaceSSO, bsretest.ModeOK, 0)
	var last error
	for range 3600 {
		c.Move(time.Second)
		_, last = p.Lookup(t.Context(), who(sari()))
	}
	if n := grants(w); n > 3 { // the login, the lost one, and one more that tells
		t.Errorf("the sign-on was asked %d times", n)
	}
	if !errors.Is(last, bsre.ErrCredentials) || !strings.Contains(last.Error(), "bsre login") || errors.Is(last, bsre.ErrUnavailable) {
		t.Errorf("an hour later: %v", last)
	}
	if err := p.Trouble(); !errors.Is(err, bsre.ErrCredentials) {
		t.Errorf("the trouble is %v", err)
	}
}

// While the sign-on answers nobody the token rests longer and longer, and is
// still there when it could not be sent at all.
func TestARenewalRestsWhileTheSignOnIsSilent(t *testing.T) {
	t.Parallel()
	w, c, p := byHand(t)
	c.Move(6 * time.Minute)
	w.Set(bsretest.PlaceSSO, bsretest.ModeDown, 0)
	for range 1800 {
		c.Move(time.Second)
		if _, err := p.Lookup(t.Context(), who(sari())); !errors.Is(err, bsre.ErrUnavailable) {
			t.Fatal(err)
		}
	}
	if n := grants(w); n > 14 {
		t.Errorf("a silent sign-on was asked %d times in half an hour", n)
	}
	w.Set(bsretest.PlaceSSO, bsretest.ModeOK, 0)
	c.Move(11 * time.Minute)
	lookup(t, p)
	if err := p.Trouble(); err != nil {
		t.Errorf("the trouble is %v", err)
	}
}

// With the secret the bot helps itself.
func TestALostRenewalEndsInALogin(t *testing.T) {
	t.Parallel()
	w, c, build := clocked(t, &memory{})
	p := build()
	lookup(t, p)
	c.Move(6 * time.Minute)
	w.Set(bsretest.PlaceSSO, bsretest.ModeLost, 0)
	if _, err := p.Lookup(t.Context(), who(sari())); !errors.Is(err, bsre.ErrUnavailable) {
		t.Errorf("the answer is lost: %v", err)
	}
	w.Set(bsretest.PlaceSSO, bsretest.ModeOK, 0)
	c.Move(10 * time.Second)
	lookup(t, p)
	if n := grants(w); n != 4 { // login, lost, refused, login
		t.Errorf("%d grants", n)
	}
}

// A code counts once: the doctor has used it, the bot starts at once after,
// the session is ended on the server, and two people ask within its half
// minute.
func TestACodeIsUsedByTheDoctorBefore(t *testing.T) {
	t.Parallel()
	tokens := &memory{}
	w, _, build := clocked(t, tokens)
	if _, err := build().Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	bot := build()
	lookup(t, bot)
	if n := grants(w); n != 2 {
		t.Errorf("%d grants: the doctor ended its session, and the bot begins its own with the next code", n)
	}
	w.EndSessions()
	lookup(t, bot)
	w.EndSessions()
	if _, err := bot.Reset(t.Context(), who(sari())); err != nil {
		// The token is refused at the one call that is not repeated.
		if !errors.Is(err, bsre.ErrCredentials) {
			t.Error(err)
		}
	}
	lookup(t, bot)
	for _, problem := range w.Problems() {
		if strings.Contains(problem, "twice") {
			t.Error(problem)
		}
	}
}
