// Package sandbox is the whole system on one machine with nothing configured:
// the real bot with its real Telegram channel, in a world of pretend servers,
// and a page on which one is an employee in that world. Everything listens on
// the loopback interface only.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"resetpin/bot/ownpage"
)

// friendly is where the page is looked for first.
const friendly = "127.0.0.1:8090"

// Options are the choices for a sandbox; the zero value is good.
type Options struct {
	DataDir string       // keeps the database from one run to the next; empty: a temporary folder that goes with the sandbox
	Listen  string       // where the page is served, on a loopback address; empty: 127.0.0.1:8090, or a free port when that is taken
	Stdout  io.Writer    // for Run: where the page's address is printed; nil: nowhere
	Logger  *slog.Logger // nil: silent
}

// Sandbox is a running sandbox.
type Sandbox struct {
	URL string // the page's address, with a trailing slash

	world *world
	http  *http.Server
	stop  context.CancelFunc // ends the page's streams and the bot
	done  chan struct{}      // closed when the bot has ended
	err   error              // why the bot ended; set before done is closed
	close func() error
}

// Run starts a sandbox, prints its address and works until ctx ends. It gives
// nil after a clean stop, and an error when something cannot be started or
// the bot ends by itself.
func Run(ctx context.Context, o Options) error {
	s, err := Start(ctx, o)
	if err != nil {
		return err
	}
	if o.Stdout != nil {
		if _, err := fmt.Fprintf(o.Stdout, "%s\n", s.URL); err != nil {
			return errors.Join(fmt.Errorf("print the address: %w", err), s.Close())
		}
	}
	select {
	case <-ctx.Done():
	case <-s.done:
	}
	return s.Close()
}

// pagePolicy lets the page load nothing but its own files.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Start starts a sandbox and returns when its page can be opened. It fails
// when an address is taken or not loopback, or a folder cannot be written. It
// works until Close, whatever becomes of ctx.
func Start(ctx context.Context, o Options) (*Sandbox, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	listener, err := listen(ctx, o.Listen)
	if err != nil {
		return nil, err
	}
	w, err := startWorld(ctx, o)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	s, err := serve(ctx, listener, w, o)
	if err != nil {
		return nil, errors.Join(err, listener.Close(), w.close())
	}
	return s, nil
}

// listen takes the page's address.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	var lc net.ListenConfig
	if addr != "" {
		if err := ownpage.Loopback(addr); err != nil {
			return nil, err
		}
		l, err := lc.Listen(ctx, "tcp", addr)
		if err != nil {
			return nil, fmt.Errorf("serve the page: %w", err)
		}
		return l, nil
	}
	l, err := lc.Listen(ctx, "tcp", friendly)
	if err != nil {
		l, err = lc.Listen(ctx, "tcp", "127.0.0.1:0")
	}
	if err != nil {
		return nil, fmt.Errorf("serve the page: %w", err)
	}
	return l, nil
}

// serve runs the bot and the page.
func serve(ctx context.Context, l net.Listener, w *world, o Options) (*Sandbox, error) {
	pages, err := renderPages(w.faces())
	if err != nil {
		return nil, err
	}
	page := &server{
		pages: pages, people: w.people, telegram: w.telegram, botName: botName, office: w.office, desk: w.desk,
		post: &post{w.mail}, bsre: w.bsre, outside: newOutside(), log: o.Logger,
	}
	handler, err := page.handler()
	if err != nil {
		return nil, err
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	s := &Sandbox{URL: "http://" + l.Addr().String() + "/", world: w, stop: stop, done: make(chan struct{})}
	s.http = &http.Server{
		Handler: ownpage.Guard(l.Addr(), pagePolicy, handler), ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return running },
		ErrorLog:    slog.NewLogLogger(o.Logger.Handler(), slog.LevelDebug),
	}
	go func() {
		defer close(s.done)
		s.err = w.bot.Run(running)
	}()
	go func() {
		if err := s.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			o.Logger.Error("the page is not served any more", "error", err)
		}
	}()
	s.close = sync.OnceValue(s.end)
	return s, nil
}

// Close stops the page, the bot and the pretend world, and removes the
// temporary folder. It may be called more than once. It gives what the bot
// ended with, if that was an error.
func (s *Sandbox) Close() error { return s.close() }

func (s *Sandbox) end() error {
	s.stop()
	<-s.done
	return errors.Join(s.err, s.http.Close(), s.world.close())
}
