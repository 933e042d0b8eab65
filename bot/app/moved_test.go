package app_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"resetpin/bot/app"
)

// movements are the program's own metrics over all stories: a metric that stays
// at zero in each of them counts nothing.
type movements struct {
	mu    sync.Mutex
	moves map[string]bool // by name
}

var moved = &movements{moves: map[string]bool{}} //nolint:gochecknoglobals // of all stories of the process

// end looks how the metrics of a bot stand at its end.
func (m *movements) end(bot *app.App) {
	rec := httptest.NewRecorder()
	bot.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	m.note(rec.Body.String())
}

// note takes what a bot tells of its metrics.
func (m *movements) note(told string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	family := ""
	for line := range strings.SplitSeq(told, "\n") {
		if rest, ok := strings.CutPrefix(line, "# TYPE "); ok {
			family, _, _ = strings.Cut(rest, " ")
		}
		if family != "" && strings.HasPrefix(line, family) && !strings.HasSuffix(line, " 0") {
			m.moves[family] = true
		}
	}
}

// zero gives the metrics in the program's source that nothing has moved: one
// that has labels is told of only when it has counted.
func (m *movements) zero() ([]string, error) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for _, found := range metricName.FindAllSubmatch(source, -1) {
			if name := string(found[1]); !m.moves[name] {
				out = append(out, name)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

var metricName = regexp.MustCompile(`"(resetpin_[a-z_]+)"`)
