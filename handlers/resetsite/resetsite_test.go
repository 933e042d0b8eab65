package resetsite_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"regexp"
	"testing"
	"time"

	"resetpin/handlers/resetsite"
)

const site = "esign.contoh.go.id"

func TestTheVerdictOnEverySite(t *testing.T) {
	ca, other := newAuthority(t, "CA Contoh"), newAuthority(t, "CA Lain")
	middle := ca.authority(t, "CA Antara", time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
	oldMiddle := ca.authority(t, "CA Antara Lama", time.Now().Add(-2*time.Hour), time.Now().Add(-time.Hour))
	hour, day := time.Hour, 24*time.Hour
	leaf := func(a *authority, name string, from, to time.Duration) tls.Certificate {
		return a.leaf(t, name, time.Now().Add(from), time.Now().Add(to))
	}
	good := leaf(ca, site, -hour, day)
	alone := leaf(middle, site, -hour, day)
	whole := withChain(alone, middle)
	for _, c := range []struct {
		name   string
		config *tls.Config
		roots  *authority // what browsers trust
		ca     *authority // RESET_SITE_CA_FILE
		want   resetsite.Verdict
	}{
		{"trusted by browsers", serve(good), ca, nil, resetsite.Trusted},
		{"trusted by browsers, whatever the file says", serve(good), ca, other, resetsite.Trusted},
		{"the CA of the file", serve(good), other, ca, resetsite.Expected},
		{"the CA of the file, through an intermediate", serve(whole), other, ca, resetsite.Expected},
		{"unknown CA, no file", serve(good), other, nil, resetsite.Unknown},
		{"another CA than the file's", serve(good), other, other, resetsite.Foreign},
		{"expired", serve(leaf(ca, site, -day, -hour)), other, ca, resetsite.Expired},
		{"expired, with an unknown issuer, which browsers show alone", serve(leaf(ca, site, -day, -hour)), other, nil, resetsite.Expired},
		{"not yet valid", serve(leaf(ca, site, hour, day)), ca, nil, resetsite.Expired},
		{"an intermediate ran out", serve(withChain(leaf(oldMiddle, site, -hour, day), oldMiddle)), other, ca, resetsite.Expired},
		{"wrong host", serve(leaf(ca, "esign.c0ntoh.go.id", -hour, day)), ca, ca, resetsite.WrongHost},
		{"wrong host, with an unknown issuer", serve(leaf(ca, "esign.c0ntoh.go.id", -hour, day)), other, nil, resetsite.WrongHost},
		{"missing intermediate", serve(alone), other, ca, resetsite.Foreign},
		{"missing intermediate, no file", serve(alone), ca, nil, resetsite.Unknown},
		{"TLS 1.0 only", &tls.Config{Certificates: []tls.Certificate{good}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10}, ca, nil, resetsite.Unreachable},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			address := listen(t, c.config)
			found := probe(address, c.roots, c.ca).Find(t.Context())
			if found.Verdict != c.want {
				t.Errorf("verdict %q (%v), want %q", found.Verdict, found.Err, c.want)
			}
			if (found.Err == nil) != (c.want == resetsite.Trusted || c.want == resetsite.Expected) {
				t.Errorf("the administrator is told %v", found.Err)
			}
			has := regexp.MustCompile(`^([0-9A-F]{2}:){31}[0-9A-F]{2}$`).MatchString(found.Fingerprint)
			if has != (c.want != resetsite.Unreachable) {
				t.Errorf("fingerprint %q", found.Fingerprint)
			}
		})
	}
}

func TestASiteThatDoesNotAnswer(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	silent, err := net.Listen("tcp", "127.0.0.1:0") // the kernel takes connections, nobody answers
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	for name, l := range map[string]net.Listener{"closed port": closed, "silence": silent} {
		t.Run(name, func(t *testing.T) {
			started := time.Now()
			found := probe(l.Addr().String(), nil, nil).Find(t.Context())
			if found.Verdict != resetsite.Unreachable || found.Err == nil {
				t.Errorf("found %+v", found)
			}
			if took := time.Since(started); took > 30*time.Second {
				t.Errorf("somebody waited %v", took)
			}
		})
	}
}

func TestAFindingIsKeptForAWhile(t *testing.T) {
	ca := newAuthority(t, "CA Contoh")
	now, looks := time.Now(), 0
	config := serve(ca.leaf(t, site, now.Add(-time.Hour), now.Add(24*time.Hour)))
	address := listen(t, config)
	down := true
	p := resetsite.New(resetsite.Config{
		Site: site, Roots: ca.pool(), Now: func() time.Time { return now },
		Dial: func(ctx context.Context, _ string) (net.Conn, error) {
			if looks++; down {
				return nil, net.ErrClosed
			}
			var d net.Dialer
			return d.DialContext(ctx, "tcp", address)
		},
	})
	for _, step := range []struct {
		after time.Duration
		down  bool
		want  resetsite.Verdict
		looks int
	}{
		{0, true, resetsite.Unreachable, 1},
		{10 * time.Second, false, resetsite.Unreachable, 1}, // kept
		{25 * time.Second, false, resetsite.Trusted, 2},     // people were told to try again
		{14 * time.Minute, true, resetsite.Trusted, 2},
		{2 * time.Minute, true, resetsite.Unreachable, 3},
	} {
		now, down = now.Add(step.after), step.down
		if f := p.Find(t.Context()); f.Verdict != step.want || looks != step.looks {
			t.Errorf("after %v: %q and %d looks, want %q and %d", step.after, f.Verdict, looks, step.want, step.looks)
		}
	}
}

func TestOnlyThreeVerdictsLetAnybodyPass(t *testing.T) {
	for v, want := range map[resetsite.Verdict]bool{
		resetsite.Trusted: true, resetsite.Expected: true, resetsite.Unknown: true, resetsite.Foreign: false,
		resetsite.Expired: false, resetsite.WrongHost: false, resetsite.Unreachable: false, "": false,
	} {
		if v.Passable() != want {
			t.Errorf("%q: %v", v, !want)
		}
	}
}

func probe(address string, roots, ca *authority) *resetsite.Probe {
	c := resetsite.Config{Site: site, Roots: x509.NewCertPool(), Dial: dialTo(address)}
	if roots != nil {
		c.Roots = roots.pool()
	}
	if ca != nil {
		c.CA = ca.pool()
	}
	return resetsite.New(c)
}
