package mattermost

import (
	"io"
	"net/http"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

// paced waits when the server says that it is asked too often: a set-up asks
// a few things of every team, and what was asked for nothing is asked again at
// the next run.
type paced struct {
	http.RoundTripper

	most  int           // tries
	pause time.Duration // when the server does not say how long
}

// RoundTrip sends a request, and sends it again after the server's own pause.
func (p paced) RoundTrip(q *http.Request) (*http.Response, error) {
	for try := 1; ; try++ {
		r, err := p.RoundTripper.RoundTrip(q)
		if err != nil || r.StatusCode != http.StatusTooManyRequests || try == p.most || q.Body != nil && q.GetBody == nil {
			return r, err
		}
		wait := max(retryAfter(model.BuildResponse(r)), p.pause)
		_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, maxBody))
		closeBody(r)
		if !sleep(q.Context(), wait) {
			return nil, q.Context().Err()
		}
		again := q.Clone(q.Context())
		if q.GetBody != nil {
			if again.Body, err = q.GetBody(); err != nil {
				return nil, err
			}
		}
		q = again
	}
}
