package app

import (
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"resetpin/handlers/bsre"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// metrics counts what the bot does. Labels are few and fixed: no account, no
// number and no text ever becomes one.
type metrics struct {
	registry *prometheus.Registry
	updates  *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	delivery *prometheus.CounterVec
	events   *prometheus.CounterVec
	refused  *prometheus.CounterVec
	mails    *prometheus.CounterVec
	odd      *prometheus.CounterVec
	tickets  *prometheus.CounterVec
	troubles *prometheus.CounterVec

	calls       *prometheus.CounterVec
	callSeconds *prometheus.HistogramVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		updates: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "resetpin_updates_total", Help: "Updates that were handled, by platform, kind and outcome.",
		}, []string{"platform", "kind", "outcome"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "resetpin_update_seconds", Help: "Time from an update's receipt to its delivered answer.",
			Buckets: []float64{0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30},
		}, []string{"platform"}),
		delivery: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "resetpin_delivery_failures_total", Help: "Answers that could not be delivered at once.",
		}, []string{"platform"}),
		mails: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "resetpin_mails_total", Help: "Mails by outcome: sent, refused (that mail), sender (the server takes none from MAIL_FROM), failed (will be tried again), late (dropped).",
		}, []string{"outcome"}),
		odd: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "resetpin_bsre_unreadable_total", Help: "Values of BSrE's portal that could not be read, by field.",
		}, []string{"field"}),
	}
	m.events = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "resetpin_events_total", Help: "Lines of the audit trail: what people and the bot did, by action and outcome.",
	}, []string{"action", "outcome"})
	m.tickets = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "resetpin_tickets_opened_total", Help: "Tickets, by the guide's step or the place that led to them.",
	}, []string{"reason"})
	m.troubles = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "resetpin_troubles_total", Help: "What stood between people and BSrE, as they were told: unknown (the answer to a wish was lost), down, closed (the bot is not let in), busy, notseen, nocertificate, ambiguous, other (another phone number is on record), refused.",
	}, []string{"trouble"})
	m.refused = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "resetpin_refused_total", Help: "Requests and presses that did not come from whom they claim, by platform and what was wrong.",
	}, []string{"platform", "what"})
	m.calls = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "resetpin_calls_total", Help: "Calls to outside systems by outcome: answered, refused (4xx; of mail 5xx), busy (429, 503; of mail 4xx), broken (5xx), late, unreachable.",
	}, []string{labelSystem, "outcome"})
	m.callSeconds = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "resetpin_call_seconds", Help: "Time until an outside system answers, or does not.", Buckets: []float64{0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30},
	}, []string{labelSystem})
	m.registry.MustRegister(m.calls, m.callSeconds, m.updates, m.seconds, m.delivery, m.mails, m.events, m.refused, m.odd, m.tickets, m.troubles,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// watchPortal shows the portal's session and queue; nil: there is no portal.
func (m *metrics) watchPortal(p *bsre.Portal) {
	if p == nil {
		return
	}
	m.watchBreaker(systemPortal, p.Breaker)
	m.registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "resetpin_bsre_session", Help: "1 while the bot is let into BSrE's portal, or has not asked yet; else 0."}, func() float64 {
			if p.Trouble() != nil {
				return 0
			}
			return 1
		}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "resetpin_bsre_queue", Help: "People who are served or wait for their turn at BSrE's portal."}, func() float64 {
			people, _ := p.Queue()
			return float64(people)
		}))
}

// watchBreaker shows how the breaker before a system stands.
func (m *metrics) watchBreaker(system string, now func() string) {
	for _, state := range bsre.BreakerStates() {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "resetpin_breaker", Help: "1 for the state in which the breaker before a system of BSrE is: closed, open (it failed too often in a row, and is spared), half-open (it is tried); else 0.",
			ConstLabels: prometheus.Labels{labelSystem: system, "state": state},
		}, func() float64 {
			if now() == state {
				return 1
			}
			return 0
		}))
	}
}

// scrapes is how many may read the metrics at once. An answer is held until it
// is taken.
const scrapes = 4

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: scrapes, DisableCompression: true})
}

// call counts a call to an outside system, and how long it took; negative: that
// is not measured.
func (m *metrics) call(system, outcome string, took time.Duration) {
	m.calls.WithLabelValues(system, outcome).Inc()
	if took >= 0 {
		m.callSeconds.WithLabelValues(system).Observe(took.Seconds())
	}
}

// Event counts a line of the audit trail. Its action and outcome are words of
// the program.
func (m *metrics) Event(e store.Event) {
	m.events.WithLabelValues(e.Action, e.Outcome).Inc()
	if e.Action == "ticket" && e.Outcome == "opened" {
		_, reason, _ := strings.Cut(e.Detail, " ") // behind the ticket's number
		m.tickets.WithLabelValues(reason).Inc()
	}
}

// Trouble counts what stood between somebody and BSrE, and was told to them.
func (m *metrics) Trouble(t talk.Trouble) { m.troubles.WithLabelValues(string(t)).Inc() }

// Refused counts what did not come from whom it claims.
func (m *metrics) Refused(platform, what string) {
	m.refused.WithLabelValues(platform, what).Inc()
}

// Delayed counts an answer that could not be delivered at the first try.
func (m *metrics) Delayed(platform string) {
	m.delivery.WithLabelValues(platform).Inc()
}

// Handled counts an update that was answered or given up.
func (m *metrics) Handled(platform, kind, outcome string, took time.Duration) {
	m.updates.WithLabelValues(platform, kind, outcome).Inc()
	m.seconds.WithLabelValues(platform).Observe(took.Seconds())
}
