package app

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"resetpin/bot"
)

// The outside systems, as the log and the metrics name them.
const (
	systemStatus     = "bsre_status"
	systemPortal     = "bsre_portal"
	systemSignOn     = "bsre_signon"
	systemGateway    = "bsre_gateway"
	systemTelegram   = "telegram"
	systemMattermost = "mattermost"
	systemMail       = "mail"
	systemDatabase   = "database"
)

const (
	outageAfter = 2      // failures in a row: one alone is repeated, and nobody notices
	mostWaiting = 10_000 // people whose waiting is counted
)

// outages turn failures into states: a line when a system stops answering, and
// one when it answers again, with how many people waited.
type outages struct {
	log     *slog.Logger
	now     func() time.Time
	down    *prometheus.GaugeVec
	began   *prometheus.CounterVec
	waiting *prometheus.GaugeVec

	mu sync.Mutex
	of map[string]*outage
}

// outage is how a system stands.
type outage struct {
	failed int // in a row
	since  time.Time
	on     bool
	waited map[string]bool // ids of what failed meanwhile
}

func newOutages(log *slog.Logger, now func() time.Time, registry *prometheus.Registry) *outages {
	o := &outages{log: log, now: now, of: make(map[string]*outage)}
	o.down = prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "resetpin_outage", Help: "1 while an outside system does not answer, else 0."}, []string{"system"})
	o.began = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "resetpin_outages_total", Help: "Outages of outside systems that began."}, []string{"system"})
	o.waiting = prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "resetpin_outage_waiting", Help: "What people asked for and could not be had during the outage that lasts."}, []string{"system"})
	registry.MustRegister(o.down, o.began, o.waiting)
	return o
}

// note takes how a call ended: with err the system did not answer.
func (o *outages) note(ctx context.Context, system string, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	s := o.of[system]
	if s == nil {
		s = &outage{}
		o.of[system] = s
		o.down.WithLabelValues(system).Set(0)
	}
	if err == nil {
		o.over(ctx, system, s)
		return
	}
	if s.failed == 0 {
		s.since, s.waited = o.now(), make(map[string]bool)
	}
	s.failed++
	if id := bot.ID(ctx); id != "" && len(s.waited) < mostWaiting {
		s.waited[id] = true
	}
	if !s.on && s.failed >= outageAfter {
		s.on = true
		o.down.WithLabelValues(system).Set(1)
		o.began.WithLabelValues(system).Inc()
		o.log.LogAttrs(ctx, slog.LevelWarn, "an outage began", slog.String("system", system), slog.Any("error", err))
	}
	if s.on {
		o.waiting.WithLabelValues(system).Set(float64(len(s.waited)))
	}
}

// over ends an outage; it runs under the lock.
func (o *outages) over(ctx context.Context, system string, s *outage) {
	if s.on {
		o.down.WithLabelValues(system).Set(0)
		o.waiting.WithLabelValues(system).Set(0)
		o.log.LogAttrs(ctx, slog.LevelWarn, "an outage is over", slog.String("system", system), slog.Int("waited", len(s.waited)),
			slog.String("lasted", o.now().Sub(s.since).Round(time.Second).String()))
	}
	*s = outage{}
}

// lasts tells whether one of the systems does not answer, as the log knows.
func (o *outages) lasts(systems ...string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, name := range systems {
		if s := o.of[name]; s != nil && s.on {
			return true
		}
	}
	return false
}
