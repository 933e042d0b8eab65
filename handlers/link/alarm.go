package link

import (
	"context"
	"encoding/json"
	"fmt"
	"resetpin/handlers/letters"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// alarm is a danger that officers are told of.
type alarm struct {
	NIP    string
	Danger store.Danger
}

// alarmJob tells the officers of a danger for a NIP. Whether it is anybody's
// is looked up when the job is done, so that asking takes no longer for one.
func alarmJob(nip string, d store.Danger) store.Job {
	return talk.PlainJob(jobAlarm, alarm{NIP: nip, Danger: d})
}

// alarm tells the places where calls for help go, and the log.
func (h *Room) alarm(ctx context.Context, payload []byte) error {
	var a alarm
	if err := json.Unmarshal(payload, &a); err != nil {
		return fmt.Errorf("%w: read alarm: %w", store.ErrJobCancel, err)
	}
	e, err := h.people.Employee(ctx, a.NIP)
	if talk.NotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read employee: %w", err)
	}
	h.Logger.WarnContext(ctx, "codes for somebody's NIP are asked for or guessed by strangers; resetpin audit names the NIP, resetpin links free helps its owner", "danger", string(a.Danger))
	var jobs []store.Job
	for _, chat := range h.Settings.HelpdeskChats {
		jobs = append(jobs, talk.Tell("", talk.Push{To: chat, Language: h.Settings.DefaultLanguage, Key: "alarm." + string(a.Danger),
			Values: []string{"name", e.Name, "unit", talk.Dash(e.Unit), "last", letters.LastOfNIP(e.NIP)}}))
	}
	if err := h.db.Record(ctx, store.Event{At: h.Now(), NIP: a.NIP, Action: "alarm", Outcome: string(a.Danger)}, jobs...); err != nil {
		return fmt.Errorf("tell the officers: %w", err)
	}
	return nil
}
