// Package bidi drives Chromium and Firefox by WebDriver BiDi, which both
// speak: JSON over a WebSocket, with the same commands for either.
// https://www.w3.org/TR/webdriver-bidi/
package bidi

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/gorilla/websocket"
)

// Browser is a running browser that does what it is told, one thing after the
// other. It is not for several goroutines at once.
type Browser struct {
	conn     *websocket.Conn
	last     int
	patience time.Duration
	stop     func() error
}

// Error is what a browser says of a command that failed, such as to open a
// site whose certificate it does not trust: the browser's own page about that
// is then shown.
type Error struct {
	Kind    string `json:"error"`
	Message string `json:"message"`
}

func (e *Error) Error() string { return e.Kind + ": " + e.Message }

// dial connects to a browser.
func (b *Browser) dial(url string) error {
	conn, answer, err := websocket.DefaultDialer.Dial(url, nil)
	if err != nil {
		return fmt.Errorf("reach the browser: %w", err)
	}
	b.conn = conn
	return answer.Body.Close()
}

// call runs a command and decodes its result into to, unless to is nil. It
// waits for the answer as long as the browser's patience lasts.
func (b *Browser) call(method string, params, to any) error {
	b.last++
	result, err := b.exchange(map[string]any{"id": b.last, "method": method, "params": params})
	if err == nil && to != nil {
		err = json.Unmarshal(result, to)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	return nil
}

// exchange sends a command and waits for what the browser says to it.
func (b *Browser) exchange(command any) (json.RawMessage, error) {
	end := time.Now().Add(b.patience)
	if err := errors.Join(b.conn.SetWriteDeadline(end), b.conn.SetReadDeadline(end), b.conn.WriteJSON(command)); err != nil {
		return nil, err
	}
	for {
		var answer struct {
			ID      int             `json:"id"`
			Kind    string          `json:"error"`
			Message string          `json:"message"`
			Result  json.RawMessage `json:"result"`
		}
		switch err := b.conn.ReadJSON(&answer); {
		case err != nil:
			return nil, err
		case answer.ID != b.last: // something that happened, which nobody waits for
		case answer.Kind != "":
			return nil, &Error{answer.Kind, answer.Message}
		default:
			return answer.Result, nil
		}
	}
}

// Tabs are the browser's tabs and the frames in them, each before its own
// frames.
func (b *Browser) Tabs() ([]Tab, error) { return b.tree(struct{}{}) }

// Windows are what Firefox draws around its tabs, as pages that can be asked
// and told as its tabs are.
func (b *Browser) Windows() ([]Tab, error) { return b.tree(map[string]string{"moz:scope": "chrome"}) }

func (b *Browser) tree(params any) ([]Tab, error) {
	type node struct {
		Context  string `json:"context"`
		URL      string `json:"url"`
		Children []node `json:"children"`
	}
	var tree struct {
		Contexts []node `json:"contexts"`
	}
	err := b.call("browsingContext.getTree", params, &tree)
	var all []Tab
	var add func(nodes []node, frame bool)
	add = func(nodes []node, frame bool) {
		for _, n := range nodes {
			all = append(all, Tab{URL: n.URL, Frame: frame, browser: b, context: n.Context})
			add(n.Children, true)
		}
	}
	add(tree.Contexts, false)
	return all, err
}

// Close ends the browser and removes what it wrote.
func (b *Browser) Close() error {
	if b.conn != nil {
		// It may answer, or be gone before: that it ends, stop sees to.
		_ = b.call("browser.close", struct{}{}, nil)
		_ = b.conn.Close()
	}
	return b.stop()
}
