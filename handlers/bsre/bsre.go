// Package bsre talks to BSrE, the Indonesian authority for digital
// signatures: it asks for a certificate's status and makes BSrE send the mail
// with which a forgotten passphrase is replaced.
//
// Two systems answer. The eSign Client Service, which an agency runs in its
// own network, knows the status (StatusClient). The reset is made by BSrE's
// portal (Portal) or by the agency's own gateway (Call). A reset has an
// effect that cannot be taken back, so its request leaves this package at
// most once; everything that only reads is repeated when it fails.
package bsre

import (
	"context"
	"errors"
	"time"
)

// Errors that callers act on. Every error of this package wraps one of them,
// except those about wrong settings.
var (
	// ErrUnavailable: BSrE is down, silent, overloaded or answers with
	// something that is no answer. Nothing happened; later it may work.
	ErrUnavailable = errors.New("BSrE is not available")
	// ErrCredentials: BSrE refuses the user, password, code or token of the
	// settings. Nothing happened; an administrator must mend it.
	ErrCredentials = errors.New("BSrE refuses the credentials")
	// ErrOutcomeUnknown: the request with an effect left, and its answer was
	// lost or cannot be understood. It may or may not have been done.
	ErrOutcomeUnknown = errors.New("the outcome at BSrE is unknown")
	// ErrNotFound: the operator sees nobody with the NIK in BSrE's portal.
	// The person may be on the books of another agency.
	ErrNotFound = errors.New("the operator sees nobody with the NIK at BSrE")
	// ErrAmbiguous: BSrE's portal gives more than one person or certificate,
	// and guessing is not allowed.
	ErrAmbiguous = errors.New("more than one match at BSrE")
	// ErrNoCertificate: the person has no certificate with the status ISSUE.
	ErrNoCertificate = errors.New("no active certificate")
	// ErrQueue: the caller gave up while the bot's own queue, or a one-time
	// code, was waited for. BSrE was not asked; it says nothing of BSrE.
	ErrQueue = errors.New("called off while waiting for one's turn")
	// ErrOtherPhone: the number is not the one on BSrE's record. Nothing was
	// sent.
	ErrOtherPhone = errors.New("another phone number is on BSrE's record")
	// ErrRefused: BSrE understood and declined; see RefusedError.
	ErrRefused = errors.New("BSrE refused")
	// ErrNotSupported: the configured way of resetting cannot do this.
	ErrNotSupported = errors.New("not supported by this way of resetting")
)

// RefusedError is BSrE's refusal with its own words. It wraps ErrRefused.
type RefusedError struct {
	Message string // plain text, at most 300 runes; may be empty
}

// Error gives the refusal with BSrE's words.
func (e *RefusedError) Error() string {
	if e.Message == "" {
		return ErrRefused.Error()
	}
	return ErrRefused.Error() + ": " + e.Message
}

// Unwrap makes errors.Is find ErrRefused.
func (e *RefusedError) Unwrap() error { return ErrRefused }

// Person names an employee as the agency's directory does.
type Person struct {
	NIK   string // 16 digits; never shown in an error or a log
	NIP   string // 18 digits
	Email string // the official address
}

// The status values that BSrE documents.
const (
	Issue                  = "ISSUE"
	Expired                = "EXPIRED"
	Renew                  = "RENEW"
	WaitingForVerification = "WAITING_FOR_VERIFICATION"
	New                    = "NEW"
	NoCertificate          = "NO_CERTIFICATE"
	NotRegistered          = "NOT_REGISTERED"
	Suspend                = "SUSPEND"
	Revoke                 = "REVOKE"
)

// Status is what BSrE says of a person's certificate.
type Status struct {
	Value   string // one of the nine values, or BSrE's word as it came (at most 64 runes, no control characters)
	Message string // BSrE's sentence: plain text, at most 300 runes; may be empty
}

// Subject is what the portal knows of a person.
type Subject struct {
	UID           string // the portal's id of the person
	Serial        string // serial number of the certificate that is active
	Email         string // where BSrE sends its mails
	Phone         string // masked, whether or not the portal masked it
	PhoneVerified bool
	EndDate       time.Time // of the certificate; zero: not told
	Product       string    // the portal's word for what the certificate is for: plain text, at most 40 runes; may be empty
	Link          string    // the portal's linkAktif, which seems to tell of a link that waits; nothing may rest on it
}

// OutcomeKind tells what became of a reset.
type OutcomeKind string

// The outcomes of a reset besides the unknown one, which is ErrOutcomeUnknown.
const (
	OutcomeSent    OutcomeKind = "sent"    // BSrE mails the link
	OutcomePhone   OutcomeKind = "phone"   // the phone number must be verified first; nothing was reset
	OutcomeRefused OutcomeKind = "refused" // BSrE declined; nothing was reset
)

// Outcome is BSrE's answer to a reset.
type Outcome struct {
	Kind    OutcomeKind
	Email   string // where the mail goes, whole; empty when not known
	Message string // BSrE's own words: plain text, at most 300 runes; may be empty
	Product string // as Subject's; may be empty
	Link    string // as Subject's, before the reset
}

// Resetter makes BSrE send the mail that replaces a passphrase.
type Resetter interface {
	// Lookup finds the person at BSrE without any effect. Errors:
	// ErrNotFound, ErrAmbiguous, ErrNoCertificate (with the subject, as far
	// as it is known), ErrUnavailable, ErrCredentials, ErrQueue.
	Lookup(ctx context.Context, p Person) (Subject, error)
	// Reset asks for the mail, at most once. An error that is not
	// ErrOutcomeUnknown means that nothing happened.
	Reset(ctx context.Context, p Person) (Outcome, error)
	// VerifyPhone makes BSrE send a verification link to the person's
	// WhatsApp; phone is the whole number as the person typed it. Nothing is
	// sent when the subject's phone is verified already. Errors as Lookup's,
	// and ErrOtherPhone (with the subject), RefusedError, ErrOutcomeUnknown,
	// ErrNotSupported.
	VerifyPhone(ctx context.Context, p Person, phone string) (Subject, error)
	// Glance is Lookup for what nobody waits for: everybody else comes first.
	// ErrNotSupported, too, where nothing can be looked up.
	Glance(ctx context.Context, p Person) (Subject, error)
	// Queue tells how many people are served or wait, and about how long one
	// more would.
	Queue() (people int, wait time.Duration)
	// Turn is about how long one person's turn takes while others wait; 0:
	// nobody waits for a turn.
	Turn() time.Duration
}
