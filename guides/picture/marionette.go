package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// marionette speaks Firefox's remote protocol: messages in JSON, each behind
// its length and a colon.
// https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
type marionette struct {
	conn net.Conn
	in   *bufio.Reader
	last int
}

// remoteError is what Firefox says of a command that failed.
type remoteError struct {
	Kind    string `json:"error"`
	Message string `json:"message"`
}

func (e *remoteError) Error() string { return e.Kind + ": " + e.Message }

func dialMarionette(ctx context.Context, addr string) (*marionette, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("reach firefox: %w", err)
	}
	m := &marionette{conn: conn, in: bufio.NewReader(conn)}
	if _, err := m.read(); err != nil { // it says who it is
		return nil, errors.Join(err, conn.Close())
	}
	return m, nil
}

// call runs a command and decodes its result into to, unless to is nil.
func (m *marionette) call(command string, arguments, to any) error {
	m.last++
	message, err := json.Marshal([]any{0, m.last, command, arguments})
	if err != nil {
		return fmt.Errorf("firefox: %s: %w", command, err)
	}
	if err := m.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return fmt.Errorf("firefox: %s: %w", command, err)
	}
	if _, err := fmt.Fprintf(m.conn, "%d:%s", len(message), message); err != nil {
		return fmt.Errorf("firefox: %s: %w", command, err)
	}
	data, err := m.read()
	if err != nil {
		return fmt.Errorf("firefox: %s: %w", command, err)
	}
	var problem *remoteError
	var result json.RawMessage
	if err := json.Unmarshal(data, &[]any{nil, nil, &problem, &result}); err != nil {
		return fmt.Errorf("firefox: %s: %w", command, err)
	}
	if problem != nil {
		return fmt.Errorf("firefox: %s: %w", command, problem)
	}
	if to == nil {
		return nil
	}
	if err := json.Unmarshal(result, to); err != nil {
		return fmt.Errorf("firefox: %s: %w", command, err)
	}
	return nil
}

// read reads one message.
func (m *marionette) read() ([]byte, error) {
	length, err := m.in.ReadString(':')
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(strings.TrimSuffix(length, ":"))
	if err != nil || n < 0 || n > 64<<20 {
		return nil, fmt.Errorf("a message of %q bytes", length)
	}
	data := make([]byte, n)
	_, err = io.ReadFull(m.in, data)
	return data, err
}

// script runs JavaScript and decodes what it returns into to, unless to is
// nil.
func (m *marionette) script(js string, to any) error {
	var answer struct{ Value json.RawMessage }
	if err := m.call("WebDriver:ExecuteScript", map[string]any{"script": js, "args": []any{}}, &answer); err != nil {
		return err
	}
	if to == nil {
		return nil
	}
	if err := json.Unmarshal(answer.Value, to); err != nil {
		return fmt.Errorf("firefox: read what a script gives: %w", err)
	}
	return nil
}
