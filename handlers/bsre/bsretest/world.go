// Package bsretest is a pretend BSrE: the eSign Client Service, the sign-on,
// the portal, the WhatsApp messages, the mails and the HTTPS site on which a
// passphrase is replaced. It is as strict as the real one, can be disturbed
// while it runs, and counts what it was asked to do.
package bsretest

import (
	"crypto/tls"
	"fmt"
	"html/template"
	"log/slog"
	"net"
	"sync"
	text "text/template"
	"time"
)

// Sender and Subject are those of BSrE's reset mail.
const (
	Sender  = "osd@bssn.go.id"
	Subject = "[eSign] Reset Passphrase"
)

// Mailer hands a mail that BSrE sends to the world, usually by SMTP. It is
// called on its own goroutine; an error is logged and the mail is lost, as in
// real life.
type Mailer func(from, to, subject, text, html string) error

// Options of a world. All have defaults.
type Options struct {
	Persons  []Person // nil: Samples()
	Username string   // of the eSign Client Service
	Password string
	Variant  Variant // of its answers; SetVariant changes it

	Operator         string // the portal's user
	OperatorPassword string
	TOTPSecret       string // base32

	ResetHost string // the site's host without a port; empty: esign-bsre.bssn.go.id
	LinkHost  string // what stands in the mailed links; empty: ResetHost with the port that Start got
	SiteAddr  string // where Start listens for the site; empty: 127.0.0.1:0
	Mailer    Mailer // nil: mails are only kept, see Mails

	Gap         time.Duration // the portal's throttle; 0: 400 ms, negative: none
	LinkLife    time.Duration // of a mailed link; 0: 24 h
	AccessLife  time.Duration // of an access token; 0: 5 min
	RefreshLife time.Duration // of a refresh token; 0: 30 min
	Now         func() time.Time
	Logger      *slog.Logger // nil: nothing is logged
}

func (o *Options) fill() {
	word := func(s *string, otherwise string) {
		if *s == "" {
			*s = otherwise
		}
	}
	word(&o.Username, "klien-esign")
	word(&o.Password, "rahasia-esign")
	word(&o.Operator, "operator.contoh")
	word(&o.OperatorPassword, "rahasia-operator")
	word(&o.TOTPSecret, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
	word(&o.ResetHost, "esign-bsre.bssn.go.id")
	word(&o.SiteAddr, "127.0.0.1:0")
	span := func(d *time.Duration, otherwise time.Duration) {
		if *d == 0 {
			*d = otherwise
		}
	}
	span(&o.Gap, 400*time.Millisecond)
	span(&o.LinkLife, 24*time.Hour)
	span(&o.AccessLife, 5*time.Minute)
	span(&o.RefreshLife, 30*time.Minute)
	if o.Persons == nil {
		o.Persons = Samples()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
}

// World is a pretend BSrE. It is safe for concurrent use.
type World struct {
	options   Options
	authority *authority
	pages     *template.Template
	mailText  *text.Template
	servers   []*server
	serving   bool
	ports     map[Place]string // of what Start listens on
	mailing   sync.WaitGroup

	mu       sync.Mutex
	variant  Variant
	persons  map[string]*person // by NIK
	order    []*person
	modes    map[Place]setting
	requests []*Request
	watchers map[*watcher]struct{}
	closed   chan struct{}
	rewrite  func(path string, answer []byte) []byte

	// The sign-on's and the portal's memory.
	used   map[string]time.Time // one-time codes
	access map[string]time.Time // tokens and their ends

	sessionOf map[string]string // by access token
	apis      []string          // that are there; nil: v1 and v2

	refresh  map[string]*grant
	lastCall time.Time     // to the portal
	ahead    time.Duration // the sign-on's clock

	// The site's memory.
	links  map[string]*link
	phones map[string]*WhatsApp
	mails  []Mail
}

// person is a Person with what happened to them.
type person struct {
	Person
	id         string
	resets     int
	passphrase string
	changed    int
	messages   []*WhatsApp

	pendingNumber string // a phone number that was edited and not approved
}

// New makes a world. It serves nothing until Start, or until its handlers are
// used.
func New(o Options) (*World, error) {
	o.fill()
	w := &World{
		options: o, variant: o.Variant, ports: map[Place]string{},
		persons: map[string]*person{}, modes: map[Place]setting{}, watchers: map[*watcher]struct{}{}, closed: make(chan struct{}),
		used: map[string]time.Time{}, access: map[string]time.Time{}, sessionOf: map[string]string{}, refresh: map[string]*grant{},
		links: map[string]*link{}, phones: map[string]*WhatsApp{},
	}
	for i, p := range o.Persons {
		known := &person{Person: p, id: fmt.Sprintf("%08x-0000-4000-8000-%012x", 0xb5e00000+i, i+1)}
		w.persons[p.NIK] = known
		w.order = append(w.order, known)
	}
	a, err := newAuthority(o.ResetHost, o.Now())
	if err != nil {
		return nil, err
	}
	w.authority = a
	if w.pages, err = template.ParseFS(files, "pages/*.html"); err != nil {
		return nil, fmt.Errorf("read the site's pages: %w", err)
	}
	if w.mailText, err = text.ParseFS(files, "pages/mail.txt"); err != nil {
		return nil, fmt.Errorf("read the reset mail: %w", err)
	}
	return w, nil
}

// SiteTLS is the site's certificate, from an authority that no browser trusts.
func (w *World) SiteTLS() *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{w.authority.site}, MinVersion: tls.VersionTLS12}
}

// CAPEM is the site's authority in PEM: "OSD LU Kelas 2" and its root.
func (w *World) CAPEM() []byte { return w.authority.pem }

// ResetSite is the host whose links are genuine, with a port where the links
// have one: the value of the setting RESET_SITE.
func (w *World) ResetSite() string {
	if w.options.LinkHost != "" {
		return w.options.LinkHost
	}
	if port := w.ports[placeSite]; port != "" && port != "443" {
		return net.JoinHostPort(w.options.ResetHost, port)
	}
	return w.options.ResetHost
}

// Persons are the people whom this BSrE knows, as they are now.
func (w *World) Persons() []Person {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := make([]Person, 0, len(w.order))
	for _, p := range w.order {
		all = append(all, p.Person)
	}
	return all
}

// Change changes what is known of a person. It does nothing when nobody has
// the NIK.
func (w *World) Change(nik string, change func(*Person)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if p := w.persons[nik]; p != nil {
		change(&p.Person)
		w.tell(nik)
	}
}

// SetRewrite has every answer of the portal's that is no fault rewritten
// before it is sent; nil: none.
func (w *World) SetRewrite(rewrite func(path string, answer []byte) []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rewrite = rewrite
}

// ResetsOf counts the resets that took effect for a person.
func (w *World) ResetsOf(nik string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	if p := w.persons[nik]; p != nil {
		return p.resets
	}
	return 0
}

// ChangesOf counts how often a person's passphrase was replaced on the site.
func (w *World) ChangesOf(nik string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	if p := w.persons[nik]; p != nil {
		return p.changed
	}
	return 0
}
