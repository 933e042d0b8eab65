package app

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"time"
)

// part is one thing that may be out of order.
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

// readyz answers 200 when every part is ready, without which the program
// cannot work, else 503. The JSON list tells what is not, and what is remarked
// beside it: that is wrong in every replica alike, and none must leave the
// balancer for it.
func readyz(parts, remarks []part, log *slog.Logger) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
		defer cancel()
		problems := wrongOf(ctx, parts)
		code := http.StatusOK
		if len(problems) > 0 {
			code = http.StatusServiceUnavailable
		}
		problems = append(problems, wrongOf(ctx, remarks)...)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		if err := json.NewEncoder(w).Encode(problems); err != nil {
			log.DebugContext(ctx, "the readiness answer was not taken", "error", err)
		}
	}
}

// wrongOf gives the parts that are not in order.
func wrongOf(ctx context.Context, parts []part) []problem {
	problems := make([]problem, 0, len(parts))
	for _, p := range parts {
		if err := p.ready(ctx); err != nil {
			problems = append(problems, problem{Part: p.name, What: err.Error()})
		}
	}
	return problems
}

// directory is the remark that the bot knows nobody: it turns everybody away,
// and looks well.
func (a *App) directory(ctx context.Context) error {
	some, err := a.store.HasEmployees(ctx)
	if err != nil || some {
		return err
	}
	return errNobody(a.store.Place())
}

func errNobody(place string) error {
	return fmt.Errorf("the employee directory in %s is empty, so that the bot knows nobody: "+
		"run resetpin employees import FILE in the folder of the service (-C DIR), as its user", place)
}

// warn tells at the start what the bot works with and better would not.
func (a *App) warn(ctx context.Context) {
	if w := a.store.Warning(); w != "" {
		a.log.Warn(w)
	}
	bounded, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	if err := a.directory(bounded); err != nil && ctx.Err() == nil {
		a.log.WarnContext(ctx, err.Error())
	}
}
