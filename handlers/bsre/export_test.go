package bsre

import (
	"context"
	"time"
)

// SleepBy makes the portal's waiting for the next one-time code another.
func (p *Portal) SleepBy(sleep func(context.Context, time.Duration) error) { p.session.sleep = sleep }
