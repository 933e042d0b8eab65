package app

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"resetpin/bot/build"
	"resetpin/store"
)

// depths shows how much of everything waits, each time it is asked.
type depths struct {
	a *App

	jobs, resets, employees, imported, inbox, is *prometheus.Desc
	tickets, ticketTime, walksHelped             *prometheus.Desc
}

func newDepths(a *App) *depths {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, labels, nil)
	}
	return &depths{
		a:           a,
		jobs:        desc("resetpin_jobs", "Durable jobs by kind and state; discarded and cancelled ones were given up, and are kept for an hour.", "kind", "state"),
		resets:      desc("resetpin_resets", "Resets that are kept, by state.", "state"),
		tickets:     desc("resetpin_tickets", "Tickets that are not closed, by state: waiting, taken.", "state"),
		ticketTime:  desc("resetpin_ticket_median_seconds", "Of the tickets opened in the last 30 days: half were answered, or closed, within.", "until"),
		walksHelped: desc("resetpin_walks_needing_person_ratio", "Share of the walks begun in the last 30 days on which a ticket was opened."),
		employees:   desc("resetpin_employees", "Employees in the directory."),
		imported:    desc("resetpin_directory_age_seconds", "Time since the directory was last refreshed."),
		inbox:       desc("resetpin_inbox", "Updates that wait, or are being answered, in this process."),
		is:          desc("resetpin_build_info", "The program that runs; always 1.", "version", "commit"),
	}
}

// Describe is Prometheus' question.
func (d *depths) Describe(out chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{d.jobs, d.resets, d.tickets, d.ticketTime, d.walksHelped, d.employees, d.imported, d.inbox, d.is} {
		out <- desc
	}
}

// depthsTime bounds the counting.
const depthsTime = 5 * time.Second

// Collect counts.
func (d *depths) Collect(out chan<- prometheus.Metric) {
	gauge := func(desc *prometheus.Desc, n float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, n, labels...)
	}
	info := build.Read()
	gauge(d.is, 1, info.Version, info.Commit)
	gauge(d.inbox, float64(d.a.engine.Waiting()))
	ctx, cancel := context.WithTimeout(context.Background(), depthsTime)
	defer cancel()
	now, err := d.a.store.Depths(ctx)
	if err != nil {
		d.a.log.WarnContext(ctx, "what waits could not be counted", "error", err)
		return
	}
	for kind, states := range now.Jobs {
		for state, n := range states {
			gauge(d.jobs, float64(n), kind, state)
		}
	}
	for state, n := range now.Resets {
		gauge(d.resets, float64(n), string(state))
	}
	for state, n := range now.Tickets {
		gauge(d.tickets, float64(n), string(state))
	}
	d.month(ctx, gauge)
	gauge(d.employees, float64(now.Employees))
	if !now.Imported.IsZero() {
		gauge(d.imported, d.a.now().Sub(now.Imported).Seconds())
	}
}

// month shows how the tickets of the last 30 days went.
func (d *depths) month(ctx context.Context, gauge func(desc *prometheus.Desc, n float64, labels ...string)) {
	now := d.a.now()
	sums, err := d.a.store.Tickets(ctx, store.Span{From: now.AddDate(0, 0, -30), Until: now.Add(time.Second)})
	if err != nil {
		d.a.log.WarnContext(ctx, "tickets could not be counted", "error", err)
		return
	}
	if sums.Answered > 0 {
		gauge(d.ticketTime, sums.Answer.Seconds(), "answer")
	}
	if sums.Closed > 0 {
		gauge(d.ticketTime, sums.End.Seconds(), "end")
	}
	if sums.Walks > 0 {
		gauge(d.walksHelped, float64(sums.Needed)/float64(sums.Walks))
	}
}
