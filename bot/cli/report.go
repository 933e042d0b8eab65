package cli

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"resetpin/handlers/talk"
	"resetpin/store"
)

type reportCommand struct {
	Since  string `help:"From this time on: a duration such as 720h, a day such as 2026-01-31 (its midnight in TIME_ZONE), or RFC 3339. As text it is compared with as long a time before." placeholder:"T"`
	Until  string `help:"Before this time, likewise." placeholder:"T"`
	Lang   string `help:"The language of the text; else as DEFAULT_LANGUAGE says." placeholder:"L"`
	Format string `help:"text for people; csv or json counts every kind of event." enum:"text,csv,json" default:"text"`
}

// zone is TIME_ZONE, in whose days and hours people are told times.
func (c *call) zone() (*time.Location, error) {
	s, err := c.settings()
	if err != nil {
		return nil, err
	}
	return talk.ParseZone(s.TimeZone)
}

// Run prints the counts.
func (r reportCommand) Run(c *call) error {
	s, err := c.settings()
	if err != nil {
		return err
	}
	words, err := readReportWords(r.Lang, s)
	if err != nil {
		return err
	}
	span, err := r.span(c)
	if err != nil {
		return err
	}
	return c.withStore(func(db *store.Store) error {
		if r.Format == "text" {
			return r.tell(c, db, words, span)
		}
		rows, err := db.Report(c.ctx, span)
		if err != nil {
			return err
		}
		rows = withoutNumbers(rows)
		if r.Format == "json" {
			if rows == nil {
				rows = []store.ReportRow{}
			}
			return json.NewEncoder(c.env.Stdout).Encode(rows)
		}
		table := csv.NewWriter(c.env.Stdout)
		return errors.Join(table.WriteAll(reportTable(rows)), table.Error())
	})
}

// span is the time that is asked for.
func (r reportCommand) span(c *call) (store.Span, error) {
	zone, err := c.zone()
	if err != nil {
		return store.Span{}, err
	}
	from, err := c.moment("--since", r.Since)
	if err != nil {
		return store.Span{}, err
	}
	until, err := c.moment("--until", r.Until)
	if err != nil {
		return store.Span{}, err
	}
	if until.IsZero() {
		until = c.now().Add(time.Millisecond) // what happens now is part of it
	}
	if !until.After(from) {
		return store.Span{}, UsageError{errors.New("--until: want a time after --since")}
	}
	return store.Span{From: from, Until: until, Zone: zone}, nil
}

func reportTable(rows []store.ReportRow) [][]string {
	out := [][]string{{"day", "platform", "action", "outcome", "detail", "count"}}
	for _, r := range rows {
		out = append(out, []string{r.Day, r.Platform, r.Action, r.Outcome, r.Detail, strconv.Itoa(r.Count)})
	}
	return out
}

// totals are what is counted of a time, by the names of the texts.
type totals struct {
	tickets store.TicketSums
	counts  map[string]int
	stops   map[string]int // guides given up, by step
	losts   map[string]int // words not understood, by place
	told    map[string]int // statuses of certificates
	down    map[string]int // what was wrong for everybody
}

// reportLines are the lines of the text in their order.
func reportLines() []string {
	return append([]string{"people", "linked", "status", "resets", "sent", "refused", "unknown", "rate", "walks", "stopped", "signed", "help", "lost", "down"}, ticketLines()...)
}

// lineOf gives the line on which a kind of event counts; empty: none.
func lineOf(r store.ReportRow) string {
	switch r.Action + " " + r.Outcome {
	case "link done":
		return "linked"
	case "reset sent":
		return "sent"
	case "reset refused":
		return "refused"
	case "reset unknown":
		return "unknown"
	case "walk done":
		return "walks"
	case "walk stopped":
		return "stopped"
	case "signed yes":
		return "signed"
	case "disturbance on", "disturbance seen":
		return "down"
	}
	switch r.Action {
	case "status", "help", "lost":
		return r.Action
	}
	return ""
}

func sum(rows []store.ReportRow) totals {
	t := totals{counts: make(map[string]int), stops: make(map[string]int), losts: make(map[string]int), told: make(map[string]int), down: make(map[string]int)}
	for _, r := range rows {
		line := lineOf(r)
		t.counts[line] += r.Count
		switch line {
		case "sent", "refused", "unknown":
			t.counts["resets"] += r.Count
		case "stopped":
			t.stops[r.Detail] += r.Count
		case "lost":
			t.losts[r.Outcome] += r.Count
		case "status":
			if r.Outcome == "told" {
				t.told[r.Detail] += r.Count
			}
		case "down":
			t.down[r.Detail] += r.Count
		}
	}
	return t
}

// cell writes a line's value.
func (t totals) cell(line string) string {
	if text, is := ticketCell(t.tickets, line); is {
		return text
	}
	if line != "rate" {
		return strconv.Itoa(t.counts[line])
	}
	if t.counts["resets"] == 0 {
		return "–"
	}
	return strconv.Itoa((t.counts["sent"]*100+t.counts["resets"]/2)/t.counts["resets"]) + " %"
}

// tell writes the report for people: totals beside those of the time before,
// where guides are given up, and the days.
func (r reportCommand) tell(c *call, db *store.Store, words reportWords, span store.Span) error {
	rows, now, err := counted(c, db, span)
	if err != nil {
		return err
	}
	before := span
	before.From, before.Until = span.From.Add(-span.Until.Sub(span.From)), span.From
	compared := !span.From.IsZero()
	var then totals
	if compared {
		if _, then, err = counted(c, db, before); err != nil {
			return err
		}
	} else if span.From, err = db.FirstEvent(c.ctx); err != nil {
		return err
	}
	day := func(t time.Time) string { return t.In(span.Zone).Format(time.DateOnly) }
	title := strings.NewReplacer("{from}", day(span.From), "{until}", day(span.Until.Add(-time.Millisecond)), "{zone}", span.Zone.String()).Replace(words.own["title"])
	if len(rows) == 0 {
		_, err := fmt.Fprintf(c.env.Stdout, "%s\n%s\n", title, words.own["none"])
		return err
	}
	table := [][]string{{"", words.own["now"]}}
	for _, line := range reportLines() {
		table = append(table, []string{words.own[line], now.cell(line)})
	}
	if compared {
		table[0] = append(table[0], words.own["before"])
		for i, line := range reportLines() {
			table[i+1] = append(table[i+1], then.cell(line))
		}
	}
	if _, err := fmt.Fprintf(c.env.Stdout, "%s\n\n", title); err != nil {
		return err
	}
	if err := columns(c.env.Stdout, table); err != nil {
		return err
	}
	for _, most := range []struct {
		text   string
		name   func(id string) string
		counts map[string]int
	}{
		{"statuses", words.status, now.told}, {"stops", words.place, now.stops}, {"losts", words.place, now.losts},
		{"reasons", words.place, now.tickets.Reasons}, {"downs", words.system, now.down},
	} {
		if len(most.counts) == 0 {
			continue
		}
		if _, err := fmt.Fprintf(c.env.Stdout, "\n%s\n%s", words.own[most.text], mostOften(most.counts, most.name)); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintf(c.env.Stdout, "\n%s\n", words.own["days"]); err != nil {
		return err
	}
	return columns(c.env.Stdout, perDay(rows, words))
}
