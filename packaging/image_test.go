package packaging

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// image is what a Dockerfile of two stages says, as far as it is used here.
type image struct {
	build []string // commands of the first stage
	files []string // commands that copy them into $IMAGE
	user  string
	env   []string
	dir   string
	start []string
	look  []string // of HEALTHCHECK
}

var (
	copied  = regexp.MustCompile(`^--from=build (?:--chown=(\S+) )?(\S+) (\S+)$`)
	checked = regexp.MustCompile(`CMD (\[.*\])$`)
)

// dockerfile reads the Dockerfile. There is no Docker here: a line that is not
// understood fails the test, so that nothing is passed over.
func dockerfile(t *testing.T) image {
	t.Helper()
	var i image
	text := strings.ReplaceAll(read(t, "Dockerfile"), "\\\n", "")
	second := false
	for line := range strings.SplitSeq(text, "\n") {
		verb, rest, _ := strings.Cut(line, " ")
		switch {
		case line == "" || verb == "#" || verb == "LABEL" || verb == "VOLUME" || verb == "EXPOSE":
		case verb == "FROM":
			second = rest == "scratch"
		case !second && verb == "RUN":
			i.build = append(i.build, rest)
		case !second && (verb == "COPY" || verb == "WORKDIR"): // the source is where the machine's commands run
		case verb == "COPY":
			m := copied.FindStringSubmatch(rest)
			if m == nil {
				t.Fatalf("the Dockerfile's %q is not understood", line)
			}
			from := strings.Replace(m[2], "/src/", "./", 1)
			i.files = append(i.files, fmt.Sprintf(`mkdir -p "$(dirname "$IMAGE%s")"; cp -a "%s" "$IMAGE%s"; chown "%s" "$IMAGE%s"`, m[3], from, m[3], orRoot(m[1]), m[3]))
		case verb == "USER":
			i.user = rest
		case verb == "WORKDIR":
			i.dir = rest
		case verb == "ENV":
			i.env = append(i.env, strings.Fields(rest)...)
		case verb == "ENTRYPOINT" || verb == "CMD":
			i.start = append(i.start, words(t, rest)...)
		case verb == "HEALTHCHECK":
			i.look = words(t, checked.FindStringSubmatch(rest)[1])
		default:
			t.Fatalf("the Dockerfile's %q is not understood", line)
		}
	}
	return i
}

func orRoot(user string) string {
	if user == "" {
		return "0:0"
	}
	return user
}

func words(t *testing.T, list string) []string {
	t.Helper()
	var out []string
	if err := json.Unmarshal([]byte(list), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// run is the command line that runs a program of the image in its file system
// as its user, with its environment and the settings, and nothing else.
func (i image) run(program []string) string {
	uid, gid, _ := strings.Cut(i.user, ":")
	return fmt.Sprintf(`env -i PATH=/usr/bin %s $(grep -v '^#' .env | grep '=.' | tr -d "'" | tr ' ' _) unshare --root="$IMAGE" --wd=%s --setuid %s --setgid %s %s`,
		strings.Join(i.env, " "), i.dir, uid, gid, strings.Join(program, " "))
}

// The image's file system holds all that the program needs, and its user may
// write into its folder: it starts, says that it is healthy, and keeps its
// database there.
func TestTheImageRunsAsItsUser(t *testing.T) {
	t.Parallel()
	needs(t, "curl", "openssl")
	i := dockerfile(t)
	if i.user == "" || i.user[0] == '0' || i.look == nil {
		t.Fatalf("the image runs as %q, with the health check %q", i.user, i.look)
	}
	fetch := exec.CommandContext(t.Context(), "go", "mod", "download") // the machine has no network
	fetch.Dir = ".."
	if said, err := fetch.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	out := onMachine(t, world+strings.Join(i.build, "\n")+`
IMAGE=/image; mkdir /image
`+strings.Join(i.files, "\n")+`
cp /etc/bsre-ca.pem /image/ # as it is mounted
sed -i 's#/etc/bsre-ca.pem#/bsre-ca.pem#' .env
echo CA_FILE=/bsre-ca.pem >> .env # likewise
`+i.run(append(i.start[:1:1], "employees", "import", "-"))+` < employees.xlsx
`+i.run(i.start)+` >/var/log/resetpin.log 2>&1 &
echo $! >/run/resetpin.pid
echo "== ready: $(ready)"
`+i.run(i.look)+` && echo "== healthy"
kill "$(cat /run/resetpin.pid)"; tail --pid="$(cat /run/resetpin.pid)" -f /dev/null
`+i.run(i.look)+` || echo "== not healthy when it is stopped"
stat -c '== %n %u %a' /image/data /image/data/resetpin.db
`)
	for _, want := range []string{"== ready: []", "== healthy\n", "== not healthy when it is stopped", "== /image/data 65532 700", "== /image/data/resetpin.db 65532 600"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if t.Failed() {
		t.Log(out)
	}
}
