package mattermost

import (
	"context"
	"errors"
	"net/http"
	"resetpin/bot/mattermost/server"
	"sync"
)

var (
	errNotConnected = errors.New("mattermost: the websocket is not connected yet")
	errToken        = errors.New("mattermost: the server refuses the bot's token: it was revoked or has expired, or the bot's account is disabled, as happens with its owner's (look under Integrations > Bot Accounts); resetpin mattermost setup --new-token makes a new one for MATTERMOST_BOT_TOKEN")
)

// health is why the platform cannot be served just now.
type health struct {
	mu      sync.Mutex
	state   error // nil: connected
	refused bool  // the token was
}

func (h *health) set(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.state = err
	if err == nil {
		h.refused = false
	}
}

// accepted notes that the server takes the token.
func (h *health) accepted() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.refused = false
}

// heard notes a refused token: a websocket that is open says nothing of it.
func (h *health) heard(e *server.Error) {
	if e.Status != http.StatusUnauthorized {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.refused = true
}

// Ready tells why Mattermost cannot be served just now, or nil.
func (a *Adapter) Ready(context.Context) error {
	a.health.mu.Lock()
	defer a.health.mu.Unlock()
	if a.health.refused {
		return errToken
	}
	return a.health.state
}
