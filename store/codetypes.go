package store

import "time"

// Rate bounds how often something may happen: at most so many within a time.
type Rate struct {
	Most int
	Per  time.Duration
}

// CodeLimits bound the codes that are mailed. Who asks is counted first, so
// that nobody can use up what belongs to another. A chat is trusted with a NIP
// that it was linked with before, or that an officer let it ask for; all
// others are strangers to it, a new employee too.
type CodeLimits struct {
	Asker     []Rate // of one chat, for whichever NIP
	NIP       []Rate // of all strangers together, for one NIP
	Reserve   []Rate // beyond NIP, of strangers who never got a code for it: every chat has this once
	Strangers Rate   // of all strangers together, for all NIPs
	Share     int    // … or one code for so many employees in the same time, when that is more
	Wrong     int    // most wrong codes in a row of strangers together, and of a trusted chat
}

// CodeRequest asks for a one-time code.
type CodeRequest struct {
	Account Account
	Update  string // the platform's id of what the person did: brought again, it gets no second code; empty: never the same
	NIP     string // as typed, 18 digits (or an old number of 9); it need not exist
	Code    string // 6 digits; only its keyed hash is kept
	Linked  bool   // the chat is linked with the NIP just now
	Expires time.Time
	Now     time.Time
	Limits  CodeLimits
	Mail    Job              // sends the code
	Alarm   func(Danger) Job // tells the officers, at most once a day for a NIP and a Danger
}

// CodeVerdict tells what became of a request for a code.
type CodeVerdict string

// The verdicts on a request for a code.
const (
	CodeIssued CodeVerdict = "issued"
	CodeAsker  CodeVerdict = "asker"  // this chat asked often enough
	CodeNIP    CodeVerdict = "nip"    // strangers asked often enough for this NIP
	CodeBusy   CodeVerdict = "busy"   // strangers asked often enough for everybody
	CodeLocked CodeVerdict = "locked" // strangers typed too many wrong codes for this NIP: an officer must free it
)

// CodeGrant is the answer to a CodeRequest.
type CodeGrant struct {
	Verdict CodeVerdict
	Limit   Rate      // that was reached, for CodeAsker
	Until   time.Time // when it is possible again; zero when issued or locked
	Open    time.Time // until when the chat's newest code is good; zero: it has none
}

// Danger is what officers are told of a NIP.
type Danger string

// The dangers.
const (
	DangerMany   Danger = "many"   // strangers asked for more codes than they get
	DangerGuess  Danger = "guess"  // strangers type wrong codes
	DangerLocked Danger = "locked" // strangers get no more codes
)

// CodeAttempt is a typed code.
type CodeAttempt struct {
	Account  Account
	Code     string
	Now      time.Time
	Attempts int                            // most wrong ones for one code
	Wrong    int                            // most wrong ones in a row; see CodeLimits
	Alarm    func(nip string, d Danger) Job // as in CodeRequest; nil: nobody is told
}

// CodeOutcome tells how a typed code was judged.
type CodeOutcome string

// The outcomes of a typed code.
const (
	CodeRight     CodeOutcome = "right"
	CodeWrong     CodeOutcome = "wrong"
	CodeOlder     CodeOutcome = "older" // right once, but a newer code was sent since
	CodeExpired   CodeOutcome = "expired"
	CodeExhausted CodeOutcome = "exhausted" // too many attempts; also for the attempt that used them up
	CodeNone      CodeOutcome = "none"      // no code is open for the account
	CodeShut      CodeOutcome = "shut"      // too many wrong ones in a row for the NIP: not even judged
)

// CodeResult is the judgement on a typed code.
type CodeResult struct {
	Outcome CodeOutcome
	NIP     string // that the code was for; empty when there was none
	Left    int    // attempts left when wrong
}
