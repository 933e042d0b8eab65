package app_test

import (
	"crypto/rand"
	"database/sql"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"resetpin/bot/app"
	"resetpin/handlers/mail/mailtest"
	"resetpin/store/storetest"
)

// contents gives what stands in all tables of the database but the locks.
func (w *world) contents() string {
	w.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(w.dir, "bot.db")+"?_pragma=busy_timeout(10000)")
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var out strings.Builder
	for _, name := range w.rowsOf(db, `SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'leases' ORDER BY name`) {
		where := ""
		if name == "kv" {
			where = " WHERE name <> 'portal token'"
		}
		fmt.Fprintf(&out, "%s: %s\n", name, w.rowsOf(db, "SELECT * FROM "+name+where))
	}
	return out.String()
}

func (w *world) rowsOf(db *sql.DB, query string) []string {
	w.t.Helper()
	rows, err := db.QueryContext(w.t.Context(), query)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			w.t.Fatal(err)
		}
		var cells []string
		for _, v := range values {
			cells = append(cells, fmt.Sprint(*v.(*any)))
		}
		out = append(out, strings.Join(cells, ","))
	}
	if err := rows.Err(); err != nil {
		w.t.Fatal(err)
	}
	return out
}

func TestTheDoctorChangesNothing(t *testing.T) {
	w := newWorld(t)
	w.stop()
	before := w.contents()
	if out, fine := w.check(); !fine {
		t.Error(out)
	}
	if after := w.contents(); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
	if n := w.bsre.Sessions(); n != 0 {
		t.Errorf("%d sessions stay open at the sign-on", n)
	}
	none := filepath.Join(t.TempDir(), "none.db")
	w.extra = []string{"DATABASE_URL=sqlite:" + none}
	if out, fine := w.check(); fine || !strings.Contains(lineOf(out, "database"), "employees import") {
		t.Error(out)
	}
	if _, err := os.Stat(none); err == nil {
		t.Error("the doctor made a database")
	}
}

// The doctor looks as strictly as the bot lives.
func TestTheDoctorSeesWhatTheBotWouldMeet(t *testing.T) {
	w := newWorld(t)
	w.stop()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	go func() { // somebody who speaks something else
		for {
			c, err := taken.Accept()
			if err != nil {
				return
			}
			_ = c.Close()
		}
	}()
	open := filepath.Join(t.TempDir(), ".env")
	if err := os.WriteFile(open, []byte("LOG_LEVEL=info\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(open, 0o644); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, line, mark string
		want             []string
		wrong            func()
		extra            []string
	}{
		{name: "no help desk", line: "settings", mark: "advice", want: []string{"no help desk", "HELPDESK_CONTACT"}, extra: []string{"HELPDESK_CONTACT="}},
		{name: "a slip in the environment", line: "settings", mark: "advice", want: []string{"BSRE_PASWORD", "did you mean BSRE_PASSWORD?"},
			wrong: func() { w.from.Environ = []string{"BSRE_PASWORD=hunter2"} }},
		{name: "a file that all can read", line: "settings", mark: "WRONG", want: []string{"chmod 600 " + open}, wrong: func() { w.from.Dotenv = open }},
		{name: "a call that is the same for everybody", line: "settings", mark: "WRONG", want: []string{"{nik}"}, extra: []string{"BSRE_RESET=call", "BSRE_RESET_URL=http://127.0.0.1:1/reset"}},
		{name: "an address that is taken", line: "addresses", mark: "WRONG", want: []string{"LISTEN_ADDR", "in use"}, extra: []string{"LISTEN_ADDR=" + taken.Addr().String()}},
		{name: "an admin's address that is taken", line: "addresses", mark: "WRONG", want: []string{"ADMIN_LISTEN_ADDR", "in use"}, extra: []string{"ADMIN_LISTEN_ADDR=" + taken.Addr().String()}},
		{name: "the other API", line: "BSrE status", mark: "WRONG", want: []string{"set BSRE_API=v1"}, wrong: func() { w.bsre.SetAPIs("v1") }},
		{name: "a wrong secret beside a kept session", line: "BSrE reset", mark: "WRONG", want: []string{"BSRE_PORTAL_TOTP_SECRET"}, extra: []string{"BSRE_PORTAL_TOTP_SECRET=GEZDGNBVGY3TQOJQ"}},
		{name: "a sign-on whose clock differs", line: "BSrE reset", mark: "advice", want: []string{"this machine's clock is ", "behind", "NTP"}, wrong: func() { w.bsre.SetSignOnAhead(3 * time.Minute) }},
		{name: "a relay that refuses recipients", line: "mail", mark: "WRONG", want: []string{"an employee's address at", "relay"}, wrong: func() { w.mail.SetMode(mailtest.ModePermanent, 0) }},
		{name: "an issuer that nobody verified", line: "reset site", mark: "advice", want: []string{"Its issuer", "Compare with BSrE by telephone", "SHA-256"}, extra: []string{"RESET_SITE_CA_FILE="}},
		{name: "another's webhook", line: "Telegram", mark: "advice", want: []string{"a webhook is set", "contoh.go.id"}, wrong: func() { w.telegram.Hook("https://contoh.go.id/x") }},
		{name: "a webhook that cannot be reached", line: "Telegram", mark: "WRONG", want: []string{"updates could not be delivered to PUBLIC_URL", "Connection refused"},
			extra: []string{"TELEGRAM_MODE=webhook", "PUBLIC_URL=https://contoh.go.id"},
			wrong: func() {
				w.telegram.Hook("https://contoh.go.id/telegram/webhook")
				w.telegram.HookFailed("Connection refused")
			}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w.extra = tt.extra
			if tt.wrong != nil {
				tt.wrong()
			}
			out, _ := w.check()
			found := false
			for l := range strings.SplitSeq(out, "\n") {
				fits := strings.HasPrefix(l, tt.mark) && strings.Contains(l, " "+tt.line+" ")
				for _, want := range tt.want {
					fits = fits && strings.Contains(l, want)
				}
				found = found || fits
			}
			if !found || strings.Contains(out, "hunter2") || strings.Contains(out, "add it to RESET_SITE_CA_FILE") || strings.Contains(out, "@contoh.go.id:") {
				t.Errorf("no line of %q is %s with %q:\n%s", tt.line, tt.mark, tt.want, out)
			}
			w.extra, w.from = nil, app.Surroundings{}
			w.bsre.SetAPIs("v1", "v2")
			w.bsre.SetSignOnAhead(0)
			w.mail.SetMode(mailtest.ModeOK, 0)
			w.telegram.Hook("")
		})
	}
}

// A role of PostgreSQL without rights is told the statement that gives them.
func TestTheDoctorTellsWhatToGrant(t *testing.T) {
	t.Parallel()
	address := storetest.Postgres(t)
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	role := "pegawai" + strings.ToLower(rand.Text()[:8]) // the server is everybody's
	if _, err := conn.Exec(t.Context(), "CREATE ROLE "+role+" LOGIN"); err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	w.stop()
	w.extra = []string{"DATABASE_URL=" + strings.Replace(address, "tests@", role+"@", 1)}
	out, _ := w.check()
	if l := lineOf(out, "database"); !strings.HasPrefix(l, "WRONG") || !strings.HasSuffix(l, `run: GRANT USAGE, CREATE ON SCHEMA "public" TO "`+role+`"`) {
		t.Errorf("got %q", l)
	}
}

// While the bot runs it has its address itself.
func TestTheDoctorKnowsTheBotAtItsAddress(t *testing.T) {
	w := newWorld(t, "LISTEN_ADDR="+storetest.Address(t))
	if out, fine := w.check(); !fine || !strings.Contains(lineOf(out, "addresses"), "the bot listens at") {
		t.Error(out)
	}
}

// What goes over the network in clear is allowed, and said. 0.0.0.0 is this
// machine by a name that is not the loopback's.
func TestTheDoctorNamesWhatTravelsInClear(t *testing.T) {
	w := newWorld(t)
	w.stop()
	const far = "http://0.0.0.0:1"
	advised := func(extra ...string) (names []string) {
		w.extra = extra
		out, _ := w.check()
		for line := range strings.SplitSeq(out, "\n") {
			if name, ok := strings.CutPrefix(line, "advice settings     "); ok && strings.Contains(line, "in clear") {
				names = append(names, strings.Fields(name)[0])
			}
		}
		return names
	}
	if got := advised(); len(got) > 0 {
		t.Errorf("on this machine: %q", got)
	}
	got := advised("BSRE_URL="+far, "BSRE_RESET=call", "BSRE_RESET_URL="+far+"/{nik}", "MATTERMOST_URL="+far, "MATTERMOST_BOT_TOKEN=x", "PUBLIC_URL=https://bot.contoh.go.id", "TELEGRAM_API_URL="+far)
	if want := []string{"BSRE_URL", "BSRE_RESET_URL", "MATTERMOST_URL", "TELEGRAM_API_URL"}; !slices.Equal(got, want) {
		t.Errorf("beyond it: %q, want %q", got, want)
	}
}
