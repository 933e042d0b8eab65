package app_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"time"

	_ "modernc.org/sqlite" // the same engine as the bot's
)

// benchFloor is the least that a program could do for /status: bare net/http,
// one indexed read, one call to BSrE, one sendMessage. It keeps nothing,
// orders nothing, retries nothing and checks no secret.
func benchFloor(ctx context.Context, world, dir string, out io.Writer) error {
	db, err := floorDatabase(ctx, dir, benchAccounts)
	if err != nil {
		return err
	}
	read, err := db.PrepareContext(ctx, "SELECT nik, name FROM employee WHERE account = $1")
	if err != nil {
		return err
	}
	f := &floor{world: world, read: read, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}}}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, "http://"+listener.Addr().String()); err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /telegram/webhook", f.webhook)
	return serveUntil(ctx, listener, mux)
}

type floor struct {
	world  string
	read   *sql.Stmt
	client *http.Client
}

func floorDatabase(ctx context.Context, dir string, accounts int) (*sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "floor.db")+"?_pragma=journal_mode(WAL)")
	if err != nil {
		return nil, err
	}
	if _, err := db.ExecContext(ctx, "CREATE TABLE employee (account INTEGER PRIMARY KEY, nik TEXT, name TEXT)"); err != nil {
		return nil, err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	for n := range accounts {
		if _, err := tx.ExecContext(ctx, "INSERT INTO employee VALUES ($1, $2, $3)", 1000+n, fmt.Sprintf("%016d", n), "Pegawai"); err != nil {
			return nil, errors.Join(err, tx.Rollback())
		}
	}
	return db, tx.Commit()
}

func (f *floor) webhook(w http.ResponseWriter, r *http.Request) {
	var update struct {
		Message struct {
			Text string
			From struct{ ID int64 }
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&update); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var nik, name string
	if err := f.read.QueryRowContext(r.Context(), update.Message.From.ID).Scan(&nik, &name); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	var status struct{ Status, Message string }
	if err := f.post(r.Context(), f.world+"/api/v2/user/check/status", map[string]string{"nik": nik}, &status); err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	text := name + ": " + status.Message + " (" + time.Now().Format(time.TimeOnly) + ")"
	message := map[string]string{"chat_id": strconv.FormatInt(update.Message.From.ID, 10), "text": text}
	if err := f.post(r.Context(), f.world+"/bot1:x/sendMessage", message, &struct{}{}); err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
	}
}

func (f *floor) post(ctx context.Context, url string, body map[string]string, into any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(data))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.SetBasicAuth("u", "p")
	resp, err := f.client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _, _ = io.Copy(io.Discard, resp.Body); _ = resp.Body.Close() }()
	return json.NewDecoder(resp.Body).Decode(into)
}
