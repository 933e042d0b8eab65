package packaging

import (
	"regexp"
	"strings"
	"testing"
)

var block = regexp.MustCompile("(?ms)^ *```sh\n(.*?)^ *```$")

// blocks gives the commands of a section of the README, as they stand there.
func blocks(t *testing.T, heading string) []string {
	t.Helper()
	_, rest, found := strings.Cut(read(t, "README.md"), "\n## "+heading+"\n")
	if !found {
		t.Fatalf("the README has no section %q", heading)
	}
	section, _, _ := strings.Cut(rest, "\n## ")
	var out []string
	for _, m := range block.FindAllStringSubmatch(section, -1) {
		out = append(out, m[1])
	}
	if len(out) == 0 {
		t.Fatalf("the section %q holds no commands", heading)
	}
	return out
}

// world are the commands that put the outside world beside the source, and
// fill in .env as an administrator does.
const world = `
sleep infinity | RESETPIN_TEST_PRETEND=$PWD "$PRETEND" &
while [ ! -e settings ]; do sleep 0.1; done
cp .env.example .env
cat settings >> .env
echo "DATA_KEY=$(openssl rand -base64 32)" >> .env
echo "RESET_SITE_CA_FILE=$PWD/bsre-ca.pem" >> .env
chmod 755 / "$PWD"; cp bsre-ca.pem /etc/bsre-ca.pem; sed -i "s#$PWD/bsre-ca.pem#/etc/bsre-ca.pem#" .env
ready() { # waits for the service; it ends with the machine when that died
    until curl -fsS http://127.0.0.1:8080/readyz >/tmp/ready 2>/dev/null; do
        kill -0 "$(cat /run/resetpin.pid)" || { cat /var/log/resetpin.log; exit 1; }
        sleep 0.1
    done
    cat /tmp/ready
}
`

// The README by the letter, by somebody who has never seen it: from the source
// to a service that is ready, as root and as the service's user.
func TestTheREADMEGoesLive(t *testing.T) {
	t.Parallel()
	needs(t, "curl", "openssl", "systemd-analyze", "runuser")
	out := onMachine(t, world+strings.Join(blocks(t, "Go live"), "")+`
echo "== ready: $(ready)"
systemd-analyze verify /etc/systemd/system/resetpin.service
systemd-analyze security --offline=true --threshold=30 /etc/systemd/system/resetpin.service | tail -n 1
stat -c '== %n %U %a' /var/lib/resetpin /var/lib/resetpin/.env /var/lib/resetpin/resetpin.db
if ldd /usr/local/bin/resetpin; then echo "== it is not static"; fi
`)
	for _, want := range []string{
		"== ready: []", "OK 🙂", "10 added", "a mail to you@contoh.go.id",
		"== /var/lib/resetpin resetpin 700", "== /var/lib/resetpin/.env resetpin 600", "== /var/lib/resetpin/resetpin.db resetpin 600",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if strings.Contains(out, "== it is not static") || strings.Contains(out, "WRONG") {
		t.Error("something is not as the README says")
	}
	if t.Failed() {
		t.Log(out)
	}
}

// Whoever forgets to be the service's user harms nothing: its files stay its
// own, and it starts.
func TestRootMayRunEveryCommand(t *testing.T) {
	t.Parallel()
	needs(t, "curl", "openssl", "runuser")
	script := strings.ReplaceAll(strings.Join(blocks(t, "Go live"), ""), "runuser -u resetpin --", "")
	out := onMachine(t, world+script+`
echo "== ready: $(ready)"
resetpin -C /var/lib/resetpin employees import - < employees.xlsx
systemctl restart resetpin
echo "== again: $(ready)"
echo "== of root: $(find /var/lib/resetpin -user root)"
# What root has made by other ways is named with its mending.
systemctl stop resetpin
chown root /var/lib/resetpin/resetpin.db
systemctl start resetpin
tail --pid="$(cat /run/resetpin.pid)" -f /dev/null
tail -n 1 /var/log/resetpin.log
$(grep -o 'chown resetpin .*' /var/log/resetpin.log | tail -n 1)
rm /run/resetpin.pid
systemctl start resetpin
echo "== mended: $(ready)"
`)
	for _, want := range []string{"== ready: []", "== again: []", "== of root: \n", "it belongs to root, and this program runs as resetpin; as root: chown resetpin /var/lib/resetpin/resetpin.db", "== mended: []"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if t.Failed() {
		t.Log(out)
	}
}
