package telegramtest

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"time"
)

// webhook is where updates are pushed to.
type webhook struct {
	url         string
	secret      string
	connections int
	busy        int // deliveries under way
	generation  int // grows with every change
	errorAt     time.Time
	errorText   string
}

var secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]*$`)

// setWebhook sets or (deleteWebhook has no url) removes the webhook.
func (s *Server) setWebhook(q *request) (any, *failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	target, secret := q.params["url"], q.params["secret_token"]
	if target != "" {
		if f := checkWebhook(target, secret); f != nil {
			return nil, f
		}
	}
	if f := s.queue.readAllowed(q); f != nil {
		return nil, f
	}
	if isTrue(q.params["drop_pending_updates"]) {
		s.queue.updates = nil
	}
	connections := min(max(intParam(q, "max_connections", 40), 1), 100)
	hook := &s.queue.hook
	*hook = webhook{url: target, secret: secret, connections: connections, busy: hook.busy, generation: hook.generation + 1}
	for i := range s.queue.updates {
		s.queue.updates[i].after = time.Time{}
	}
	if target != "" {
		s.endPoll()
	}
	s.queue.wake()
	return true, nil
}

func checkWebhook(target, secret string) *failure {
	u, err := url.Parse(target)
	if err != nil || u.Host == "" {
		return bad("invalid webhook URL specified")
	}
	if u.Scheme != "https" && !loopback(u.Hostname()) { // a real server demands HTTPS everywhere
		return bad("bad webhook: An HTTPS URL must be provided for webhook")
	}
	if len(secret) > 256 {
		return bad("secret token is too long")
	}
	if !secretForm.MatchString(secret) {
		return bad("secret token contains unallowed characters")
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// webhookInfo is the answer to getWebhookInfo.
type webhookInfo struct {
	URL         string   `json:"url"`
	Custom      bool     `json:"has_custom_certificate"`
	Pending     int      `json:"pending_update_count"`
	ErrorAt     int64    `json:"last_error_date,omitempty"`
	ErrorText   string   `json:"last_error_message,omitempty"`
	Connections int      `json:"max_connections,omitempty"`
	Allowed     []string `json:"allowed_updates,omitempty"`
}

func (s *Server) getWebhookInfo(*request) (any, *failure) {
	hook := s.queue.hook
	info := webhookInfo{URL: hook.url, Pending: len(s.queue.updates), ErrorText: hook.errorText, Allowed: s.queue.allowed}
	if !hook.errorAt.IsZero() {
		info.ErrorAt = hook.errorAt.Unix()
	}
	if hook.url != "" {
		info.Connections = hook.connections
	}
	return info, nil
}

// pushLoop delivers updates to the webhook until the server closes: those of
// one chat in order, those of different chats side by side.
func (s *Server) pushLoop(ctx context.Context) {
	for ctx.Err() == nil {
		s.mu.Lock()
		pause := s.startPushes(ctx)
		changed := s.queue.changed
		s.mu.Unlock()
		timer := time.NewTimer(pause)
		select {
		case <-changed:
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// startPushes begins every delivery that may begin now and tells how long to
// sleep until the next one may.
func (s *Server) startPushes(ctx context.Context) time.Duration {
	pause := time.Hour
	hook := &s.queue.hook
	if hook.url == "" {
		return pause
	}
	held := map[int64]bool{} // chats with an earlier update still open
	for i := range s.queue.updates {
		u := &s.queue.updates[i]
		wait := time.Until(u.after)
		switch {
		case held[u.chat] || u.busy:
		case wait > 0:
			pause = min(pause, wait)
		case hook.busy < hook.connections:
			u.busy = true
			hook.busy++
			now, at := *u, *hook
			s.work.Go(func() { s.deliver(ctx, now, at) })
		}
		held[u.chat] = true
	}
	return pause
}

// deliver pushes one update and notes what became of it.
func (s *Server) deliver(ctx context.Context, u queued, hook webhook) {
	err := s.post(ctx, u, hook)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue.hook.busy--
	defer s.queue.wake()
	for i := range s.queue.updates {
		if s.queue.updates[i].id != u.id {
			continue
		}
		if err == nil {
			s.queue.updates = append(s.queue.updates[:i:i], s.queue.updates[i+1:]...)
			return
		}
		again := &s.queue.updates[i]
		again.busy = false
		again.after = time.Now().Add(s.o.Redeliver << min(again.tries, 4))
		again.tries++
		if s.queue.hook.generation == hook.generation {
			s.queue.hook.errorAt, s.queue.hook.errorText = s.o.Now(), err.Error()
		}
		return
	}
}

// post makes the webhook call; every answer of 2xx takes the update over.
func (s *Server) post(ctx context.Context, u queued, hook webhook) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, hook.url, bytes.NewReader(u.body))
	if err != nil {
		return wordf("Bad webhook: %s", err)
	}
	req.Header.Set("Content-Type", "application/json")
	if hook.secret != "" {
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", hook.secret)
	}
	resp, err := s.o.Client.Do(req)
	if err != nil {
		return wordf("Connection failed: %s", err)
	}
	_, err = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<20))
	if cerr := resp.Body.Close(); err == nil {
		err = cerr
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return wordf("Wrong response from the webhook: %s", resp.Status)
	}
	return err
}

// Hook sets the webhook as somebody else would; empty: takes it away.
func (s *Server) Hook(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue.hook = webhook{url: address, connections: 40, busy: s.queue.hook.busy, generation: s.queue.hook.generation + 1}
	s.queue.wake()
}

// HookFailed lets a delivery to the webhook have failed just now.
func (s *Server) HookFailed(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue.hook.errorAt, s.queue.hook.errorText = s.o.Now(), text
}
