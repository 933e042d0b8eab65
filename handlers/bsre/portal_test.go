package bsre_test

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"resetpin/handlers/bsre"
	"resetpin/handlers/bsre/bsretest"
)

func portal(t testing.TB, c bsre.PortalConfig) *bsre.Portal {
	t.Helper()
	p, err := bsre.NewPortal(c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPortalLookup(t *testing.T) {
	t.Parallel()
	w := start(t, bsretest.Options{})
	p := portal(t, w.PortalConfig())
	for _, person := range bsretest.Samples() {
		got, err := p.Lookup(t.Context(), who(person))
		switch person.Status {
		case bsre.Issue:
			want, _ := person.Active()
			if err != nil || got.Serial != want.Serial || !got.EndDate.Equal(want.Ends) || got.Email != person.Email || got.PhoneVerified != person.PhoneVerified || got.UID == "" {
				t.Errorf("%s: got %+v, %v", person.Name, got, err)
			}
			if !bsre.PhoneMatchesMask(person.Phone, got.Phone) || strings.Contains(got.Phone, person.Phone) {
				t.Errorf("%s: phone %q", person.Name, got.Phone)
			}
		case bsre.NotRegistered:
			if !errors.Is(err, bsre.ErrNotFound) {
				t.Errorf("%s: %v", person.Name, err)
			}
		default:
			if !errors.Is(err, bsre.ErrNoCertificate) {
				t.Errorf("%s: %v", person.Name, err)
			}
		}
	}
	if problems := w.Problems(); len(problems) > 0 {
		t.Errorf("the portal found fault: %v", problems)
	}
	if len(w.Mails()) > 0 {
		t.Error("a lookup made BSrE send a mail")
	}
}

func TestPortalReset(t *testing.T) {
	t.Parallel()
	w := start(t, bsretest.Options{})
	p := portal(t, w.PortalConfig())
	got, err := p.Reset(t.Context(), who(sari()))
	if err != nil || got.Kind != bsre.OutcomeSent || got.Email != sari().Email || got.Message == "" {
		t.Errorf("got %+v, %v", got, err)
	}
	if n := w.ResetsOf(sari().NIK); n != 1 {
		t.Errorf("%d resets", n)
	}
	mails := w.Mails()
	if len(mails) != 1 || mails[0].To != sari().Email || mails[0].From != "osd@bssn.go.id" || mails[0].Subject != "[eSign] Reset Passphrase" {
		t.Errorf("mails: %+v", mails)
	}
	if problems := w.Problems(); len(problems) > 0 {
		t.Errorf("the portal found fault: %v", problems)
	}
}

func TestPortalResetWithUnverifiedPhone(t *testing.T) {
	t.Parallel()
	w := start(t, bsretest.Options{})
	p := portal(t, w.PortalConfig())
	got, err := p.Reset(t.Context(), who(tono()))
	if err != nil || got.Kind != bsre.OutcomePhone || w.ResetsOf(tono().NIK) != 0 {
		t.Fatalf("got %+v, %v; %d resets", got, err, w.ResetsOf(tono().NIK))
	}
	if got, err := p.VerifyPhone(t.Context(), who(tono()), "0812 9999 9999"); !errors.Is(err, bsre.ErrOtherPhone) || got.Phone != "62*********10" {
		t.Errorf("another number: %+v, %v", got, err)
	}
	for _, r := range w.Requests() {
		if strings.HasSuffix(r.Path, "verify/phone") {
			t.Error("the portal was asked about another number")
		}
	}
	if _, err := p.VerifyPhone(t.Context(), who(tono()), "+62 "+strings.TrimPrefix(tono().Phone, "0")); err != nil {
		t.Error(err)
	}
	if len(w.WhatsApps(tono().NIK)) != 1 || !w.ConfirmPhone(tono().NIK) {
		t.Fatal("no message")
	}
	got, err = p.Reset(t.Context(), who(tono()))
	if err != nil || got.Kind != bsre.OutcomeSent || w.ResetsOf(tono().NIK) != 1 {
		t.Errorf("after the verification: %+v, %v", got, err)
	}
}

func TestPortalDoesNotGuess(t *testing.T) {
	t.Parallel()
	twin := sari()
	samples := bsretest.Samples()
	samples[1].NIK = twin.NIK
	w := start(t, bsretest.Options{Persons: samples})
	p := portal(t, w.PortalConfig())
	if _, err := p.Reset(t.Context(), who(twin)); !errors.Is(err, bsre.ErrAmbiguous) {
		t.Errorf("two rows: %v", err)
	}
	w2 := start(t, bsretest.Options{})
	p2 := portal(t, w2.PortalConfig())
	w2.Change(sari().NIK, func(p *bsretest.Person) { p.Certificates[0].Status = bsre.Issue })
	if got, err := p2.Lookup(t.Context(), who(sari())); err != nil || got.Serial != sari().Certificates[2].Serial {
		t.Errorf("two active certificates: %+v, %v", got, err)
	}
	w2.Change(sari().NIK, func(p *bsretest.Person) { p.Certificates[0].Ends = p.Certificates[2].Ends })
	if _, err := p2.Lookup(t.Context(), who(sari())); !errors.Is(err, bsre.ErrAmbiguous) {
		t.Errorf("two active certificates that end together: %v", err)
	}
}

// A fault while the portal only reads leaves nothing behind, and is forgotten
// when it is over.
func TestPortalFaultsBeforeTheReset(t *testing.T) {
	t.Parallel()
	for _, place := range []bsretest.Place{bsretest.PlacePortal, bsretest.PlaceSSO} {
		for _, mode := range bsretest.Modes() {
			t.Run(string(place)+" "+string(mode), func(t *testing.T) {
				t.Parallel()
				w := start(t, bsretest.Options{})
				config := w.PortalConfig()
				config.Timeout, config.BusyPause = 600*time.Millisecond, 50*time.Millisecond
				if mode == bsretest.ModeOK || mode == bsretest.ModeSlow {
					config.Timeout = bsre.DefaultTimeout // it is to succeed, however busy this machine is
				}
				p := portal(t, config)
				p.SleepBy(func(context.Context, time.Duration) error { return nil })
				delay := time.Minute
				if mode == bsretest.ModeSlow {
					delay = 50 * time.Millisecond
				}
				w.SetFor(place, "user/list", mode, delay)
				if place == bsretest.PlaceSSO {
					w.Set(place, mode, delay)
				}
				got, err := p.Reset(t.Context(), who(sari()))
				if mode == bsretest.ModeOK || mode == bsretest.ModeSlow {
					if err != nil || got.Kind != bsre.OutcomeSent {
						t.Fatalf("got %+v, %v", got, err)
					}
					return
				}
				want := bsre.ErrUnavailable
				if mode == bsretest.ModeLogin || mode == bsretest.ModeLost && place == bsretest.PlaceSSO {
					want = err // either kind is right: what matters is below
				}
				if err == nil || !errors.Is(err, want) || errors.Is(err, bsre.ErrOutcomeUnknown) {
					t.Errorf("got %+v, %v", got, err)
				}
				for _, secret := range []string{sari().NIK, config.Password, config.TOTPSecret} {
					if strings.Contains(err.Error(), secret) {
						t.Errorf("the error tells a secret: %v", err)
					}
				}
				if w.ResetsOf(sari().NIK) != 0 {
					t.Error("a reset was made")
				}
			})
		}
	}
}

// The portal's page is throttled hard: calls keep their distance also when
// many people ask at once.
func TestPortalKeepsItsDistance(t *testing.T) {
	t.Parallel()
	w := start(t, bsretest.Options{Gap: 40 * time.Millisecond})
	p := portal(t, w.PortalConfig())
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := p.Lookup(t.Context(), who(sari())); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if problems := w.Problems(); len(problems) > 0 {
		t.Errorf("the portal found fault: %v", problems)
	}
	if n := grants(w); n != 1 {
		t.Errorf("%d logins for callers that came together", n)
	}
}

func TestPortalTellsItsAddress(t *testing.T) {
	t.Parallel()
	w := start(t, bsretest.Options{})
	config := w.PortalConfig()
	tokens := &memory{}
	config.UserIP, config.Tokens = "10.20.30.40", tokens
	if _, err := portal(t, config).Lookup(t.Context(), who(sari())); err != nil {
		t.Error(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	config.Tokens = &memory{data: tokens.data}
	config.URL = "http://" + l.Addr().String() // nobody listens there
	if _, err := portal(t, config).Reset(t.Context(), who(sari())); !errors.Is(err, bsre.ErrUnavailable) || errors.Is(err, bsre.ErrOutcomeUnknown) {
		t.Errorf("nobody there: %v", err)
	}
}

// memory is a token store in memory.
type memory struct {
	mu    sync.Mutex
	data  []byte
	saves int
}

func (m *memory) LoadToken(context.Context) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.data), nil
}

func (m *memory) SaveToken(_ context.Context, data []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.data = slices.Clone(data)
	m.saves++
	return nil
}
