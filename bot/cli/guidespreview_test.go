package cli

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"regexp"
	"testing"
	"time"
)

func TestThePreviewTellsItsAddressAndStops(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out, in := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- guidesPreview{Listen: "127.0.0.1:0"}.Run(&call{ctx: ctx, env: Env{Stdout: in}})
	}()
	lines := bufio.NewReader(out)
	line, err := lines.ReadString('\n')
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+/`).FindString(line)
	if err != nil || address == "" {
		t.Fatalf("%q, %v", line, err)
	}
	defer func() { _ = in.Close() }() // lets the reader below end
	go func() { _, _ = io.Copy(io.Discard, lines) }()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"events", nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := http.DefaultClient.Do(r) // an open stream holds nothing up
	if err != nil || a.StatusCode != http.StatusOK {
		t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
