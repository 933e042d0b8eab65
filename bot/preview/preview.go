// Package preview shows guides in a browser, as both platforms will show
// them, to those who write them.
package preview

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"resetpin/bot/ownpage"
)

// Options say what to show and where.
type Options struct {
	Dir    string        // folder of guides, as GUIDES_DIR; empty: the built-in ones
	Listen string        // HOST:PORT of this machine's own loopback
	Every  time.Duration // between looks at the folder; 0: half a second
	Out    io.Writer     // is told the address
}

const lookEvery = 500 * time.Millisecond

// Run serves the page until ctx ends. It fails when the address is not on
// loopback or cannot be listened on.
func Run(ctx context.Context, o Options) error {
	if err := ownpage.Loopback(o.Listen); err != nil {
		return err
	}
	if o.Every <= 0 {
		o.Every = lookEvery
	}
	p, err := load(o.Dir)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", o.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", o.Listen, err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	// Streams end with the base context, so that nothing holds the stop up.
	server := &http.Server{Handler: ownpage.Guard(listener.Addr(), policy, p.routes()), ReadHeaderTimeout: 5 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	if _, err := fmt.Fprintf(o.Out, "The guides are shown at http://%s/\nStop with Ctrl+C.\n", listener.Addr()); err != nil {
		return errors.Join(fmt.Errorf("tell the address: %w", err), listener.Close())
	}
	go p.watch(ctx, o.Every)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve the preview: %w", err)
	case <-ctx.Done():
	}
	stop, done := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer done()
	if err := server.Shutdown(stop); err != nil {
		return fmt.Errorf("stop the preview: %w", err)
	}
	return nil
}

// policy lets the page load nothing but its own files.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
