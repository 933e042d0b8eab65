package store_test

import (
	"context"
	"crypto/rand"
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"resetpin/store"
	"resetpin/store/storetest"
)

// statements are those that an error wants to be run.
var statements = regexp.MustCompile(`run: ([^\n]*)`)

// ownerOf gives what runs statements as the owner of a database.
func ownerOf(t *testing.T, url string) func(query string) {
	return func(query string) {
		t.Helper()
		conn, err := pgx.Connect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close(context.Background()) }()
		if _, err := conn.Exec(t.Context(), query); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
}

// A role without rights is told which statements give them; who runs these to
// the letter is done.
func TestARoleWithoutRightsIsToldWhatToGrant(t *testing.T) {
	for _, tt := range []struct {
		name  string
		wrong string // run by the owner, %s is the role
		made  bool   // another role has made the tables
		want  string
	}{
		{name: "may not connect", wrong: `REVOKE CONNECT ON DATABASE %[2]s FROM PUBLIC`, want: "GRANT CONNECT ON DATABASE"},
		{name: "may not log in", wrong: `ALTER ROLE %[1]s NOLOGIN`, want: "ALTER ROLE %s LOGIN"},
		{name: "may not make tables", want: `GRANT USAGE, CREATE ON SCHEMA "public" TO %s`},
		{name: "may not look into the schema", wrong: `REVOKE ALL ON SCHEMA public FROM PUBLIC`, want: `GRANT USAGE, CREATE ON SCHEMA "public" TO %s`},
		{name: "tables of another", made: true, want: `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "public" TO %s`},
		{name: "may only read", wrong: `GRANT USAGE ON SCHEMA public TO %[1]s; GRANT SELECT ON ALL TABLES IN SCHEMA public TO %[1]s`, made: true,
			want: `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "public" TO %s`},
		{name: "may not count on", wrong: `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO %[1]s`, made: true,
			want: `GRANT USAGE ON ALL SEQUENCES IN SCHEMA "public" TO %s`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			url := storetest.Postgres(t)
			owner, role := ownerOf(t, url), `"Petugas-`+rand.Text()[:8]+`"` // a name that must be quoted, and nobody else's on the server
			name := strings.TrimSuffix(url[strings.LastIndexByte(url, '/')+1:], "?sslmode=disable")
			owner("CREATE ROLE " + role + " LOGIN")
			if tt.made {
				storetest.Open(t, url)
			}
			if tt.wrong != "" {
				owner(strings.NewReplacer("%[1]s", role, "%[2]s", name).Replace(tt.wrong))
			}
			url = strings.Replace(url, "tests@", strings.Trim(role, `"`)+"@", 1)
			want := strings.ReplaceAll(tt.want, "%s", role)
			open := func(look bool) error {
				s, err := store.Open(t.Context(), url, store.Options{Key: storetest.Key(), Look: look, Serve: !look})
				if err == nil {
					err = s.Close(context.Background())
				}
				return err
			}
			if err := open(false); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("serve is told: %v", err)
			}
			for range 3 { // one refusal may hide another
				err := open(true)
				if err == nil || errors.Is(err, store.ErrNoDatabase) {
					break
				}
				if strings.Contains(err.Error(), "\n") || want != "" && !strings.Contains(err.Error(), want) {
					t.Errorf("the doctor says: %v, want %s", err, want)
				}
				want = ""
				for _, found := range statements.FindAllStringSubmatch(err.Error(), -1) {
					owner(found[1])
				}
			}
			if want != "" {
				t.Error("the doctor finds nothing wrong")
			}
			if err := open(true); err != nil && !errors.Is(err, store.ErrNoDatabase) {
				t.Errorf("after that the doctor says: %v", err)
			}
			if err := open(false); err != nil {
				t.Errorf("after that serve is told: %v", err)
			}
		})
	}
}

// A server that takes no writes, as a standby, is no database for the bot.
func TestADatabaseThatTakesNoWritesIsTold(t *testing.T) {
	url := storetest.Postgres(t)
	storetest.Open(t, url)
	owner := ownerOf(t, url)
	role := "pembaca" + strings.ToLower(rand.Text()[:8])
	owner("CREATE ROLE " + role + " LOGIN SUPERUSER")
	owner("ALTER ROLE " + role + " SET default_transaction_read_only = on")
	for who, o := range map[string]store.Options{"the doctor": {Look: true}, "serve": {Serve: true}} {
		o.Key = storetest.Key()
		_, err := store.Open(t.Context(), strings.Replace(url, "tests@", role+"@", 1), o)
		if err == nil || !strings.Contains(err.Error(), "takes no writes") {
			t.Errorf("%s says: %v", who, err)
		}
	}
}
