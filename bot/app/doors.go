package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// A request is short, and comes over the network of the house: one that drips
// in is let go, and so is who does not take the answer. The longest answer is
// Mattermost's, which waits until a request is stored. A connection is kept for
// the next request.
const (
	readTime  = 10 * time.Second
	writeTime = 30 * time.Second
	idleTime  = 2 * time.Minute
)

// door is an address at which the program listens.
type door struct {
	listener net.Listener
	server   *http.Server
}

// listen takes the addresses; nobody is let in yet.
func (a *App) listen(ctx context.Context) error {
	if err := a.addDoor(ctx, "LISTEN_ADDR", a.s.ListenAddr, a.mux); err != nil {
		return err
	}
	if a.s.AdminListenAddr == "" {
		return nil
	}
	if err := a.addDoor(ctx, "ADMIN_LISTEN_ADDR", a.s.AdminListenAddr, a.admin); err != nil {
		return errors.Join(err, a.doors[0].listener.Close())
	}
	return nil
}

func (a *App) addDoor(ctx context.Context, setting, address string, h http.Handler) error {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("%s: %w", setting, err)
	}
	a.doors = append(a.doors, &door{listener: listener, server: &http.Server{
		Handler: h, ReadHeaderTimeout: readTime, ReadTimeout: readTime, WriteTimeout: writeTime, IdleTimeout: idleTime,
		ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}})
	return nil
}

// open lets people in until the server is shut down.
func (d *door) open() error {
	if err := d.server.Serve(d.listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve HTTP: %w", err)
	}
	return nil
}
