package app

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"
)

// part is one thing the program cannot work without.
type part struct {
	name  string
	ready func(ctx context.Context) error
}

// problem is a line of /readyz.
type problem struct {
	Part string `json:"part"`
	What string `json:"what"`
}

// healthz answers 200 while the process lives.
func healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n")) // who asked may be gone
}

// readyz answers 200 when every part is ready, else 503 with a JSON list of
// those that are not.
func readyz(parts []part, log *slog.Logger) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
		defer cancel()
		problems := make([]problem, 0, len(parts))
		for _, p := range parts {
			if err := p.ready(ctx); err != nil {
				problems = append(problems, problem{Part: p.name, What: err.Error()})
			}
		}
		w.Header().Set("Content-Type", "application/json")
		if len(problems) > 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		if err := json.NewEncoder(w).Encode(problems); err != nil {
			log.DebugContext(ctx, "the readiness answer was not taken", "error", err)
		}
	}
}
