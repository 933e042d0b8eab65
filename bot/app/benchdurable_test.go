package app_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"sync"
)

// benchDurable is the floor that commits every update before it answers.
func benchDurable(ctx context.Context, world, dir string, out io.Writer) error {
	db, err := floorDatabase(ctx, dir, benchAccounts)
	if err != nil {
		return err
	}
	f := &floor{world: world, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}}}
	if f.read, err = db.PrepareContext(ctx, "SELECT nik, name FROM employee WHERE account = $1"); err != nil {
		return err
	}
	d, err := newDurable(ctx, dir)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, "http://"+listener.Addr().String()); err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /telegram/webhook", func(w http.ResponseWriter, r *http.Request) {
		if err := d.keep(r); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		f.webhook(w, r)
	})
	return serveUntil(ctx, listener, mux)
}

// durable is the least that keeps what a command is before it acknowledges it,
// as the bot does: one transaction on the bot's own engine, in which the last
// answer, the status and the line of the record share the commit. What it
// costs beside the floor is what durability costs, whatever is built on it.
type durable struct {
	mu    sync.Mutex
	db    *sql.DB
	stmts []*sql.Stmt
	n     int64
}

func newDurable(ctx context.Context, dir string) (*durable, error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "floor.db")+"?_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	d := &durable{db: db}
	if _, err := db.ExecContext(ctx, `CREATE TABLE inbox (id INTEGER PRIMARY KEY, payload BLOB);
		CREATE TABLE status (account INTEGER PRIMARY KEY, value TEXT);
		CREATE TABLE audit (id INTEGER PRIMARY KEY, line TEXT)`); err != nil {
		return nil, err
	}
	for _, query := range []string{
		"INSERT INTO inbox VALUES ($1, $2)",
		"UPDATE inbox SET payload = NULL WHERE id = $1",
		"INSERT OR REPLACE INTO status VALUES ($1, $2)",
		"INSERT INTO audit (line) VALUES ($1)",
	} {
		stmt, err := db.PrepareContext(ctx, query) //nolint:sqlclosecheck // lives as long as the process
		if err != nil {
			return nil, err
		}
		d.stmts = append(d.stmts, stmt)
	}
	return d, nil
}

// keep commits an update with what the one before it left to write.
func (d *durable) keep(r *http.Request) error {
	payload, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	r.Body = io.NopCloser(bytes.NewReader(payload))
	var update struct {
		Message struct{ From struct{ ID int64 } }
	}
	if err := json.Unmarshal(payload, &update); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.n++
	tx, err := d.db.BeginTx(r.Context(), nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // nothing after a commit
	for i, args := range [][]any{{d.n, payload}, {d.n - 1}, {update.Message.From.ID, "ISSUE"}, {"/status by somebody, ok"}} {
		if _, err := tx.StmtContext(r.Context(), d.stmts[i]).ExecContext(r.Context(), args...); err != nil { //nolint:sqlclosecheck // the transaction ends it
			return err
		}
	}
	return tx.Commit()
}
