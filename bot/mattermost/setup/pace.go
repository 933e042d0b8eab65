package setup

import (
	"io"
	"net/http"
	"resetpin/bot/mattermost/server"
	"resetpin/bot/platform"
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

// maxDrained is how much is read of an answer that is thrown away, so that its
// connection serves on.
const maxDrained = 64 << 10

// RoundTrip sends a request, and sends it again after the server's own pause.
func (p paced) RoundTrip(q *http.Request) (*http.Response, error) {
	for try := 1; ; try++ {
		r, err := p.RoundTripper.RoundTrip(q)
		if err != nil || r.StatusCode != http.StatusTooManyRequests || try == p.most || q.Body != nil && q.GetBody == nil {
			return r, err
		}
		wait := max(server.RetryAfter(model.BuildResponse(r)), p.pause)
		_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, maxDrained))
		_ = r.Body.Close()
		if platform.Sleep(q.Context(), wait) != nil {
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
