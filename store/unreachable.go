package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// ErrUnreachable says that PostgreSQL does not answer, or not yet: it may do
// so without anybody mending a setting.
var ErrUnreachable = errors.New("PostgreSQL does not answer")

// The states of a server that starts, stops or is full
// (https://www.postgresql.org/docs/current/errcodes-appendix.html).
const (
	stateAdminShutdown = "57P01"
	stateCrashShutdown = "57P02"
	stateCannotConnect = "57P03" // it is starting up, stopping or recovering
	stateTooMany       = "53300"
)

// connecting words the error of a first connection, and marks it when the
// server may answer later.
func connecting(err error, to *pgx.ConnConfig) error {
	words := oneLine(err)
	if grant := letIn(err, to); grant != "" {
		return fmt.Errorf("open database: %w; let the owner of the database run: %s", words, grant)
	}
	if mayAnswerLater(err) {
		return fmt.Errorf("open database: %w: %w", ErrUnreachable, words)
	}
	return fmt.Errorf("open database: %w", words)
}

func mayAnswerLater(err error) bool {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		switch refused.Code {
		case stateAdminShutdown, stateCrashShutdown, stateCannotConnect, stateTooMany:
			return true
		}
		return false
	}
	var network *net.OpError
	var name *net.DNSError
	return errors.As(err, &network) || errors.As(err, &name) || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || // cut in the middle
		errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ENOENT) // no socket yet
}
