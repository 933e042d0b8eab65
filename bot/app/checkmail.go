package app

import (
	"context"
	"fmt"
	"strings"

	"resetpin/handlers/mail"
)

// mail tries the mail server as far as it says anything without a mail.
func (c *doctor) mail(ctx context.Context) (string, error) {
	if c.s.SMTPURL == "" {
		return "", errNotTried
	}
	sender, err := mailSender(c.s)
	if err != nil {
		return "", err
	}
	if err := sender.Check(ctx); err != nil {
		return "", mend("SMTP_URL", err)
	}
	if err := c.recipients(ctx, sender); err != nil {
		return "", err
	}
	words := "the mail server takes mail from " + c.s.MailFrom + ", as far as it says before a mail (--send-mail ADDRESS sends one)"
	if w := sender.Warning(); w != "" {
		words += "\n" + advicePrefix + w
	}
	return words, nil
}

// mostDomains is of how many mail domains a recipient is tried.
const mostDomains = 3

// recipients asks whether mails to employees are taken: for one of each domain,
// whose address is shown to nobody. A relay that serves its own people only
// says so not before.
func (c *doctor) recipients(ctx context.Context, sender *mail.Sender) error {
	if c.db == nil {
		return nil
	}
	tried := make(map[string]bool)
	for e, err := range c.db.Employees(ctx) {
		if err != nil {
			return err
		}
		_, domain, _ := strings.Cut(strings.ToLower(e.Email), "@")
		if !e.Active || domain == "" || tried[domain] {
			continue
		}
		tried[domain] = true
		if err := sender.CheckRecipient(ctx, e.Email); err != nil {
			return fmt.Errorf("an employee's address at %s: %w", domain, err)
		}
		if len(tried) == mostDomains {
			break
		}
	}
	return nil
}
