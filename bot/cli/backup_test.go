package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"resetpin/store/storetest"
)

func TestBackup(t *testing.T) {
	d := atDesk(t, storetest.SQLite(t))
	d.wants(ExitDone, "1 added", "employees", "import", file(t, head+one))
	copied := filepath.Join(t.TempDir(), "copy.db")
	d.wants(ExitDone, "is copied", "backup", copied)
	d.wants(ExitFailed, "exists already", "backup", copied)
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	d.wants(ExitFailed, "open "+filepath.Join(here, "nowhere", "x.db"), "backup", "nowhere/x.db")
	d.environ[0] = "DATABASE_URL=sqlite:" + copied
	d.wants(ExitDone, "Contoh Satu", "employees", "show", "198001012005011001")
}

// What is copied can be brought back, also through a pipe.
func TestRestore(t *testing.T) {
	url := storetest.SQLite(t)
	d := atDesk(t, url)
	d.wants(ExitDone, "1 added", "employees", "import", file(t, head+one))
	code, copied, errs := d.run("backup", "-")
	if code != ExitDone || errs != "" || !strings.HasPrefix(copied, "SQLite format 3") {
		t.Fatalf("exit %d, %d bytes: %s", code, len(copied), errs)
	}
	d.wants(ExitDone, "1 added", "employees", "import", file(t, head+two))
	d.typed = copied
	d.wants(ExitDone, "is now "+strings.TrimPrefix(url, "sqlite:")+".before-20260302T050000Z", "restore", "-")
	d.wants(ExitDone, "Contoh Satu", "employees", "show", "198001012005011001")
	d.wants(ExitFailed, "no employee has the NIP", "employees", "show", "198102022006042002")
	d.wants(ExitDone, "read,restore", "audit")
	d.wants(ExitUsage, "no such file", "restore", "/no/such/file")
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(strings.TrimPrefix(url, "sqlite:")), ".backup-*")); err != nil || left != nil {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// A folder keeps the last copies, and nothing else in it is touched.
func TestBackupsRotate(t *testing.T) {
	d := atDesk(t, storetest.SQLite(t))
	dir := t.TempDir()
	for _, name := range []string{"resetpin-20260227T050000Z.db", "resetpin-20260228T050000Z.db", "resetpin-20260301T050000Z.db", "resetpin.db", "notes.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out := d.wants(ExitDone, "resetpin-20260302T050000Z.db", "backup", "--keep", "3", dir)
	if !strings.Contains(out, "20260227T050000Z.db is removed.") || strings.Count(out, "is removed") != 1 {
		t.Error(out)
	}
	left, err := os.ReadDir(dir)
	if err != nil || fmt.Sprint(left) != "[- notes.txt - resetpin-20260228T050000Z.db - resetpin-20260301T050000Z.db - resetpin-20260302T050000Z.db - resetpin.db]" {
		t.Error(left, err)
	}
	d.wants(ExitFailed, "exists already", "backup", "--keep", "3", dir) // within the same second
	d.wants(ExitUsage, "--keep", "backup", "--keep", "3", "-")
}

func TestMove(t *testing.T) {
	d := atDesk(t, storetest.SQLite(t))
	d.wants(ExitDone, "1 added", "employees", "import", file(t, head+one))
	to := storetest.Postgres(t)
	d.typed = to + "\n"
	d.wants(ExitDone, "rows are moved. Set DATABASE_URL", "move", "-")
	d.wants(ExitFailed, "is not empty", "move", to)
	d.wants(ExitFailed, "to PostgreSQL", "move", storetest.SQLite(t))
	d.environ[0] = "DATABASE_URL=" + to
	d.wants(ExitDone, "Contoh Satu", "employees", "show", "198001012005011001")
	d.wants(ExitDone, noon.Format(time.DateOnly), "audit") // what was there came along
}
