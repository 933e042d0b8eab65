package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// What waiting mends is told from what only a person can.
func TestWhoMayAnswerLater(t *testing.T) {
	for name, c := range map[string]struct {
		err   error
		later bool
	}{
		"nobody listens":           {&net.OpError{Op: "dial", Err: errors.New("connection refused")}, true},
		"the name is not known":    {&net.DNSError{Err: "no such host"}, true},
		"it says nothing":          {context.DeadlineExceeded, true},
		"it cuts the connection":   {fmt.Errorf("receive: %w", io.ErrUnexpectedEOF), true},
		"it is starting up":        {&pgconn.PgError{Code: "57P03"}, true},
		"it is full":               {&pgconn.PgError{Code: "53300"}, true},
		"a wrong password":         {&pgconn.PgError{Code: "28P01"}, false},
		"no such database":         {&pgconn.PgError{Code: "3D000"}, false},
		"it refuses TLS":           {errors.New("server refused TLS connection"), false},
		"nobody may read a schema": {&pgconn.PgError{Code: "42501"}, false},
	} {
		if got := errors.Is(connecting(c.err, &pgx.ConnConfig{}), ErrUnreachable); got != c.later {
			t.Errorf("%s: waits %t, want %t", name, got, c.later)
		}
	}
}
