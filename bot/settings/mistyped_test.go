package settings

import (
	"os"
	"path/filepath"
	"testing"
)

func TestMistypedNamesAreGuessed(t *testing.T) {
	file := filepath.Join(t.TempDir(), ".env")
	if err := os.WriteFile(file, []byte("RESET_COOLDWN=1m\nNICHTS=1\nLOG_LEVEL=info\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := Mistyped([]string{"BSRE_PASWORD=x", "LISTNE_ADDR=y", "HOME=/root", "MAIL=/var/mail/root", "http_proxy=", "SMTP_URL=z", "LOGNAME=root", "NO_COLOR=1"}, file)
	want := []Typo{{Name: "NICHTS"}, {Name: "RESET_COOLDWN", Meant: "RESET_COOLDOWN"}, {"BSRE_PASWORD", "BSRE_PASSWORD", true}, {"LISTNE_ADDR", "LISTEN_ADDR", true}}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
}

func TestASecretInGroupsIsFine(t *testing.T) {
	for _, secret := range []string{"JBSW Y3DP EHPK 3PXP", "jbsw-y3dp-ehpk-3pxp", "JBSW\u00a0Y3DP\tEHPK3PXP=="} {
		if _, err := Load([]string{"BSRE_PORTAL_TOTP_SECRET=" + secret}, "none"); err != nil {
			t.Errorf("%q: %v", secret, err)
		}
	}
}

func TestACallThatNamesNobodyIsRefused(t *testing.T) {
	for line, good := range map[string]bool{"BSRE_RESET_URL=https://hr.contoh.go.id/reset": false, "BSRE_RESET_URL=https://hr.contoh.go.id/reset/{nip}": true} {
		s, err := Load([]string{"BSRE_RESET=call", line}, "none")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.needReset(); (err == nil) != good {
			t.Errorf("%s: %v", line, err)
		}
	}
}
