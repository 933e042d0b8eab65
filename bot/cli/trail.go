package cli

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"resetpin/guides"
	"resetpin/store"
	"resetpin/store/directory"
)

// moment reads what is given to a flag: how long ago (a Go duration), a day (its
// midnight in TIME_ZONE) or RFC 3339. Empty is the zero time.
func (c *call) moment(flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if d, err := time.ParseDuration(text); err == nil {
		return c.now().Add(-d), nil
	}
	zone, err := c.zone()
	if err != nil {
		return time.Time{}, err
	}
	if day, err := time.ParseInLocation(time.DateOnly, text, zone); err == nil {
		return day, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, UsageError{fmt.Errorf("%s %q: want a duration such as 24h, a day such as 2026-01-31, or a time such as 2026-01-31T08:00:00Z", flag, text)}
	}
	return t, nil
}

func (c *call) now() time.Time {
	if c.env.Now != nil {
		return c.env.Now()
	}
	return time.Now()
}

type auditCommand struct {
	Since  string `help:"From this time on: a duration such as 24h, a day such as 2026-01-31, or RFC 3339." placeholder:"T"`
	NIP    string `help:"Only this employee."`
	ID     string `name:"id" placeholder:"CODE" help:"Only what was done under this code, which the bot tells people when something went wrong."`
	Format string `help:"csv or json (a line each)." enum:"csv,json" default:"csv"`
}

// auditLine is an event as JSON.
type auditLine struct {
	At       time.Time `json:"at"`
	Platform string    `json:"platform,omitempty"`
	Account  string    `json:"account,omitempty"`
	NIP      string    `json:"nip,omitempty"`
	Action   string    `json:"action"`
	Outcome  string    `json:"outcome"`
	Detail   string    `json:"detail,omitempty"`
	ID       string    `json:"id,omitempty"`
}

// Run prints the audit trail.
func (a auditCommand) Run(c *call) error {
	from, err := c.moment("--since", a.Since)
	if err != nil {
		return err
	}
	nip := ""
	if a.NIP != "" {
		if nip, err = directory.ParseNIP(a.NIP); err != nil {
			return UsageError{fmt.Errorf("the NIP %q: %w", a.NIP, err)}
		}
	}
	zone, err := c.zone()
	if err != nil {
		return err
	}
	return c.withStore(func(db *store.Store) error {
		if err := c.look(db, "audit", nip); err != nil {
			return err
		}
		table := csv.NewWriter(c.env.Stdout)
		lines := json.NewEncoder(c.env.Stdout)
		if a.Format == "csv" {
			if err := table.Write([]string{"at", "platform", "account", "nip", "action", "outcome", "detail", "id"}); err != nil {
				return err
			}
		}
		for e, err := range db.Events(c.ctx, from, nip) {
			if err == nil && a.ID != "" && !strings.EqualFold(e.ID, a.ID) {
				continue
			}
			if err == nil && a.Format == "json" {
				err = lines.Encode(auditLine{e.At.In(zone), e.Account.Platform, e.Account.ID, e.NIP, e.Action, e.Outcome, e.Detail, e.ID})
			} else if err == nil {
				err = table.Write([]string{e.At.In(zone).Format(time.RFC3339), e.Account.Platform, e.Account.ID, e.NIP, e.Action, e.Outcome, e.Detail, e.ID})
			}
			if err != nil {
				return err
			}
		}
		table.Flush()
		return table.Error()
	})
}

type guidesCommand struct {
	Check   guidesCheck   `cmd:"" help:"Validate guides: every reference, language, length and picture."`
	Preview guidesPreview `cmd:"" help:"Show every step of every guide in a browser, as Telegram and Mattermost will show it."`
	Try     guidesTry     `cmd:"" help:"What the bot understands by a sentence."`
}

type guidesCheck struct {
	Dir string `arg:"" optional:"" help:"A folder that is laid upon the built-in guides, as GUIDES_DIR; without it only those." type:"existingdir"`
}

// Run lists what is wrong.
func (g guidesCheck) Run(c *call) error {
	files := guides.Builtin()
	if g.Dir != "" {
		files = guides.Overlay(files, os.DirFS(g.Dir))
	}
	problems := guides.Check(files)
	var lines []string
	for _, p := range problems {
		lines = append(lines, p.Error())
	}
	lines = append(lines, sentenceMistakes(files, g.Dir)...)
	for _, line := range lines {
		if _, err := fmt.Fprintln(c.env.Stdout, line); err != nil {
			return err
		}
	}
	if len(lines) > 0 {
		return fmt.Errorf("the guides are not in order: %d to mend", len(lines))
	}
	_, err := fmt.Fprintln(c.env.Stdout, "The guides are in order.")
	return err
}
