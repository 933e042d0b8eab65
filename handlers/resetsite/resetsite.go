// Package resetsite looks at the reset site's certificate as an employee's
// browser will, so that the guide tells what is true on the day it is shown.
package resetsite

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"
	"unicode"
)

// Verdict is what the certificate is worth today.
type Verdict string

// The verdicts. Only with the first three may an employee go on.
const (
	Trusted     Verdict = "trusted"     // browsers know the issuer: no warning is to be expected
	Expected    Verdict = "expected"    // browsers do not know the issuer, but RESET_SITE_CA_FILE does
	Unknown     Verdict = "unknown"     // nobody here knows the issuer, and no CA file says who it should be
	Foreign     Verdict = "foreign"     // it does not chain to the CA file, as it should
	Expired     Verdict = "expired"     // or not yet valid
	WrongHost   Verdict = "wronghost"   // it was made out to another name
	Unreachable Verdict = "unreachable" // the site does not answer, or not in a way that browsers accept
)

// Verdicts are all of them, the best first.
func Verdicts() []Verdict {
	return []Verdict{Trusted, Expected, Unknown, Foreign, Expired, WrongHost, Unreachable}
}

// Finding is what one look found.
type Finding struct {
	Verdict     Verdict
	Fingerprint string    // SHA-256 of the certificate, "AB:CD:…", as browsers show it; empty when there is none
	Issuer      string    // who issued it, as it says itself: plain text of at most 200 characters; empty when there is none
	From, To    time.Time // when it is good
	Err         error     // why it is not Trusted, for an administrator
	At          time.Time
}

// How long a finding is kept, and how long the site may take. A bad one is
// kept for a moment only: people are told to try again.
const (
	keep    = 15 * time.Minute
	keepBad = 30 * time.Second
	patient = 5 * time.Second
)

// Config is what New needs.
type Config struct {
	Site  string         // host, or host:port
	CA    *x509.CertPool // of RESET_SITE_CA_FILE; nil: none is set
	Roots *x509.CertPool // what browsers trust; nil: the system's
	Now   func() time.Time
	// Logger is told when a verdict is another than before; nil: nobody.
	Logger *slog.Logger
	// Dial opens a connection; nil: the network. It takes host:port.
	Dial func(ctx context.Context, address string) (net.Conn, error)
	// Patience bounds one look; 0: five seconds.
	Patience time.Duration
}

// Probe looks at one site and remembers for a while what it found. It may be
// used at the same time.
type Probe struct {
	c    Config
	host string
	addr string

	mu   sync.Mutex
	last Finding
}

// New gives the probe of a site.
func New(c Config) *Probe {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Patience == 0 {
		c.Patience = patient
	}
	if c.Dial == nil {
		c.Dial = dial
	}
	p := &Probe{c: c, host: c.Site, addr: c.Site}
	if host, _, err := net.SplitHostPort(c.Site); err == nil {
		p.host = host
	} else {
		p.addr = net.JoinHostPort(c.Site, "443")
	}
	return p
}

// Find gives what the last look found when that is fresh, and else looks.
// Those who ask meanwhile wait for the same look.
func (p *Probe) Find(ctx context.Context) Finding {
	p.mu.Lock()
	defer p.mu.Unlock()
	if age := p.c.Now().Sub(p.last.At); !p.last.At.IsZero() && age >= 0 && age < p.fresh() {
		return p.last
	}
	before := p.last.Verdict
	p.last = p.Look(ctx)
	if p.last.Verdict != before {
		p.tell(ctx, p.last)
	}
	return p.last
}

// tell lets the administrator know, once for each change.
func (p *Probe) tell(ctx context.Context, f Finding) {
	level := slog.LevelInfo
	if !f.Verdict.Passable() {
		level = slog.LevelWarn
	}
	p.c.Logger.Log(ctx, level, "the reset site's certificate", "site", p.c.Site, "verdict", f.Verdict, "error", f.Err)
}

// Last gives what the last look found, and never looks; its verdict is empty
// before the first one.
func (p *Probe) Last() Finding {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last
}

func (p *Probe) fresh() time.Duration {
	if p.last.Verdict.Passable() {
		return keep
	}
	return keepBad
}

// Passable tells whether an employee may go on to the site.
func (v Verdict) Passable() bool { return v == Trusted || v == Expected || v == Unknown }

// Look connects and judges, whatever was found before.
func (p *Probe) Look(ctx context.Context) Finding {
	// The person who asks may go away; those who wait for the same look stay.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.c.Patience)
	defer cancel()
	f := Finding{At: p.c.Now()}
	chain, err := p.chain(ctx)
	if err != nil {
		f.Verdict, f.Err = Unreachable, err
		return f
	}
	sum := sha256.Sum256(chain[0].Raw)
	f.Fingerprint = fingerprint(sum[:])
	f.Issuer, f.From, f.To = issuerOf(chain[0]), chain[0].NotBefore, chain[0].NotAfter
	f.Verdict, f.Err = p.classify(chain)
	return f
}

// issuerOf names who issued a certificate. A server wrote that.
func issuerOf(c *x509.Certificate) string {
	const most = 200
	name := []rune(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, c.Issuer.String()))
	return string(name[:min(len(name), most)])
}

// classify looks at dates and name first. A browser that does not know the
// issuer shows that alone, whatever else is wrong: the employee would not
// learn of it.
func (p *Probe) classify(chain []*x509.Certificate) (Verdict, error) {
	leaf, now := chain[0], p.c.Now()
	if now.Before(leaf.NotBefore) || now.After(leaf.NotAfter) {
		return Expired, x509.CertificateInvalidError{Cert: leaf, Reason: x509.Expired, Detail: "valid from " + leaf.NotBefore.Format(time.DateOnly) + " to " + leaf.NotAfter.Format(time.DateOnly)}
	}
	if err := leaf.VerifyHostname(p.host); err != nil {
		return WrongHost, err
	}
	err := p.verify(chain, p.c.Roots)
	if err == nil {
		return Trusted, nil
	}
	if p.c.CA == nil {
		if expiredChain(err) {
			return Expired, err
		}
		return Unknown, err
	}
	if err = p.verify(chain, p.c.CA); err == nil {
		return Expected, nil
	}
	if expiredChain(err) {
		return Expired, err
	}
	if len(chain) == 1 && leaf.CheckSignatureFrom(leaf) != nil {
		err = errors.Join(err, errors.New("the site sends no intermediate certificate: when BSrE has confirmed it by telephone, it belongs into RESET_SITE_CA_FILE beside the CA"))
	}
	return Foreign, err
}

// expiredChain tells that a certificate above the site's own ran out.
func expiredChain(err error) bool {
	var invalid x509.CertificateInvalidError
	return errors.As(err, &invalid) && invalid.Reason == x509.Expired
}

func (p *Probe) verify(chain []*x509.Certificate, roots *x509.CertPool) error {
	above := x509.NewCertPool()
	for _, c := range chain[1:] {
		above.AddCert(c)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{DNSName: p.host, Roots: roots, Intermediates: above, CurrentTime: p.c.Now()})
	return err
}

// fingerprint writes a hash as browsers do.
func fingerprint(sum []byte) string {
	var b strings.Builder
	for i, c := range sum {
		if i > 0 {
			b.WriteByte(':')
		}
		b.WriteString(strings.ToUpper(hex.EncodeToString([]byte{c})))
	}
	return b.String()
}
