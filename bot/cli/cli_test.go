package cli

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"resetpin/bot/settings"
	"resetpin/store"
	"resetpin/store/storetest"
)

var update = flag.Bool("update", false, "write golden files anew")

const key = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=" // storetest.Key in base64

var noon = time.Date(2026, 3, 2, 5, 0, 0, 0, time.UTC)

// desk is an administrator at a command line.
type desk struct {
	t       *testing.T
	environ []string
	dotenv  string
	typed   string   // at the keyboard; empty: there is none
	set     []string // into the environment
	serve   func(settings.Settings) error
	release bool // the program is one, without the sandbox
}

func atDesk(t *testing.T, url string) *desk {
	return &desk{t: t, environ: []string{"DATABASE_URL=" + url, "DATA_KEY=" + key, "LOG_LEVEL=error"}}
}

func (d *desk) run(args ...string) (code int, out, errs string) {
	d.t.Helper()
	var stdout, stderr bytes.Buffer
	programs := Programs{
		Serve: func(_ context.Context, s settings.Settings, _ *slog.Logger) error { return d.serve(s) },
		Check: func(context.Context, settings.Settings, string, []string, io.Writer) error {
			return errors.New("something is wrong")
		},
	}
	if !d.release {
		programs.Sandbox = func(context.Context, SandboxOptions) error { return nil }
	}
	code = Run(d.t.Context(), args, Env{
		Stdin: strings.NewReader(d.typed), Keyboard: d.typed != "", Stdout: &stdout, Stderr: &stderr, Environ: d.environ, Dotenv: d.dotenv, Now: func() time.Time { return noon }, Operator: "petugas", NewID: func() string { return "CDFGHJ" }, Setenv: func(name, value string) error { d.set = append(d.set, name+"="+value); return nil },
	}, programs)
	return code, stdout.String(), stderr.String()
}

// wants runs a command and compares the exit code and a part of what it said.
func (d *desk) wants(code int, part string, args ...string) string {
	d.t.Helper()
	got, out, errs := d.run(args...)
	if got != code || !strings.Contains(out+errs, part) {
		d.t.Errorf("resetpin %s: exit %d, want %d with %q\n%s%s", strings.Join(args, " "), got, code, part, out, errs)
	}
	return out
}

const head = "nip,nik,nama,email,jabatan,unit_terakhir,golongan,nip_lama,aktif\n"

func file(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "pegawai.csv")
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

const (
	one   = "198001012005011001,3171010101800001,Contoh Satu,satu@contoh.go.id,Analis,Sekretariat,III/c,,ya\n"
	two   = "199002022015022002,3171024202900002,Contoh Dua,dua@contoh.go.id,,,,,ya\n"
	wrong = "19900202201502200,3171024202900002,Contoh Tiga,tiga@contoh.go.id,,,,,ya\n"
)

func TestAnAdministratorKeepsTheDirectory(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		d := atDesk(t, url)
		d.wants(ExitDone, "Nothing was written. It would have been: 2 added", "employees", "import", "--dry-run", file(t, head+one+two))
		d.wants(ExitFailed, "no employee has the NIP", "employees", "show", "198001012005011001")
		d.wants(ExitFailed, "line 3: nip: it has 17 digits, want 18", "employees", "import", file(t, head+one+wrong))
		d.wants(ExitFailed, "bad rows: 1; nothing was written", "employees", "import", file(t, head+one+wrong))
		d.wants(ExitFailed, "no employee has the NIP", "employees", "show", "198001012005011001")
		d.wants(ExitDone, "1 added, 0 changed, 0 unchanged; bad rows left out: 1.", "employees", "import", "--skip-bad", file(t, head+one+wrong))
		d.wants(ExitDone, "1 added, 1 changed, 0 unchanged.", "employees", "import", file(t, head+strings.Replace(one, "Analis", "Auditor", 1)+two))
		d.wants(ExitDone, "0 added, 0 changed, 1 unchanged, 1 made inactive.", "employees", "import", "--deactivate-missing", file(t, head+two))
		out := d.wants(ExitDone, "no chat account", "employees", "show", "1980 0101 200501 1 001")
		if strings.Contains(out, "3171010101800001") || !strings.Contains(out, "Active       no") {
			t.Errorf("shown: %s", out)
		}
		d.wants(ExitUsage, "it has 3 digits, want 18", "employees", "show", "123")
		d.wants(ExitFailed, "no such file", "employees", "import", "/no/such/file.csv")
		d.wants(ExitFailed, "the header has no column nik", "employees", "import", file(t, "nip,nama,email\n"))
	})
}

func TestAnOfficerReadsTheTrail(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		d := atDesk(t, url)
		d.wants(ExitDone, "2 added", "employees", "import", file(t, head+one+two))
		d.environ = append(d.environ, "DATA_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
		d.wants(ExitUsage, "resetpin: DATA_KEY is not the key", "report")
		d.environ = d.environ[:len(d.environ)-1]
		s, err := store.Open(t.Context(), url, store.Options{Key: storetest.Key()})
		if err != nil {
			t.Fatal(err)
		}
		phone := store.Account{Platform: "telegram", ID: "4711"}
		if err := s.Link(t.Context(), phone, "198001012005011001", noon, func([]store.Account) []store.Job { return nil }); err != nil {
			t.Fatal(err)
		}
		for i, e := range []store.Event{
			{Action: "link", Outcome: "done"}, {Action: "status", Outcome: "told", Detail: "ISSUE"}, {Action: "status", Outcome: "told", Detail: "ISSUE"},
			{Action: "reset", Outcome: "sent"}, {Action: "walk", Outcome: "stopped", Detail: "mail"},
		} {
			e.At, e.Account, e.NIP = noon.Add(time.Duration(i-30)*time.Hour), phone, "198001012005011001"
			if err := s.Audit(t.Context(), e); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for _, args := range [][]string{{"report"}, {"report", "--format", "csv", "--since", "29h"}, {"report", "--format", "json", "--since", "27h"}, {"audit"}, {"audit", "--format", "json", "--since", "2026-03-01T01:00:00Z"},
			{"employees", "show", "198001012005011001"}, {"links", "revoke", "198001012005011001"}, {"links", "revoke", "198001012005011001"}, {"audit", "--since", "1h", "--nip", "198001012005011001"}, {"audit", "--id", "nobody"}} {
			code, out, errs := d.run(args...)
			all.WriteString("$ resetpin " + strings.Join(args, " ") + "\n" + out + errs)
			if code != ExitDone {
				t.Errorf("%v: exit %d", args, code)
			}
		}
		golden(t, "trail", all.String())
		d.wants(ExitFailed, "no employee has the NIP", "links", "revoke", "198001012005011009")
		d.wants(ExitUsage, "want HOST:PORT", "guides", "preview", "--listen", "here")
		d.wants(ExitUsage, "this machine only", "sandbox", "--listen", "0.0.0.0:8090")
		d.wants(ExitUsage, "--since", "audit", "--since", "yesterday")
		d.wants(ExitUsage, "--format", "audit", "--format", "xml")
	})
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	name = filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; look, and run go test ./bot/cli -update\n%s", name, got)
	}
}

func TestWrongUseExitsWithTwoAndSaysWhatToDo(t *testing.T) {
	d := &desk{t: t}
	d.wants(ExitUsage, "resetpin sandbox")                           // nothing is configured
	d.wants(ExitDone, "", "sandbox")                                 //
	d.wants(ExitUsage, "no platform is configured", "serve")         //
	d.wants(ExitUsage, "openssl rand -base64 32", "audit")           // no key
	d.wants(ExitUsage, "see resetpin --help", "dance")               //
	d.wants(ExitUsage, `did you mean "report"?`, "repot")            //
	d.wants(ExitUsage, "no platform is configured", "-C", ".")       // serve, with a flag
	d.wants(ExitUsage, "expected \"<file>\"", "employees", "import") //
	d.wants(ExitDone, "Usage: resetpin", "--help")
	d.wants(ExitDone, "resetpin", "--version")
	d.wants(ExitDone, "The guides are in order.", "guides", "check")
	d.wants(ExitFailed, "something is wrong", "check")
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "reset"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "reset", "010-one.id.md"), []byte("Isi\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.wants(ExitFailed, "reset/010-one.id.md:1: begin with front matter", "guides", "check", dir)
	d.environ = []string{"CODE_TTL=soon"}
	d.wants(ExitUsage, "CODE_TTL", "serve")
	d.environ = []string{"DEFAULT_LANGUAGE=xx"}
	d.wants(ExitUsage, "DEFAULT_LANGUAGE: want id or en", "serve")
	d.wants(ExitUsage, `--lang "xx": want id or en`, "guides", "try", "--lang", "xx", "halo")
}

// What runs in production has no pretend world, and says where it is.
func TestAReleaseSaysWhereTheSandboxIs(t *testing.T) {
	d := &desk{t: t, release: true}
	d.wants(ExitUsage, "to try the bot with nothing configured: go run . sandbox")
	d.wants(ExitUsage, "without the pretend world; to see that: go run . sandbox", "sandbox")
}

// Where a command works, and which file its settings are in, can be said with
// every command: what serve opens is what an import fills.
func TestEveryCommandCanBeToldWhereToWork(t *testing.T) {
	t.Chdir(t.TempDir())
	home := t.TempDir()
	for name, content := range map[string]string{".env": "DATA_KEY=" + key + "\n", "other.env": "DATA_KEY=" + key + "\nDATABASE_URL=sqlite:other.db\n", "pegawai.csv": head + one} {
		if err := os.WriteFile(filepath.Join(home, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d := &desk{t: t, dotenv: ".env"}
	d.wants(ExitUsage, "DATA_KEY is not set", "employees", "import", filepath.Join(home, "pegawai.csv"))
	d.wants(ExitDone, "1 added", "-C", home, "employees", "import", "pegawai.csv")
	t.Chdir(home)
	d.wants(ExitDone, "1 added", "--env-file", "other.env", "employees", "import", "pegawai.csv")
	for _, name := range []string{"resetpin.db", "other.db"} {
		if _, err := os.Stat(name); err != nil {
			t.Error(err)
		}
	}
	d.wants(ExitUsage, "--env-file: stat", "audit", "--env-file=typo.env")
	d.wants(ExitUsage, "no such file", "audit", "-C", "/no/such/folder")
	served := ""
	d.serve = func(s settings.Settings) error { served = s.DatabaseURL.Reveal(); return nil }
	if err := os.WriteFile("serve.env", []byte("DATA_KEY="+key+"\nBSRE_URL=http://b\nBSRE_USERNAME=u\nBSRE_PASSWORD=p\nSMTP_URL=smtp://m\nMAIL_FROM=a@b.id\nTELEGRAM_BOT_TOKEN=1:x\nBSRE_RESET=call\nBSRE_RESET_URL=http://b/{nip}\nDATABASE_URL=sqlite:other.db\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.wants(ExitDone, "", "--env-file", "serve.env")
	if served != "sqlite:other.db" {
		t.Errorf("serve got %q", served)
	}
}

func TestServeGetsItsSettings(t *testing.T) {
	d := &desk{t: t, environ: []string{"DATA_KEY=" + key, "BSRE_URL=http://b", "BSRE_USERNAME=u", "BSRE_PASSWORD=p", "SMTP_URL=smtp://m", "MAIL_FROM=a@b.id",
		"TELEGRAM_BOT_TOKEN=1:x", "BSRE_RESET=call", "BSRE_RESET_URL=http://b/{nip}"}}
	got := ""
	d.serve = func(s settings.Settings) error { got = s.BSrEURL; return nil }
	d.wants(ExitDone, "")
	if got != "http://b" {
		t.Errorf("serve got %q", got)
	}
	d.serve = func(settings.Settings) error { return settings.Wrong{Err: errors.New("SMTP_URL: want another")} }
	d.wants(ExitUsage, "SMTP_URL: want another")
	d.serve = func(settings.Settings) error { return errors.New("the disk is full") }
	d.wants(ExitFailed, "the disk is full")
	if _, _, errs := d.run(); strings.Contains(errs, "is no setting") {
		t.Errorf("without a .env: %s", errs)
	}
	d.dotenv = filepath.Join(t.TempDir(), ".env")
	if err := os.WriteFile(d.dotenv, []byte("RESET_COOLDWN=3m\nRESET_DAILY_LIMIT=2\nBSRE_PORTAL_PASSWORD=Rah$IA_9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, errs := d.run(); !strings.Contains(errs, "is no setting; did you mean RESET_COOLDOWN?\" name=RESET_COOLDWN") || strings.Contains(errs, "DAILY") {
		t.Errorf("a mistyped setting: %s", errs)
	} else if !strings.Contains(errs, ".env, line 3: of BSRE_PORTAL_PASSWORD only a part is used") || strings.Contains(errs, "Rah") {
		t.Errorf("a password that is cut: %s", errs)
	}
}
