package app

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"resetpin/handlers/resetsite"
)

// siteEvery is between two looks at the reset site that nobody asks for: as
// long as a good one is remembered. So the log tells of a certificate that is
// another or has run out before an employee meets it, and nobody waits for a
// look.
const siteEvery = 15 * time.Minute

// siteMetrics show what the last look at the reset site found.
type siteMetrics struct {
	probe         *resetsite.Probe
	verdict, ends *prometheus.Desc
}

func newSiteMetrics(p *resetsite.Probe) *siteMetrics {
	return &siteMetrics{
		probe:   p,
		verdict: prometheus.NewDesc("resetpin_reset_site", "1 for what the last look at the reset site's certificate found, else 0.", []string{"verdict"}, nil),
		ends: prometheus.NewDesc("resetpin_reset_site_certificate_expiry_timestamp_seconds",
			"When the reset site's certificate ends, as the last look found; the days left are (this - time()) / 86400.", nil, nil),
	}
}

// Describe is Prometheus' question.
func (s *siteMetrics) Describe(out chan<- *prometheus.Desc) {
	out <- s.verdict
	out <- s.ends
}

// Collect tells; before the first look there is nothing to tell.
func (s *siteMetrics) Collect(out chan<- prometheus.Metric) {
	found := s.probe.Last()
	if found.Verdict == "" {
		return
	}
	for _, v := range resetsite.Verdicts() {
		on := 0.0
		if v == found.Verdict {
			on = 1
		}
		out <- prometheus.MustNewConstMetric(s.verdict, prometheus.GaugeValue, on, string(v))
	}
	if !found.To.IsZero() {
		out <- prometheus.MustNewConstMetric(s.ends, prometheus.GaugeValue, float64(found.To.Unix()))
	}
}
