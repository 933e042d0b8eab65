package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"resetpin/store"
	"resetpin/store/storetest"
)

// rowsOf gives a table's rows as text, in an order of their own.
func rowsOf(t *testing.T, s *store.Store, table string, columns ...string) []string {
	t.Helper()
	what := "*"
	if len(columns) > 0 {
		what = strings.Join(columns, ", ")
	}
	found, err := store.Writer(s).QueryContext(t.Context(), "SELECT "+what+" FROM "+table)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = found.Close() }()
	if columns, err = found.Columns(); err != nil {
		t.Fatal(err)
	}
	var out []string
	for found.Next() {
		row, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := found.Scan(into...); err != nil {
			t.Fatal(err)
		}
		cells := make([]string, len(columns))
		for i, c := range columns { // the engines may have them in another order
			cells[i] = fmt.Sprintf("%s=%v", c, row[i])
		}
		slices.Sort(cells)
		out = append(out, fmt.Sprint(cells))
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

// columnsOf gives a table's columns on PostgreSQL.
func columnsOf(t *testing.T, s *store.Store, table string) []string {
	t.Helper()
	found, err := store.Writer(s).QueryContext(t.Context(), "SELECT * FROM "+table+" LIMIT 0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = found.Close() }()
	columns, err := found.Columns()
	if err := errors.Join(err, found.Err()); err != nil {
		t.Fatal(err)
	}
	return columns
}

// fill gives every table rows: those that no call below fills get made ones.
func fill(t *testing.T, s *store.Store) []string {
	t.Helper()
	load(t, s, budi, sari)
	link(t, s, phone, budi.NIP)
	issue(t, s, ask(other, sari.NIP, "111111", noon))
	request(t, s, want("press", phone, noon))
	add(t, s, update("open", "a", "x"))
	audit(t, s, event("x"))
	var tables []string
	found, err := store.Writer(s).QueryContext(t.Context(), `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'goose%' AND name NOT LIKE 'river%'`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = found.Close() }()
	for found.Next() {
		var name string
		if err := found.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		if count(t, s, "SELECT count(*) FROM "+table) == 0 {
			fillTable(t, s, table)
		}
	}
	return tables
}

// fillTable puts one row of the columns' types into a table.
func fillTable(t *testing.T, s *store.Store, table string) {
	t.Helper()
	var columns, values string
	found, err := store.Writer(s).QueryContext(t.Context(), `SELECT name, type FROM pragma_table_info($1)`, table)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = found.Close() }()
	for found.Next() {
		var name, kind string
		if err := found.Scan(&name, &kind); err != nil {
			t.Fatal(err)
		}
		value := map[string]string{"INTEGER": "42", "TEXT": "'x'", "BLOB": "x'0102'"}[kind]
		if value == "" {
			t.Fatalf("%s.%s is of the type %q, of which the move knows nothing", table, name, kind)
		}
		columns, values = columns+", "+name, values+", "+value
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	exec(t, s, fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", table, columns[2:], values[2:]))
}

// From a file to a server: every row of every table comes along, and the bot
// goes on there.
func TestAMovedDatabaseHoldsEverything(t *testing.T) {
	url := storetest.SQLite(t)
	from := openWith(t, url, store.Options{Key: storetest.Key(), Serve: true})
	tables := fill(t, from)
	if len(tables) < 15 {
		t.Fatalf("only %v", tables)
	}
	to := storetest.Open(t, storetest.Postgres(t))
	if _, err := from.Move(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		columns := columnsOf(t, to, table)
		if a, b := rowsOf(t, from, table, columns...), rowsOf(t, to, table, columns...); !slices.Equal(a, b) {
			t.Errorf("%s:\n%v\nmoved\n%v", table, a, b)
		}
	}
	if n := jobsOf(t, to, "reset"); n != 1 {
		t.Errorf("%d jobs came along, want 1", n)
	}
	if got := linked(t, to, phone); got.Employee != budi {
		t.Errorf("%+v", got)
	}
	audit(t, to, event("y")) // numbers begin after those that came along
	issue(t, to, ask(other, sari.NIP, "222222", noon))
	if _, err := from.Move(t.Context(), to); !errors.Is(err, store.ErrNotEmpty) {
		t.Errorf("once more: %v", err)
	}
}

func TestAMoveThatFailsLeavesNothing(t *testing.T) {
	from := openWith(t, storetest.SQLite(t), store.Options{Key: storetest.Key(), Serve: true})
	tables := fill(t, from)
	to := storetest.Open(t, storetest.Postgres(t))
	refuse(t, to, "walks", "guide", "x")
	if _, err := from.Move(t.Context(), to); err == nil {
		t.Fatal("nothing was refused")
	}
	for _, table := range tables {
		if n := count(t, to, "SELECT count(*) FROM "+table); n != 0 && table != "kv" {
			t.Errorf("%s has %d rows", table, n)
		}
	}
	if _, err := to.Move(t.Context(), from); err == nil {
		t.Error("moved from PostgreSQL to SQLite")
	}
}
