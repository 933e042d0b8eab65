package mattermost

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"resetpin/bot"
	"resetpin/bot/mattermost/server"
	"resetpin/bot/platform"
)

// Run hears direct messages by websocket and hands them over, until ctx ends;
// then it returns nil. A server that is down, a cut connection and a refused token are no reason to
// end: it tries again, and Ready tells.
func (a *Adapter) Run(ctx context.Context, to bot.Receiver) error {
	defer a.c.HTTPClient.CloseIdleConnections()
	s := &stream{a: a, to: to, behind: true}
	pauses := platform.Backoff(a.c.Timing.Backoff, a.c.Timing.Slowest)
	for ctx.Err() == nil {
		s.greeted = false
		err := s.connect(ctx)
		if s.greeted {
			pauses = platform.Backoff(a.c.Timing.Backoff, a.c.Timing.Slowest)
		}
		pause := pauses()
		s.lost(ctx, err, pause)
		_ = platform.Sleep(ctx, pause)
	}
	return nil
}

// lost tells why the connection ended, unless the program does.
func (s *stream) lost(ctx context.Context, err error, pause time.Duration) {
	if ctx.Err() != nil {
		return
	}
	s.a.health.set(fmt.Errorf("mattermost: no direct messages can be heard: %w", err))
	log := s.a.c.Logger
	switch {
	case errors.Is(err, errToken):
		log.Error("mattermost refuses the bot's token", "error", err, "pause", pause.String())
	case s.greeted:
		log.Info("the websocket to mattermost was cut", "error", err)
	default:
		log.Warn("mattermost cannot be reached", "error", err, "pause", pause.String())
	}
}

// checkToken asks the server whether it still takes the bot's token, and who
// the bot is when that is not known yet. A websocket whose token was revoked
// stays open and silent.
func (a *Adapter) checkToken(ctx context.Context) error {
	if a.me.get().ID == "" {
		_, err := a.Me(ctx)
		return tokenError(err)
	}
	ctx, cancel := context.WithTimeout(ctx, a.c.Timing.Call)
	defer cancel()
	_, r, err := a.api.GetMe(ctx, "")
	if r != nil {
		a.authority.hear(r.Header, a.c.Now())
	}
	if err != nil {
		e := server.Explain("ask whether the token is good", r, err)
		a.health.heard(e)
		return tokenError(e)
	}
	a.health.accepted()
	return nil
}

// tokenError says what to do when an error is the token's.
func tokenError(err error) error {
	if e := server.Refusal(err); e != nil && e.Status == 401 {
		return errToken
	}
	return err
}

// stream is what is known of the websocket over all its connections.
type stream struct {
	a       *Adapter
	to      bot.Receiver
	id      string // of the connection, to resume it; empty: it cannot be
	next    int64  // number of the next event behind those that were taken over
	behind  bool   // events may be missing: what was written meanwhile must be read
	greeted bool   // the current connection is good

	heard  []bot.Update // not taken over yet: those of a rush are handed over together
	events int64        // in which they came, and others that are nothing to the bot
}

// startOver gives up resuming: what is missing is read instead.
func (s *stream) startOver() { s.id, s.behind = "", true }

// keepMark remembers until when everything that was written is in the inbox.
func (s *stream) keepMark(ctx context.Context, ms int64) {
	if ms <= 0 || s.behind {
		return
	}
	if err := s.a.putMark(ctx, ms); err != nil && ctx.Err() == nil {
		s.a.c.Logger.Warn("mattermost: how far was read could not be kept", "error", err)
	}
}

// take handles what the server sent; what people did in it is kept with the next
// call of keep. An error ends the connection.
func (s *stream) take(ctx context.Context, f frame) error {
	if f.isReply() || f.Event == model.WebsocketEventHello {
		if err := s.keep(ctx); err != nil {
			return err
		}
	}
	if f.isReply() {
		return s.takePong(ctx, f)
	}
	if f.Event == model.WebsocketEventHello {
		return s.takeHello(ctx, f)
	}
	if err := s.greet(ctx); err != nil {
		return err
	}
	if want := s.next + s.events; f.Seq != want {
		s.startOver()
		return fmt.Errorf("event %d came instead of %d", f.Seq, want)
	}
	u, ok, err := s.a.heard(ctx, f)
	if err != nil {
		return err
	}
	s.events++
	if ok {
		s.heard = append(s.heard, u)
	}
	return nil
}

// keep hands over what was heard.
func (s *stream) keep(ctx context.Context) error {
	if len(s.heard) > 0 {
		if err := s.insist(ctx, s.heard...); err != nil {
			return err
		}
	}
	s.next += s.events
	s.heard, s.events = nil, 0
	return nil
}

// takeHello begins a connection that was not resumed: what came meanwhile is
// not sent again.
func (s *stream) takeHello(ctx context.Context, f frame) error {
	s.id, s.next, s.behind = f.connectionID(), f.Seq+1, true
	return s.greet(ctx)
}

// takePong hears that everything sent before was received. When it is the
// connection's first word, hello may still follow and say that events are
// missing: then the mark must not have moved.
func (s *stream) takePong(ctx context.Context, f frame) error {
	if f.Status != model.StatusOk {
		return errors.New("the server refuses the websocket")
	}
	first := !s.greeted
	if err := s.greet(ctx); err != nil {
		return err
	}
	if !first {
		s.keepMark(ctx, f.serverTime())
	}
	return nil
}

// greet makes the connection count as good: with its first word, and when
// nothing is missing.
func (s *stream) greet(ctx context.Context) error {
	if s.greeted && !s.behind {
		return nil
	}
	if s.behind {
		if err := s.catchUp(ctx); err != nil {
			return err
		}
		s.behind = false
	}
	s.greeted = true
	s.a.health.set(nil)
	s.a.c.Logger.Info("connected to mattermost")
	return nil
}

// insist hands updates over, until they are taken. What cannot be stored now
// must not be passed over.
func (s *stream) insist(ctx context.Context, updates ...bot.Update) error {
	pauses := platform.Backoff(s.a.c.Timing.Backoff, s.a.c.Timing.Slowest)
	for {
		take, cancel := context.WithTimeout(ctx, takeBound)
		err := s.to.Receive(take, updates...)
		cancel()
		if err == nil || ctx.Err() != nil {
			return err
		}
		s.a.c.Logger.Error("mattermost: messages could not be taken over; it is tried again", "error", err)
		pause := pauses()
		_ = platform.Sleep(ctx, pause)
	}
}
