package packaging

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// postgres is where this machine keeps PostgreSQL's programs.
func postgres(t *testing.T) string {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil || len(found) == 0 {
		t.Skip("SKIPPED: no PostgreSQL on this machine. Install the package postgresql.")
	}
	return found[len(found)-1]
}

// The year after the first day, by the letter: a copy, an upgrade, the way
// back, and the move to PostgreSQL.
func TestTheREADMEKeepsItGoing(t *testing.T) {
	t.Parallel()
	needs(t, "curl", "openssl", "runuser")
	bin := postgres(t)
	steps := blocks(t, "Keep it going")
	if len(steps) != 4 {
		t.Fatalf("%d blocks, want those of backup, upgrade, way back and move", len(steps))
	}
	// Whom the samples do not have.
	const later = "199912312025011009,3171023112990009,Contoh Sembilan,sembilan@contoh.go.id"
	const look = `$(runuser -u resetpin -- resetpin -C /var/lib/resetpin employees show 199912312025011009 2>&1 | head -n 1 || true)`
	script := world + strings.Join(blocks(t, "Go live"), "") + "\nready\n" +
		steps[0] + "\n" +
		steps[1] + "\necho \"== upgraded: $(ready)\"\n" +
		// Something happens with the new version, which the way back undoes.
		"printf 'nip,nik,nama,email\\n" + later + "\\n' | runuser -u resetpin -- resetpin -C /var/lib/resetpin employees import -\necho '== known:' " + look + "\n" +
		steps[2] + "\necho \"== back: $(ready)\"\necho '== unknown:' " + look + "\n" +
		fmt.Sprintf(`
mkdir -p /run/postgresql /pg; chown postgres /run/postgresql /pg; chmod 755 /run /run/postgresql
runuser -u postgres -- %[1]s/initdb -D /pg >/dev/null
(sleep infinity | runuser -u postgres -- %[1]s/postgres -D /pg -k /run/postgresql -c listen_addresses='' >/var/log/pg.log 2>&1) &
until runuser -u postgres -- %[1]s/pg_isready -q -h /run/postgresql; do sleep 0.1; done
ln -sfn /run /var/run
`, bin) + steps[3] + "\necho \"== moved: $(ready)\"\n" +
		"echo '== still unknown:' " + look + "\nrunuser -u resetpin -- resetpin -C /var/lib/resetpin audit | grep -c ,import,\n" +
		"rm /var/lib/resetpin/resetpin.db; systemctl restart resetpin; echo \"== without the file: $(ready)\"\n"
	out := onMachine(t, script)
	for _, want := range []string{
		"== upgraded: []", "== known: NIP", "== back: []", "The copy stands in its place", "== unknown: resetpin: no employee",
		"rows are moved", "== moved: []", "== still unknown: resetpin: no employee", "== without the file: []",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if t.Failed() {
		t.Log(out)
	}
}
