package store

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// TicketSums are what became of the tickets that were opened in a time, and
// how many of its walks needed a person.
type TicketSums struct {
	Opened   int
	Reasons  map[string]int
	Answer   time.Duration // until the first word of an officer's, of half of those that had one; 0: none had
	End      time.Duration // until they were closed, likewise
	Yes, No  int           // answers to whether it helped
	Silent   int           // asked, and no answer came
	Walks    int           // begun in the time
	Needed   int           // of them: a ticket of the same person was opened on the way, or within a day after
	Answered int
	Closed   int
}

// walkNeeds is for how long after the last step a ticket counts as the walk's.
const walkNeeds = 24 * time.Hour

// Tickets counts the tickets that were opened in a time. Those of before the
// last Purge are not known any more.
func (s *Store) Tickets(ctx context.Context, span Span) (TicketSums, error) {
	out := TicketSums{Reasons: make(map[string]int)}
	var reason, helped string
	var opened, answered, closed int64
	var answers, ends []int64
	err := s.eachOf(ctx, `SELECT reason, helped, opened, answered, closed FROM tickets WHERE opened >= $1 AND opened < $2`, []any{ms(span.From), ms(span.Until)},
		[]any{&reason, &helped, &opened, &answered, &closed}, func() {
			out.Opened++
			out.Reasons[reason]++
			if answered > 0 {
				answers = append(answers, answered-opened)
			}
			if closed > 0 {
				ends = append(ends, closed-opened)
			}
			switch helped {
			case "yes":
				out.Yes++
			case "no":
				out.No++
			case "asked":
				out.Silent++
			}
		})
	if err != nil {
		return out, err
	}
	out.Answered, out.Closed = len(answers), len(ends)
	out.Answer, out.End = median(answers), median(ends)
	err = s.read.QueryRowContext(ctx, `SELECT count(*), coalesce(sum(CASE WHEN EXISTS (
			SELECT 1 FROM tickets t WHERE t.nip_hash = w.owner_hash AND t.opened >= w.started AND t.opened <= w.moved + $3) THEN 1 ELSE 0 END), 0)
		FROM walks w WHERE w.started >= $1 AND w.started < $2`, ms(span.From), ms(span.Until), walkNeeds.Milliseconds()).Scan(&out.Walks, &out.Needed)
	if err != nil {
		return out, fmt.Errorf("count walks: %w", err)
	}
	return out, nil
}

// median gives the middle of times in milliseconds, the lower of two; 0 for none.
func median(all []int64) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return time.Duration(all[(len(all)-1)/2]) * time.Millisecond
}
