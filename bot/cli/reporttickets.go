package cli

import (
	"strconv"
	"strings"
	"time"

	"resetpin/store"
)

// ticketLines are the lines of the report about tickets.
func ticketLines() []string {
	return []string{"tickets", "answer", "end", "needed", "helped", "nothelped"}
}

// ticketCell writes a value about tickets; false for another line's.
func ticketCell(t store.TicketSums, line string) (string, bool) {
	switch line {
	case "tickets":
		return strconv.Itoa(t.Opened), true
	case "answer":
		return span(t.Answer, t.Answered), true
	case "end":
		return span(t.End, t.Closed), true
	case "needed":
		if t.Walks == 0 {
			return "–", true
		}
		return strconv.Itoa((t.Needed*100+t.Walks/2)/t.Walks) + " %", true
	case "helped":
		return strconv.Itoa(t.Yes), true
	case "nothelped":
		return strconv.Itoa(t.No), true
	}
	return "", false
}

// span writes a time as hours and minutes, "3:05"; a dash when nothing was
// measured.
func span(d time.Duration, of int) string {
	if of == 0 {
		return "–"
	}
	minutes := int(d.Round(time.Minute).Minutes())
	return strconv.Itoa(minutes/60) + ":" + strings.Repeat("0", 2-len(strconv.Itoa(minutes%60))) + strconv.Itoa(minutes%60)
}

// withoutNumbers takes the tickets' numbers out of what is counted, so that
// equal events count together.
func withoutNumbers(rows []store.ReportRow) []store.ReportRow {
	var out []store.ReportRow
	at := make(map[store.ReportRow]int)
	for _, r := range rows {
		if r.Action == "ticket" || r.Action == "officer" || r.Action == "call" {
			number, reason, _ := strings.Cut(r.Detail, " ")
			if _, err := strconv.Atoi(number); err == nil {
				r.Detail = reason
			}
		}
		key := r
		key.Count = 0
		if i, known := at[key]; known {
			out[i].Count += r.Count
			continue
		}
		at[key] = len(out)
		out = append(out, r)
	}
	return out
}
