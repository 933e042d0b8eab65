package pages

import "cmp"

// StatusGuide holds the advice for every status, one step each, and one for
// a status that nobody knows.
const (
	StatusGuide   = "status"
	UnknownAdvice = "other"
)

// AdviceSteps names the step of the status guide for each of BSrE's statuses.
func AdviceSteps() map[string]string {
	return map[string]string{
		"ISSUE": "issue", "EXPIRED": "expired", "RENEW": "renew", "WAITING_FOR_VERIFICATION": "waiting", "NEW": "new",
		"NO_CERTIFICATE": "none", "NOT_REGISTERED": "unregistered", "SUSPEND": "suspend", "REVOKE": "revoke",
	}
}

// StatusStep is the step of the status guide for a status.
func StatusStep(status string) string { return cmp.Or(AdviceSteps()[status], UnknownAdvice) }

// LinkStep is the step of the reset's guide at which the mail's link is
// opened. Before it a link lies unused, and the day ends its life.
const LinkStep = "link"

// StuckPage is the reset's page for those whose new PIN does not work.
const StuckPage = "stillwrong"

// Issue is the one status in which a certificate can sign and its passphrase
// can be reset.
const Issue = "ISSUE"

// Light marks a status the way a traffic light does.
func Light(status string) string {
	switch status {
	case Issue:
		return "🟢"
	case "RENEW", "WAITING_FOR_VERIFICATION", "NEW":
		return "🟡"
	case "EXPIRED", "NO_CERTIFICATE", "NOT_REGISTERED", "SUSPEND", "REVOKE":
		return "🔴"
	}
	return "⚪"
}

// StatusWord bounds a status for the audit trail: BSrE's word, never free text.
func StatusWord(status string) string {
	if Light(status) == "⚪" {
		return "OTHER"
	}
	return status
}
