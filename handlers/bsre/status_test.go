package bsre_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"resetpin/handlers/bsre"
	"resetpin/handlers/bsre/bsretest"
)

// start gives a world that runs until the test ends.
func start(t testing.TB, o bsretest.Options) *bsretest.World {
	t.Helper()
	if o.Gap == 0 {
		o.Gap = 15 * time.Millisecond
	}
	w, err := bsretest.New(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func statusClient(t testing.TB, c bsre.Config) *bsre.StatusClient {
	t.Helper()
	client, err := bsre.NewStatusClient(c)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func who(p bsretest.Person) bsre.Person { return bsre.Person{NIK: p.NIK, NIP: p.NIP, Email: p.Email} }

// sari is active, tono is active with an unverified phone.
func sari() bsretest.Person { return bsretest.Samples()[0] }
func tono() bsretest.Person { return bsretest.Samples()[9] }

func TestStatusInEveryDialect(t *testing.T) {
	w := start(t, bsretest.Options{})
	for _, api := range []bsre.API{bsre.V2, bsre.V1} {
		config := w.Config()
		config.API = api
		client := statusClient(t, config)
		for _, variant := range bsretest.Variants() {
			w.SetVariant(variant)
			for _, p := range bsretest.Samples() {
				want := p.Status
				if want == bsre.NotRegistered && variant == bsretest.VariantNoJudge {
					want = bsre.NoCertificate
				}
				if variant == bsretest.VariantUnknownWord {
					want = "DALAM_PENINJAUAN"
				}
				got, err := client.Status(t.Context(), who(p))
				if p.Status == bsre.NotRegistered && variant == bsretest.VariantNowhere {
					if !errors.Is(err, bsre.ErrUnavailable) || !strings.Contains(err.Error(), "BSRE_API") {
						t.Errorf("%s %q: got %q, %v", api, variant, got.Value, err)
					}
					continue
				}
				if err != nil || got.Value != want {
					t.Errorf("%s %q %s: got %q, %v", api, variant, p.Status, got.Value, err)
				}
				if variant == bsretest.VariantPlain && got.Message == "" {
					t.Errorf("%s %s: no sentence", api, p.Status)
				}
			}
		}
	}
	if problems := w.Problems(); len(problems) > 0 {
		t.Errorf("the service found fault: %v", problems)
	}
}

// Each fault gives the right kind of error in bounded time, says nothing of
// the person, and is forgotten as soon as it is over.
func TestStatusFaultsAndRecovery(t *testing.T) {
	t.Parallel()
	for _, mode := range bsretest.Modes() {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			w := start(t, bsretest.Options{})
			config := w.Config()
			config.API = bsre.V1 // the NIK stands in the address
			config.Timeout, config.BusyPause = 3*time.Second, 50*time.Millisecond
			client := statusClient(t, config)
			want := bsre.ErrUnavailable
			switch mode {
			case bsretest.ModeLogin:
				want = bsre.ErrCredentials
			case bsretest.ModeOK, bsretest.ModeSlow:
				want = nil
			}
			delay := 60 * time.Second
			if mode == bsretest.ModeSlow {
				delay = 100 * time.Millisecond
			}
			w.Set(bsretest.PlaceAPI, mode, delay)
			began := time.Now()
			_, err := client.Status(t.Context(), who(sari()))
			if took := time.Since(began); took > 30*time.Second {
				t.Errorf("took %v", took)
			}
			if !errors.Is(err, want) {
				t.Errorf("got %v, want %v", err, want)
			}
			if err != nil && strings.Contains(err.Error(), sari().NIK) {
				t.Errorf("the error names the NIK: %v", err)
			}
			for range 3 { // so that the breaker opens
				if mode != bsretest.ModeSilent {
					_, _ = client.Status(t.Context(), who(sari()))
				}
			}
			w.Set(bsretest.PlaceAPI, bsretest.ModeOK, 0)
			if got, err := client.Status(t.Context(), who(sari())); err != nil || got.Value != bsre.Issue {
				t.Errorf("after the fault: %v, %v", got, err)
			}
		})
	}
}

// A service that was silent for long is found again at once when it answers.
func TestStatusAfterTheBreakerOpened(t *testing.T) {
	t.Parallel()
	w := start(t, bsretest.Options{})
	config := w.Config()
	config.Timeout = 3 * time.Second
	client := statusClient(t, config)
	w.Set(bsretest.PlaceAPI, bsretest.ModeDown, 0)
	for range 8 {
		ctx, cancel := context.WithTimeout(t.Context(), 700*time.Millisecond)
		_, err := client.Status(ctx, who(sari()))
		cancel()
		if !errors.Is(err, bsre.ErrUnavailable) {
			t.Fatal(err)
		}
	}
	asked := len(w.Requests())
	if asked >= 24 {
		t.Errorf("%d attempts reached a service that is down: the breaker never opened", asked)
	}
	w.Set(bsretest.PlaceAPI, bsretest.ModeOK, 0)
	if got, err := client.Status(t.Context(), who(sari())); err != nil || got.Value != bsre.Issue {
		t.Errorf("after the fault: %v, %v", got, err)
	}
}

// The service is asked again when one attempt fails, and after a pause when
// it says that it is overloaded.
func TestStatusIsRepeated(t *testing.T) {
	for name, first := range map[string]func(http.ResponseWriter){
		"overloaded": func(w http.ResponseWriter) { w.WriteHeader(http.StatusTooManyRequests) },
		"out":        func(w http.ResponseWriter) { w.WriteHeader(http.StatusServiceUnavailable) },
		"broken":     func(w http.ResponseWriter) { w.WriteHeader(http.StatusInternalServerError) },
		"cut":        func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
		"proxy":      func(w http.ResponseWriter) { _, _ = w.Write([]byte("<html>")) },
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if asked.Add(1) == 1 {
					first(w)
					return
				}
				_, _ = w.Write([]byte(`{"status":"ISSUE"}`))
			}))
			defer server.Close()
			client := statusClient(t, bsre.Config{URL: server.URL + "/esign/", BusyPause: 120 * time.Millisecond})
			began := time.Now()
			got, err := client.Status(t.Context(), bsre.Person{NIK: "1"})
			if err != nil || got.Value != bsre.Issue || asked.Load() != 2 {
				t.Errorf("got %v, %v after %d attempts", got, err, asked.Load())
			}
			if took := time.Since(began); (name == "overloaded" || name == "out") && took < 100*time.Millisecond {
				t.Errorf("asked again after %v", took)
			}
		})
	}
}

// A refused password is not tried again and again: accounts get locked.
func TestStatusIsNotRepeatedWithAWrongPassword(t *testing.T) {
	w := start(t, bsretest.Options{})
	config := w.Config()
	config.Password = "salah"
	if _, err := statusClient(t, config).Status(t.Context(), who(sari())); !errors.Is(err, bsre.ErrCredentials) {
		t.Errorf("got %v", err)
	}
	if n := len(w.Requests()); n != 1 {
		t.Errorf("%d requests", n)
	}
}

func TestStatusFollowsNoRedirect(t *testing.T) {
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.URL.Path == "/masuk" {
			t.Error("a redirect was followed")
		}
		http.Redirect(w, r, "/masuk", http.StatusTemporaryRedirect)
	}))
	defer server.Close()
	_, err := statusClient(t, bsre.Config{URL: server.URL}).Status(t.Context(), bsre.Person{NIK: "1"})
	if !errors.Is(err, bsre.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}

func TestStatusEndsWithItsCaller(t *testing.T) {
	w := start(t, bsretest.Options{})
	w.Set(bsretest.PlaceAPI, bsretest.ModeSilent, time.Minute)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	began := time.Now()
	_, err := statusClient(t, w.Config()).Status(ctx, who(sari()))
	if !errors.Is(err, bsre.ErrUnavailable) || time.Since(began) > 30*time.Second {
		t.Errorf("got %v after %v", err, time.Since(began))
	}
}

func TestWrongSettings(t *testing.T) {
	for _, address := range []string{"", "host", "ftp://host", "http://", "http://user:rahasia@host", "http://host?x=1", "http://ho st/"} {
		if _, err := bsre.NewStatusClient(bsre.Config{URL: address}); err == nil || strings.Contains(err.Error(), "rahasia") {
			t.Errorf("%q: %v", address, err)
		}
	}
	if _, err := bsre.NewStatusClient(bsre.Config{URL: "http://host", API: "v3"}); err == nil {
		t.Error("API v3 was taken")
	}
	if _, err := bsre.NewPortal(bsre.PortalConfig{TOTPSecret: "bukan-base32-1890"}); err == nil || strings.Contains(err.Error(), "1890") {
		t.Errorf("a wrong secret: %v", err)
	}
	if _, err := bsre.NewPortal(bsre.PortalConfig{TOTPSecret: "jbsw y3dp ehpk 3pxp"}); err != nil {
		t.Errorf("a secret as apps show it: %v", err)
	}
}
