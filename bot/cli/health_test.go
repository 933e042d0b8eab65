package cli

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestHealthSaysWhatTheBotSaysOfItself(t *testing.T) {
	status, body, asked := http.StatusOK, "[]", 0
	bot := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/readyz" {
			status, body = http.StatusNotFound, "no such page"
		}
		if asked++; asked == 3 {
			status = http.StatusOK
		}
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, body)
	}))
	defer bot.Close()
	_, port, err := net.SplitHostPort(strings.TrimPrefix(bot.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	// As in a container: it listens everywhere, and a proxy is set.
	d := &desk{t: t, environ: []string{"LISTEN_ADDR=0.0.0.0:" + port, "HTTP_PROXY=http://127.0.0.1:1"}}
	d.wants(ExitDone, "the bot is ready", "health")
	asked = 10
	status, body = http.StatusOK, `[{"part":"employees","what":"the directory is empty"}]`
	d.wants(ExitDone, "employees: the directory is empty", "health")
	status, body = http.StatusServiceUnavailable, `[{"part":"database","what":"does not answer"}]`
	d.wants(ExitFailed, "database: does not answer", "health")
	status, body = http.StatusOK, "<html>"
	d.wants(ExitFailed, "another program answers there (status 200)", "health")
	// Who waits is told when it is ready.
	status, body = http.StatusServiceUnavailable, "[]"
	asked = 0
	d.wants(ExitDone, "the bot is ready", "health", "--wait", "1h")
	// Where health has an address of its own, the other is not asked.
	d.environ = []string{"LISTEN_ADDR=127.0.0.1:1", "ADMIN_LISTEN_ADDR=127.0.0.1:" + port}
	status, body = http.StatusOK, "[]"
	d.wants(ExitDone, "the bot is ready", "health")
	bot.Close()
	d.wants(ExitFailed, "is it running, with these settings?", "health")
}
