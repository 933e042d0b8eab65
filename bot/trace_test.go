package bot

import (
	"bytes"
	"context"
	"log/slog"
	"strconv"
	"strings"
	"testing"
)

func TestIDs(t *testing.T) {
	seen := map[string]bool{}
	ids := []func(i int) string{
		func(int) string { return NewID() },
		func(i int) string { return IDOf(said("a", strconv.Itoa(i), "x")) },
	}
	for _, id := range ids {
		for i := range 200 {
			id := id(i)
			if len(id) != 6 || strings.Trim(id, idAlphabet) != "" || seen[id] {
				t.Fatalf("%q", id)
			}
			seen[id] = true
		}
	}
	if u := said("a", "1", "x"); IDOf(u) != IDOf(said("b", "1", "y")) {
		t.Error("the id of an update is that of its row, whatever else it holds")
	}
}

func TestLinesBearTheIDOfTheirContext(t *testing.T) {
	var out bytes.Buffer
	log := WithIDs(WithIDs(slog.New(slog.NewTextHandler(&out, nil)))).With("part", "x")
	ctx := WithID(WithID(context.Background(), "CDFGHJ"), "")
	log.InfoContext(ctx, "said")
	log.Info("alone")
	lines := strings.Split(out.String(), "\n")
	if !strings.HasSuffix(lines[0], "part=x id=CDFGHJ") || strings.Contains(lines[1], "id=") {
		t.Error(out.String())
	}
}
