package store_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"os"
	osexec "os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"resetpin/store"
	"resetpin/store/storetest"
)

const (
	lifeCode  = "739184"
	lifePIN   = "Rahasia-4417"
	lifeLink  = "https://esign-bsre.bssn.go.id/reset/kunci-8f3a91"
	lifeToken = "segar-token-55d1"
	lifeStep  = "kotak-surat" // no secret
	lifeMark  = "ISSUE"       // no secret either, and never purged
)

// live is what an employee and the bot do in a day, with a secret at every
// place where the database could keep one.
func live(t *testing.T, s *store.Store) {
	t.Helper()
	ctx := t.Context()
	load(t, s, budi, sari)
	add(t, s, update("1", "telegram:1", "/link "+budi.NIP), update("2", "telegram:1", lifeCode), update("3", "telegram:1", "PIN saya "+lifePIN), update("4", "telegram:1", lifeLink))
	if !issue(t, s, ask(phone, budi.NIP, lifeCode, noon)) {
		t.Fatal("no code")
	}
	try(t, s, phone, "000000", noon)
	got, err := s.RedeemCode(ctx, attempt(phone, lifeCode, noon), func(string, []store.Account) []store.Job {
		return []store.Job{{Kind: "push", Payload: []byte("Kode " + lifeCode + " benar, NIK " + budi.NIK)}}
	})
	if err != nil || got.Outcome != store.CodeRight {
		t.Fatalf("redeem: %+v, %v", got, err)
	}
	finish(t, s, request(t, s, want("press", phone, noon)), store.ResetSent)
	w := must[store.Walk](t)(s.StartWalk(ctx, budi.NIP, "reset", "notice", noon))
	must[store.Walk](t)(s.MoveWalk(ctx, w.ID, w.Version, lifeStep, store.WalkActive, noon))
	for _, err := range []error{
		s.PutKV(ctx, "portal", []byte(lifeToken)), s.SetPrompt(ctx, phone, store.PromptCode, noon),
		s.SaveStatus(ctx, budi.NIP, store.Status{Value: "ISSUE", Message: "baik", Asked: noon}),
		s.Audit(ctx, event("link")), s.AckInbox(ctx, "telegram", "1"), s.AckInbox(ctx, "telegram", "2"),
		s.Enqueue(ctx, store.Job{Kind: "push", Key: "k", Payload: []byte(lifeLink)}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	// A job that fails with its payload in its error, and one that panics with it.
	work(t, s, map[string]store.Worker{
		"mail": func(_ context.Context, p []byte) error { return errors.New("550 refused: " + string(p)) },
		"push": func(_ context.Context, p []byte) error { panic(string(p)) },
	})
	until(t, "the jobs to fail", func() bool {
		return count(t, s, `SELECT count(*) FROM river_job WHERE queue IN ('mail', 'push') AND attempt > 0 AND state <> 'running'`) == 3
	})
	stopWork(t, s)
	settled(t, s)
}

// inBase64 gives what base64 shows of a secret within a longer text, at each of
// the three ways in which it can begin there.
func inBase64(secret string) (forms []string) {
	for before, hidden := range []int{0, 2, 3} {
		text := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", before) + secret))
		forms = append(forms, text[hidden:(before+len(secret))*8/6])
	}
	return forms
}

// asNumber gives the bytes of a number as SQLite keeps it and as PostgreSQL
// does; of a short number they would be found by accident.
func asNumber(secret string) []string {
	n, err := strconv.ParseUint(secret, 10, 64)
	if err != nil || len(secret) < 16 {
		return nil
	}
	return []string{string(binary.BigEndian.AppendUint64(nil, n)), string(binary.LittleEndian.AppendUint64(nil, n))}
}

// searchLife fails for each secret that a place shows.
func searchLife(t *testing.T, place string, data []byte) {
	t.Helper()
	for what, secret := range map[string]string{
		"NIK": budi.NIK, "other NIK": sari.NIK, "NIP": budi.NIP, "other NIP": sari.NIP, "old NIP": budi.OldNIP, "name": budi.Name, "other name": sari.Name,
		"address": budi.Email, "address in small letters": strings.ToLower(budi.Email), "other address": sari.Email, "unit": budi.Unit, "code": lifeCode, "PIN": lifePIN, "phone number": lifeNumber, "link": lifeLink, "link's key": "kunci-8f3a91", "token": lifeToken,
	} {
		forms := append(append(inBase64(secret), asNumber(secret)...), secret, hex.EncodeToString([]byte(secret)), strings.ToUpper(hex.EncodeToString([]byte(secret))))
		for _, form := range forms {
			at := bytes.Index(data, []byte(form))
			if form == lifeCode || form == budi.OldNIP { // not as a part of another number
				at = -1
				if found := regexp.MustCompile(`(^|[^0-9A-Za-z.+/=])` + form + `([^0-9A-Za-z+/=]|$)`).FindIndex(data); found != nil {
					at = found[0]
				}
			}
			if at >= 0 {
				t.Errorf("%s shows the %s: …%q…", place, what, data[max(0, at-80):min(len(data), at+len(form)+20)])
			}
		}
	}
}

func TestNoSecretIsInTheDatabase(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s, _ := logging(t, url)
		live(t, s)
		serves(t, s)
		everywhere(t, s)
		place := dump
		if s.SingleProcess() {
			place = files
		}
		place(t, url, s)
		if n, err := s.Purge(t.Context(), noon.AddDate(1, 0, 0)); err != nil || n == 0 {
			t.Errorf("purged %d, %v", n, err)
		}
		place(t, url, s)
	})
}

// files searches the database file and what SQLite keeps beside it, and sees
// at something that is no secret that it searches at the right place.
func files(t *testing.T, url string, _ *store.Store) {
	t.Helper()
	names, err := filepath.Glob(strings.TrimPrefix(url, "sqlite:") + "*")
	if err != nil || len(names) < 3 {
		t.Fatalf("files: %v, %v", names, err)
	}
	var all []byte
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		searchLife(t, filepath.Base(name), data)
		all = append(all, data...)
	}
	if !strings.Contains(string(all), lifeMark) {
		t.Error("the files do not even show a status")
	}
}

// dump searches every table as text, and what pg_dump writes where it is.
func dump(t *testing.T, url string, s *store.Store) {
	t.Helper()
	all := tables(t, s)
	searchLife(t, "a table", all)
	if name, err := osexec.LookPath("pg_dump"); err == nil {
		data, err := osexec.CommandContext(t.Context(), name, "--inserts", url).Output()
		if err != nil {
			t.Logf("pg_dump: %v", err) // older than the server, perhaps
		}
		searchLife(t, "the dump", data)
		all = append(all, data...)
	}
	if !strings.Contains(string(all), lifeMark) {
		t.Error("the tables do not even show a status")
	}
	clusterFiles(t, s)
}

// clusterFiles searches the files of the database in PostgreSQL's cluster,
// where they can be read. What PostgreSQL logs of writes is left out: it is
// overwritten in its own time.
func clusterFiles(t *testing.T, s *store.Store) {
	t.Helper()
	exec(t, s, `CHECKPOINT`)
	var place []string
	read(t, s, `SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database WHERE datname = current_database()`, &place)
	names, err := filepath.Glob(place[0] + "/*")
	if err != nil || len(names) == 0 {
		t.Logf("the files of PostgreSQL cannot be read in %s: %v", place[0], err)
		return
	}
	var all []byte
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		searchLife(t, name, data)
		all = append(all, data...)
	}
	if !strings.Contains(string(all), lifeMark) {
		t.Error("the files do not even show a status")
	}
}

// tables gives every row of every table as text.
func tables(t *testing.T, s *store.Store) (all []byte) {
	t.Helper()
	var names []string
	read(t, s, `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`, &names)
	for _, name := range names {
		var lines []string
		read(t, s, `SELECT CAST(x AS TEXT) FROM `+name+` x`, &lines)
		all = append(all, strings.Join(lines, "\n")...)
	}
	return all
}

func read(t *testing.T, s *store.Store, query string, out *[]string) {
	t.Helper()
	rows, err := store.Writer(s).QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		*out = append(*out, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}
