package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAnAuthorTriesSentences(t *testing.T) {
	t.Parallel()
	d := atDesk(t, "sqlite:unused.db")
	d.wants(ExitDone, "page:nomail", "guides", "try", "--context", "step:mail", "blm muncul2 sampe skrg")
	d.wants(ExitDone, "pin 1.00", "guides", "try", "passphrase lama saya kopiLuwak_90 mau ganti")
	d.wants(ExitUsage, "is no place", "guides", "try", "--context", "step:nowhere", "sudah")
	d.wants(ExitUsage, "give a sentence, or a file", "guides", "try")

	lines := file(t, `{"context":"step:mail","lang":"id","text":"ketemu emailnya","expect":["next"]}
{"context":"step:mail","lang":"id","text":"ketemu emailnya","expect":["back"]}
{"context":"home-linked","lang":"id","text":"pin lama saya Garuda*1945","expect":["pin"]}
`)
	out := d.wants(ExitDone, "wrong   step:mail           ketemu emailnya", "guides", "try", "--file", lines)
	rows := strings.Split(strings.TrimSpace(out), "\n")
	const last = "right 66.7 % · offered 0.0 % · wrong 33.3 % · lost 0.0 % · PINs removed 100.0 % · PINs asked 0.0 % · harmless removed 0.0 % · of 3"
	if rows[len(rows)-1] != last {
		t.Errorf("last line %q, want %q", rows[len(rows)-1], last)
	}
	d.wants(ExitFailed, `line 1: "kitchen" is no place`, "guides", "try", "--file", file(t, `{"context":"kitchen","text":"x"}`))
}

func TestTheCheckFindsMistakesInSentences(t *testing.T) {
	t.Parallel()
	d := atDesk(t, "sqlite:unused.db")
	folder := t.TempDir()
	write := func(text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(folder, "sentences"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "sentences", "own.yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("- meaning: page:nomail\n  at: step:mail\n  id: |\n    surat elektroniknya belum nongol juga nih\n")
	d.wants(ExitDone, "in order", "guides", "check", folder)
	write("- meaning: page:kitchen\n  at: step:mail\n  id: |\n    dapurnya di mana\n")
	d.wants(ExitFailed, "sentences/own.yaml: page:kitchen leads to no guide or page", "guides", "check", folder)
	write("- meaning: lunch\n  at: step:mail\n  id: |\n    makan\n")
	d.wants(ExitFailed, `"lunch" is no meaning`, "guides", "check", folder)
	write("- meaning: next\n  at: step:mail\n  id: |\n    zaman purba\n- meaning: back\n  at: steps\n  id: |\n    zaman purba\n")
	d.wants(ExitFailed, `"zaman purba" means back at step:mail, and next in sentences/own.yaml`, "guides", "check", folder)
}
