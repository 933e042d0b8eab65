package app

import (
	"context"
	"log/slog"
	"maps"
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
	systemTelegram   = bot.Telegram
	systemMattermost = bot.Mattermost
	systemMail       = "mail"
	systemDatabase   = "database"
)

// labelSystem is what names a system in the log and the metrics.
const labelSystem = "system"

const mostWaiting = 10_000 // people whose waiting is counted

// What was asked during an outage may fail a moment after its end. In that time
// it takes more to begin another one.
const (
	outageTail      = 10 * time.Second
	outageAfterTail = 6
)

// outageAfter is how many failures in a row are an outage. One alone is
// repeated, and nobody notices; but what is asked of the database is not.
func (o *outages) outageAfter(system string, s *outage) int {
	switch {
	case o.trails(s):
		return outageAfterTail
	case system == systemDatabase:
		return 1
	}
	return 2
}

// trails tells whether an outage ended just now.
func (o *outages) trails(s *outage) bool {
	return !s.ended.IsZero() && o.now().Sub(s.ended) < outageTail
}

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
	failing map[string]failing // by the kind of call: some may fail while others are answered
	since   time.Time
	first   time.Time // since, by the machine's clock: calls are timed by that
	on      bool
	waited  map[string]bool // ids of what failed meanwhile
	ended   time.Time       // the last one; zero: there was none
}

// failing is a kind of call that is not answered.
type failing struct {
	times int // in a row
	last  time.Time
}

// failingKept is how long a kind of call that nobody makes any more keeps an
// outage going, while others are answered.
const failingKept = 10 * time.Minute

func newOutages(log *slog.Logger, now func() time.Time, registry *prometheus.Registry) *outages {
	o := &outages{log: log, now: now, of: make(map[string]*outage)}
	o.down = prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "resetpin_outage", Help: "1 while an outside system does not answer, else 0."}, []string{labelSystem})
	o.began = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "resetpin_outages_total", Help: "Outages of outside systems that began."}, []string{labelSystem})
	o.waiting = prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "resetpin_outage_waiting", Help: "What people asked for and could not be had during the outage that lasts."}, []string{labelSystem})
	registry.MustRegister(o.down, o.began, o.waiting)
	return o
}

// note takes how a call ended after so long: with err the system did not
// answer. An outage is over when all kinds of calls that failed are answered
// again; what was asked before it began says nothing of that.
func (o *outages) note(ctx context.Context, system, kind string, took time.Duration, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	s := o.of[system]
	if s == nil {
		s = &outage{}
		o.of[system] = s
		o.down.WithLabelValues(system).Set(0)
	}
	if err == nil {
		if time.Now().Add(-took).Before(s.first) {
			return
		}
		delete(s.failing, kind)
		maps.DeleteFunc(s.failing, func(_ string, f failing) bool { return o.now().Sub(f.last) > failingKept })
		if len(s.failing) == 0 {
			o.over(ctx, system, s)
		}
		return
	}
	if len(s.failing) == 0 {
		s.since, s.first = o.now(), time.Now()
		s.failing, s.waited = make(map[string]failing), make(map[string]bool)
	}
	times := s.failing[kind].times + 1
	s.failing[kind] = failing{times, o.now()}
	if id := bot.ID(ctx); id != "" && len(s.waited) < mostWaiting {
		s.waited[id] = true
	}
	if !s.on && times >= o.outageAfter(system, s) {
		s.on = true
		o.down.WithLabelValues(system).Set(1)
		o.began.WithLabelValues(system).Inc()
		o.log.LogAttrs(ctx, slog.LevelWarn, "an outage began", slog.String(labelSystem, system), slog.Any("error", err))
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
		o.log.LogAttrs(ctx, slog.LevelWarn, "an outage is over", slog.String(labelSystem, system), slog.Int("waited", len(s.waited)),
			slog.String("lasted", o.now().Sub(s.since).Round(time.Second).String()))
		s.ended = o.now()
	}
	*s = outage{ended: s.ended}
}

// lasts tells whether one of the systems does not answer, as the log knows, or
// did not until just now.
func (o *outages) lasts(systems ...string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, name := range systems {
		if s := o.of[name]; s != nil && (s.on || o.trails(s)) {
			return true
		}
	}
	return false
}
