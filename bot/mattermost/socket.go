package mattermost

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"resetpin/bot/platform"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/mattermost/mattermost/server/public/model"
)

const (
	maxFrame   = 2 << 20 // bytes; the longest post is a tenth of it
	frameQueue = 1024    // frames that wait while the ones before are handled
)

// errFrame says that something came that no server of this kind sends.
var errFrame = errors.New("read from the websocket: not its form")

// connect opens the websocket, resumes what was cut where the server still
// has it, and handles what comes until the connection ends.
func (s *stream) connect(running context.Context) error {
	if err := s.a.checkToken(running); err != nil {
		return err
	}
	conn, err := s.dial(running)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(running)
	var work sync.WaitGroup
	defer work.Wait()
	defer cancel(nil)
	context.AfterFunc(ctx, func() { _ = conn.Close() }) // it ends reading and writing
	work.Go(func() { cancel(s.ping(ctx, conn)) })
	frames := make(chan frame, frameQueue)
	work.Go(func() {
		defer close(frames)
		cancel(s.read(ctx, conn, frames))
	})
	s.heard, s.events = nil, 0
	for f := range frames { // what was heard is good though the connection be cut
		err := s.take(running, f)
		if err != nil || len(frames) == 0 || len(s.heard) >= maxBatch {
			err = errors.Join(s.keep(running), err)
		}
		if err != nil {
			return err
		}
	}
	err = context.Cause(ctx)
	if errors.Is(err, errFrame) || errors.Is(err, websocket.ErrReadLimit) {
		s.startOver() // resumed, the same would come again
	}
	return err
}

// dial opens the websocket. It answers 101 even to a bad token: what counts is
// the first word that comes.
func (s *stream) dial(ctx context.Context) (*websocket.Conn, error) {
	t := s.a.c.Timing
	d := websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: t.Hello}
	if own, ok := s.a.c.HTTPClient.Transport.(*http.Transport); ok {
		d.Proxy, d.NetDialContext, d.TLSClientConfig = own.Proxy, own.DialContext, own.TLSClientConfig
		if d.TLSClientConfig != nil {
			d.TLSClientConfig = d.TLSClientConfig.Clone()
			d.TLSClientConfig.NextProtos = nil // an HTTP/2 connection carries no websocket here
		}
	}
	address := "ws" + strings.TrimPrefix(s.a.c.URL, "http") + model.APIURLSuffix + "/websocket"
	if s.id != "" {
		address += "?connection_id=" + s.id + "&sequence_number=" + strconv.FormatInt(s.next, 10)
	}
	conn, r, err := d.DialContext(ctx, address, http.Header{"Authorization": {"Bearer " + s.a.c.BotToken}, "User-Agent": {s.a.c.Agent}})
	if r != nil {
		_ = r.Body.Close()
	}
	if err != nil {
		if r != nil {
			return nil, fmt.Errorf("open the websocket: answered %d", r.StatusCode)
		}
		return nil, fmt.Errorf("open the websocket: %w", err)
	}
	conn.SetReadLimit(maxFrame)
	return conn, nil
}

// read gives what the server sends. The first word must come soon, and later
// ones as often as pings are answered.
func (s *stream) read(ctx context.Context, conn *websocket.Conn, out chan<- frame) error {
	t := s.a.c.Timing
	for wait := t.Hello; ; wait = t.Ping + t.Pong {
		if err := conn.SetReadDeadline(time.Now().Add(wait)); err != nil {
			return err
		}
		_, raw, err := conn.ReadMessage()
		if err != nil {
			return fmt.Errorf("read from the websocket: %w", err)
		}
		var f frame
		if err := json.Unmarshal(raw, &f); err != nil {
			return fmt.Errorf("%w (%T)", errFrame, err)
		}
		select {
		case out <- f:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// ping asks the server for a sign of life now and from time to time, and
// whether it still takes the bot's token.
func (s *stream) ping(ctx context.Context, conn *websocket.Conn) error {
	t := s.a.c.Timing
	for seq := int64(1); ; seq++ {
		if err := conn.SetWriteDeadline(time.Now().Add(t.Pong)); err != nil {
			return err
		}
		if err := conn.WriteJSON(model.WebSocketRequest{Seq: seq, Action: "ping"}); err != nil {
			return fmt.Errorf("ping the server: %w", err)
		}
		if platform.Sleep(ctx, t.Ping) != nil {
			return ctx.Err()
		}
		if err := s.a.checkToken(ctx); errors.Is(err, errToken) {
			return err
		}
	}
}
