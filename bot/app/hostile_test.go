package app_test

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the database is read behind the bot's back
)

// state sums up what the bot remembers of people, by table.
func (w *world) state() map[string]string {
	w.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(w.dir, "bot.db")+"?mode=ro")
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	out := make(map[string]string)
	for _, table := range []string{"employees", "accounts", "codes", "statuses", "resets", "walks", "inbox", "audit WHERE action NOT IN ('refused', 'mail')"} {
		out[table] = sumOf(w.t, db, table)
	}
	return out
}

// sumOf sums up a table's rows.
func sumOf(t *testing.T, db *sql.DB, table string) string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT * FROM "+table)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	sum, values, into := sha256.New(), make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		_, _ = fmt.Fprintln(sum, values...) // a hash takes everything
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// hostile makes a request as an enemy sends them who knows the addresses and
// the form of everything, and no secret.
func hostile(r *rand.Rand) *http.Request {
	one := func(of ...string) string { return of[r.IntN(len(of))] }
	junk := one("", "null", "[]", "{", `{"a":`, strings.Repeat("[", 20000), strings.Repeat("A", 300<<10), "\x00\xff\xfe", `{"user_id":5}`)
	id := strings.Repeat(one("a", "b", "8"), 26)
	form := url.Values{
		"token": {one("", id, "x", strings.Repeat("t", 5000))}, "user_id": {id}, "channel_id": {id}, "team_id": {id}, "text": {one("link 198805052012122991", "help", junk)},
		"command": {"/resetpin"}, "trigger_id": {junk}, "response_url": {one("http://127.0.0.1:1/hooks/commands/"+id, "file:///etc/passwd", junk)},
	}.Encode()
	action := fmt.Sprintf(`{"user_id":%q,"channel_id":%q,"post_id":%q,"trigger_id":"x","context":{"s":%q,"t":%q}}`, id, id, id, one("", "AAAA", id, "e30"), one("", "AAAA", id))
	dialog := fmt.Sprintf(`{"type":"dialog_submission","callback_id":"link","state":%q,"user_id":%q,"channel_id":%q,"submission":{"nip":"198805052012122991"},"cancelled":%v}`,
		one("", "a.b", id+"."+id, strings.Repeat("s", 9000)), id, id, r.IntN(2) == 0)
	update := fmt.Sprintf(`{"update_id":%d,"message":{"message_id":1,"date":1,"chat":{"id":7001,"type":"private"},"from":{"id":7001,"first_name":"x"},"text":"/link 198805052012122991"}}`, r.Int())
	path, method := one("/mattermost/command", "/mattermost/action", "/mattermost/dialog", "/telegram/webhook"), http.MethodPost
	if r.IntN(5) == 0 {
		path = one("/mattermost/", "/mattermost/../healthz", "/", "/debug/pprof", "/mattermost/command/x", path)
		method = one("GET", "PUT", "DELETE", "OPTIONS", "BREW", method)
	}
	q := httptest.NewRequest(method, "/", strings.NewReader(one(form, action, dialog, update, junk)))
	q.URL.Path = path
	q.Header.Set("Content-Type", one("application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x", "", "text/plain"))
	q.Header.Set("Authorization", one("", "Token "+id, "Bearer "+id))
	q.Header.Set("X-Telegram-Bot-Api-Secret-Token", one("", id))
	return q
}

func TestTenThousandHostileRequestsChangeNothing(t *testing.T) {
	t.Parallel()
	w := newWorldWithMattermost(t, "TELEGRAM_MODE=webhook")
	p := w.mattermostPerson("pegawai")
	linked(t, w, p, "ISSUE")
	p.Types("bantuan")
	sees(t, p, "Yang bisa saya bantu")
	var before map[string]string
	eventually(t, "rest", func() bool { // what was answered is being wiped
		before = w.state()
		time.Sleep(500 * time.Millisecond)
		return maps.Equal(before, w.state())
	})
	seed := rand.Uint64()
	answers := make(map[int]int)
	var mu sync.Mutex
	var all sync.WaitGroup
	for worker := range uint64(4) {
		all.Go(func() {
			r := rand.New(rand.NewPCG(seed, worker))
			for range 2500 {
				q, a := hostile(r), httptest.NewRecorder()
				w.app.Handler().ServeHTTP(a, q)
				mu.Lock()
				answers[a.Code]++
				mu.Unlock()
				if a.Code == http.StatusOK && q.URL.Path != "/healthz" {
					t.Errorf("%s %s was answered 200: %s", q.Method, q.URL.Path, a.Body)
				}
			}
		})
	}
	all.Wait()
	t.Logf("seed %d; answers by status: %v", seed, answers)
	for table, sum := range w.state() {
		if sum != before[table] {
			t.Errorf("the table %s has changed", table)
		}
	}
	if answers[http.StatusUnauthorized] == 0 || answers[http.StatusInternalServerError] > 0 {
		t.Errorf("answers by status: %v", answers)
	}
	p.Types("bantuan")
	sees(t, p, "Yang bisa saya bantu")
}
