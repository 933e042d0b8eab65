package pages

import (
	"cmp"
	"maps"
	"slices"

	"resetpin/handlers/understand"
)

// StatusGuide holds the advice for every status, one step each, and one for
// a status that nobody knows.
const (
	StatusGuide   = "status"
	UnknownAdvice = "other"
)

// status is what one of BSrE's means here.
type status struct {
	step  string // of the status guide
	light string // as a traffic light
	place understand.Place
}

// statuses are all that BSrE has (handlers/bsre).
func statuses() map[string]status {
	return map[string]status{
		Issue:                      {step: "issue", light: "🟢"},
		"RENEW":                    {step: "renew", light: "🟡"},
		"WAITING_FOR_VERIFICATION": {step: "waiting", light: "🟡"},
		"NEW":                      {step: "new", light: "🟡", place: understand.StatusNew},
		"EXPIRED":                  {step: "expired", light: "🔴", place: understand.StatusExpired},
		"NO_CERTIFICATE":           {step: "none", light: "🔴", place: understand.StatusNoCert},
		"NOT_REGISTERED":           {step: "unregistered", light: "🔴", place: understand.StatusUnregistered},
		"SUSPEND":                  {step: "suspend", light: "🔴", place: understand.StatusSuspend},
		"REVOKE":                   {step: "revoke", light: "🔴", place: understand.StatusSuspend},
	}
}

// Statuses are BSrE's words for all statuses, sorted.
func Statuses() []string { return slices.Sorted(maps.Keys(statuses())) }

// StatusStep is the step of the status guide for a status.
func StatusStep(status string) string { return cmp.Or(statuses()[status].step, UnknownAdvice) }

// LinkStep is the step of the reset's guide at which the mail's link is
// opened. Before it a link lies unused, and the day ends its life.
const LinkStep = "link"

// StuckPage is the reset's page for those whose new PIN does not work.
const StuckPage = "stillwrong"

// Issue is the one status in which a certificate can sign and its passphrase
// can be reset.
const Issue = "ISSUE"

// Light marks a status the way a traffic light does.
func Light(status string) string { return cmp.Or(statuses()[status].light, "⚪") }

// StatusPlace is the place after a status was told, or "" when nothing is to be
// done about it.
func StatusPlace(status string) understand.Place { return statuses()[status].place }

// StatusWord bounds a status for the audit trail: BSrE's word, never free text.
func StatusWord(status string) string {
	if _, is := statuses()[status]; is {
		return status
	}
	return "OTHER"
}
