package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// healthBound is how long the bot may take to tell how it is: its own look at
// its parts ends after 5 s.
const healthBound = 8 * time.Second

// healthPause lies between two looks of one who waits.
const healthPause = 200 * time.Millisecond

type healthCommand struct {
	Wait time.Duration `placeholder:"30s" help:"Wait so long for it to become ready, after a start for example."`
}

// Run asks the bot that serves with the same settings whether it is ready. It
// prints what /readyz lists, a line each, and that it is ready; it fails unless
// the list is nothing but remarks.
func (h healthCommand) Run(c *call) error {
	s, err := c.settings()
	if err != nil {
		return err
	}
	address := s.ListenAddr
	if s.AdminListenAddr != "" {
		address = s.AdminListenAddr
	}
	ctx, cancel := context.WithTimeout(c.ctx, h.Wait)
	defer cancel()
	ready, err := askReady(c.ctx, address)
	for !ready.ok && ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-time.After(healthPause):
			ready, err = askReady(c.ctx, address)
		}
	}
	if err != nil {
		return fmt.Errorf("nobody tells at %s whether the bot is ready: %w; is it running, with these settings?", address, err)
	}
	for _, line := range ready.lines {
		if _, err := fmt.Fprintln(c.env.Stdout, line); err != nil {
			return err
		}
	}
	if !ready.ok {
		return errors.New("the bot is not ready")
	}
	_, err = fmt.Fprintln(c.env.Stdout, "the bot is ready")
	return err
}

// readiness is what /readyz answered.
type readiness struct {
	ok    bool
	lines []string
}

// askReady asks the bot on this machine: an address such as 0.0.0.0:8080 is
// reached at the loopback one, and no proxy stands between.
func askReady(ctx context.Context, address string) (readiness, error) {
	ctx, cancel := context.WithTimeout(ctx, healthBound)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/readyz", nil)
	if err != nil {
		return readiness{}, err
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(req)
	if err != nil {
		return readiness{}, errors.Unwrap(err) // without the address once more
	}
	defer func() { _ = answer.Body.Close() }() // it was only read
	var list []struct{ Part, What string }
	if err := json.NewDecoder(answer.Body).Decode(&list); err != nil {
		return readiness{}, fmt.Errorf("another program answers there (status %d)", answer.StatusCode)
	}
	r := readiness{ok: answer.StatusCode == http.StatusOK}
	for _, p := range list {
		r.lines = append(r.lines, p.Part+": "+p.What)
	}
	return r, nil
}
