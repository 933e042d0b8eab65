package packaging

import (
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// release builds a release of the source as it stands, as the one that is
// given out is built.
func release(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), "bash", "release", dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

// one gives the only file of a pattern.
func one(t *testing.T, dir, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil || len(found) != 1 {
		t.Fatalf("%s: %v, %v; want one", pattern, found, err)
	}
	return found[0]
}

// What a release holds can be checked, says what it is made of, installs, is
// upgraded while it runs, and leaves settings and database behind.
func TestAReleaseIsInstalledAndUpgraded(t *testing.T) {
	t.Parallel()
	needs(t, "curl", "openssl", "dpkg", "rpm", "sha256sum", "tar")
	dir := release(t)
	check := exec.CommandContext(t.Context(), "sha256sum", "--check", "--strict", "SHA256SUMS")
	check.Dir = dir
	if out, err := check.CombinedOutput(); err != nil || strings.Count(string(out), ": OK") != 8 {
		t.Errorf("%v\n%s", err, out)
	}
	for pattern, want := range map[string][]string{
		"resetpin_*.cdx.json": {`"CycloneDX"`, `github.com/jackc/pgx/v5`, `"MIT"`},
		"NOTICES":             {"== github.com/jackc/pgx/v5 ", "== Go\n", "Apache License"},
	} {
		data, err := os.ReadFile(one(t, dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(string(data), w) {
				t.Errorf("%s does not tell of %s", pattern, w)
			}
		}
	}
	for arch, machine := range map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64} {
		unpacked := t.TempDir()
		if out, err := exec.CommandContext(t.Context(), "tar", "-xzf", one(t, dir, "resetpin_*_linux_"+arch+".tar.gz"), "-C", unpacked).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		f, err := elf.Open(one(t, unpacked, "*/resetpin"))
		if err != nil {
			t.Fatal(err)
		}
		libraries, err := f.ImportedLibraries()
		if err != nil || f.Machine != machine || len(libraries) > 0 {
			t.Errorf("%s: %v, %v, %v", arch, f.Machine, libraries, err)
		}
		_ = f.Close()
	}
	list, err := exec.CommandContext(t.Context(), "rpm", "-qlp", one(t, dir, "*.aarch64.rpm")).Output()
	if files := strings.Fields(string(list)); err != nil || !slices.Contains(files, "/usr/bin/resetpin") || !slices.Contains(files, "/usr/lib/systemd/system/resetpin.service") {
		t.Errorf("the rpm holds %s, %v", list, err)
	}
	steps := blocks(t, "Go live")[1:] // the package stands for the first
	out := onMachine(t, "mkdir -p /run/systemd/system\nDEB="+one(t, dir, "*_amd64.deb")+"\n"+`
dpkg -i "$DEB" >/dev/null
`+world+strings.Join(steps, "")+`
echo "== ready: $(ready)"
resetpin --version
resetpin sandbox || echo "== exit $?"
COMP_LINE='resetpin emp' resetpin
gzip -dc /usr/share/man/man1/resetpin.1.gz | head -n 1
before=$(cat /run/resetpin.pid)
dpkg -i "$DEB" >/dev/null
[ "$before" != "$(cat /run/resetpin.pid)" ] && echo "== upgraded: $(ready)"
dpkg -r resetpin >/dev/null
[ ! -e /run/resetpin.pid ] && echo "== stopped"
ls -A /var/lib/resetpin | sort | head -n 2
`)
	for _, want := range []string{"== ready: []", "resetpin v", ", 20", "go run . sandbox", "== exit 2", "employees\n", ".TH RESETPIN 1", "== upgraded: []", "== stopped", ".env\nresetpin.db"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if t.Failed() {
		t.Log(out)
	}
}
