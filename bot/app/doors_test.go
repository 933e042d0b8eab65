package app_test

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"resetpin/bot/app"
	"resetpin/store"
)

// resident gives the memory of a process that is in use, in bytes.
func resident(t *testing.T, pid int) (n int) {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Skipf("SKIPPED: the memory of a process is read from /proc: %v", err)
	}
	for line := range strings.SplitSeq(string(status), "\n") {
		if kilobytes, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err = strconv.Atoi(strings.Fields(kilobytes)[0])
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return n << 10
}

// Many who ask and do not take the answers cost little memory, and keep nobody
// else off.
func TestManyWhoDoNotReadCostLittle(t *testing.T) {
	// 80 KB a client, the collector's slack among it; without a bound on those
	// who ask at once it was 350.
	const clients, asked, most = 1000, 40, 80 << 20
	w := newWorld(t)
	w.stop()
	bot := spawn(t, "bot", w.log, w.environment()...)
	eventually(t, "the sentences, whose reading takes memory too", func() bool { return strings.Contains(w.log.String(), "the sentences are read") })
	before := resident(t, bot.cmd.Process.Pid)
	address := strings.TrimPrefix(bot.url, "http://")
	request := strings.Repeat("GET /metrics HTTP/1.1\r\nHost: bot\r\nAccept-Encoding: gzip\r\n\r\n", asked)
	peak := before
	for n := range clients {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		if err := conn.(*net.TCPConn).SetReadBuffer(1 << 10); err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write([]byte(request)); err != nil {
			t.Fatal(err)
		}
		if n%50 == 0 {
			peak = max(peak, resident(t, bot.cmd.Process.Pid))
		}
	}
	answer, err := http.Get(bot.url + "/healthz")
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Errorf("somebody else: %v, %v", answer, err)
	} else if err := answer.Body.Close(); err != nil {
		t.Error(err)
	}
	peak = max(peak, resident(t, bot.cmd.Process.Pid))
	t.Logf("%d clients that do not read took the memory from %d MB to %d MB", clients, before>>20, peak>>20)
	if peak > before+most {
		t.Errorf("they took %d MB", (peak-before)>>20)
	}
}

// With an address of their own, health and metrics are not where the
// platforms call.
func TestHealthAndMetricsHaveAnAddressOfTheirOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ADMIN_LISTEN_ADDR=127.0.0.1:0")
	for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
		for address, want := range map[string]int{w.app.Addr(): http.StatusNotFound, w.app.AdminAddr(): http.StatusOK} {
			answer, err := http.Get("http://" + address + path)
			if err != nil {
				t.Fatal(err)
			}
			if err := answer.Body.Close(); err != nil {
				t.Error(err)
			}
			if answer.StatusCode != want {
				t.Errorf("%s at %s: %d, want %d", path, address, answer.StatusCode, want)
			}
		}
	}
}

// A second bot on one SQLite file would call the first one's running resets
// lost.
func TestASecondBotOnOneFileRefusesToStart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	second, err := app.Build(t.Context(), w.settings, app.Options{})
	if second != nil || err == nil || !strings.Contains(err.Error(), store.ErrServed.Error()) {
		t.Errorf("it was built: %v", err)
	}
	w.restart()
}
