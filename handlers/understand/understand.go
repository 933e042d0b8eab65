// Package understand tells what somebody means by a typed sentence at the
// place where they are: from (place, choices offered, sentence) to a meaning
// with its certainty. What people say is data (sentences/*.yaml); forms
// (numbers, links, error codes, PINs) are recognised by rules. It knows no
// clock, no database and no platform, and keeps nothing of what it is given.
package understand

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"resetpin/handlers/bsre/outside"
)

// Input is what is to be understood.
type Input struct {
	Place    Place
	Offered  []string // labels of the choices that stand before the person, in order
	Text     string
	Language string // of the conversation so far; empty: not known
	Wary     bool   // a PIN was made lately: the guard looks as hard as on the way to one
}

// Result is what was understood.
type Result struct {
	Meaning  Meaning
	Answer   string  // which of the meaning's answers, or ""
	Score    float64 // from 0 to 1; 1 for what a rule recognised
	Ask      bool    // not sure: ask "do you mean …?" with Offers
	Offers   []Scored
	Runners  []Scored // the likeliest classes, the best first
	Secret   Secret   // a PIN in the sentence
	Value    string   // the digits of a NIP, code or phone number
	Choice   int      // index into Offered, with meaning Choice
	Lost     bool     // nothing was understood: Meaning is Unknown
	Language string   // the sentence's, id or en, when it is plain; else empty
}

// Understander understands sentences. It may be used by several goroutines.
type Understander struct {
	model   *packed
	guard   *guard
	sites   []string
	tongues *tongues
}

// New reads the sentences of all layers, the later laid upon the earlier, and
// learns them, some seconds of work; what the built-in ones teach is learnt
// already. Sites are the hosts whose links are genuine. The error tells every
// mistake in the files.
func New(sites []string, layers ...fs.FS) (*Understander, error) {
	l, err := load(layers...)
	if err != nil {
		return nil, err
	}
	m, err := unpack(learnt, l.spell)
	if err != nil || m.digest != l.digest {
		if _, m, err = trained(l); err != nil {
			return nil, err
		}
	}
	u, err := newUnderstander(m, sites, l, layers)
	if err != nil {
		return nil, err
	}
	known, digest, err := unpackSuspicion(learntSecrets)
	if err != nil || digest != l.guardDigest {
		known = study(u.lessons(l))
	}
	u.guard.learnt = known
	return u, nil
}

// Learn learns the built-in sentences, and gives the models of the meanings and
// of the guard to be kept.
func Learn() (meanings, guard []byte, err error) {
	l, err := load(Builtin())
	if err != nil {
		return nil, nil, err
	}
	meanings, m, err := trained(l)
	if err != nil {
		return nil, nil, err
	}
	u, err := newUnderstander(m, nil, l, []fs.FS{Builtin()})
	if err != nil {
		return nil, nil, err
	}
	return meanings, study(u.lessons(l)).pack(l.guardDigest), nil
}

// trained learns the meanings, and gives their model packed and as it is asked.
func trained(l taught) (data []byte, m *packed, err error) {
	if data, err = train(l.spell, l.examples).pack(l.digest); err != nil {
		return nil, nil, err
	}
	m, err = unpack(data, l.spell)
	return data, m, err
}

// newUnderstander has a guard that has learnt nothing yet.
func newUnderstander(m *packed, sites []string, l taught, layers []fs.FS) (*Understander, error) {
	g, err := newGuard(l.spell, l.examples, layers)
	if err != nil {
		return nil, err
	}
	return &Understander{model: m, guard: g, sites: sites, tongues: newTongues(l.examples)}, nil
}

// lessons are what the guard learns from: messages with and without a secret,
// and some of the sentences with a meaning, which have none.
func (u *Understander) lessons(l taught) []lesson {
	var out []lesson
	add := func(place Place, text string, secret bool) {
		text = Clean(text)
		runners, _ := u.model.judge(place, plain(text))
		value, _ := u.form(Input{Place: place, Text: text}, runners)
		out = append(out, lesson{evidence: u.guard.evidence(place, text, value), secret: secret})
	}
	for _, m := range l.messages {
		add(m.Context, m.Text, slices.Contains(m.Expect, PIN))
	}
	looked := float32(0)
	for i, e := range l.examples {
		before := int(looked)
		if looked += e.Share * asideShare; int(looked) > before {
			add(e.At[i%len(e.At)], e.Text, false)
		}
	}
	return out
}

// Classes lists every class that a sentence can be of.
func (u *Understander) Classes() []Class { return slices.Clone(u.model.classes) }

// Understand tells what a sentence means.
func (u *Understander) Understand(in Input) Result {
	in.Text = Clean(in.Text)
	runners, heard := u.model.judge(in.Place, plain(in.Text))
	if len(runners) > 5 {
		runners = runners[:5]
	}
	r := Result{Runners: runners, Language: u.tongues.of(plain(in.Text))}
	value, form := u.form(in, runners)
	r.Secret = u.guard.judge(in.guarded(), in.Text, value)
	switch {
	case linkOf(in.Text, u.sites) != "":
		return r.is(linkOf(in.Text, u.sites))
	case r.Secret == SecretPIN:
		return r.is(PIN)
	case form != "":
		r.Value = value
		return r.is(form)
	}
	if i := chosen(in.Offered, in.Text); i >= 0 {
		r.Choice = i
		return r.is(Choice)
	}
	if page, rest, ok := pageOfCode(in.Text); ok {
		return u.code(in.Place, r, page, rest)
	}
	if !heard.any {
		r.Meaning, r.Lost = Unknown, true
		return r
	}
	return u.bySite(in, r.decide(in.Place, heard))
}

// is makes the result one that a rule recognised.
func (r Result) is(m Meaning) Result {
	r.Meaning, r.Score = m, 1
	return r
}

// plain takes out of a text what no example has: addresses.
func plain(text string) string {
	var out []string
	for field := range strings.FieldsSeq(text) {
		switch {
		case strings.Contains(field, "://"), strings.Contains(field, "www."):
			field = "link"
		case address.MatchString(strings.Trim(field, ".,;:()<>\"'?")):
			field = "alamatemail"
		}
		out = append(out, field)
	}
	return strings.Join(out, " ")
}

// ownNIP is how people call a NIP theirs, whoever else they speak of.
var ownNIP = regexp.MustCompile(`(?i)\b(?:nip\s*(?:saya|sy|sya|aku|ku|gue|gw|kula|abdi|ambo)|my\s+(?:nip|employee\s+(?:number|id)))\b`)

// form recognises the numbers that a place awaits, or that say themselves what
// they are.
func (u *Understander) form(in Input, runners []Scored) (value string, m Meaning) {
	top := runners[0]
	switch nip := FindNIP(in.Text); {
	case nip != "" && top.Class == "helpdesk/proxy" && top.Score > sure && !ownNIP.MatchString(in.Text):
		return "", ""
	case nip != "":
		return nip, NIP
	}
	switch in.Place {
	case AskCode:
		if code := FindCode(in.Text); code != "" {
			return code, Code
		}
	case AskPhone:
		if phone := FindPhone(in.Text); phone != "" {
			return phone, Phone
		}
	case AskNIP:
	default:
		return "", ""
	}
	if onlyDigits.MatchString(in.Text) {
		return outside.Digits(in.Text), Problem
	}
	least := map[Place]int{AskCode: 4, AskNIP: 8, AskPhone: 5}[in.Place]
	if n := longestNumber(in.Text); len(n) >= least && u.guard.judge(in.Place, in.Text, n) == SecretNone {
		return n, Problem
	}
	return "", ""
}

// code decides about a sentence with a browser's error code: the code's page,
// unless the other words say more.
func (u *Understander) code(place Place, r Result, page Meaning, rest string) Result {
	if len(strings.Fields(rest)) >= 5 {
		runners, heard := u.model.judge(place, rest)
		if top := runners[0]; top.Score > sure && top.Class.Meaning() == Next {
			r.Runners = runners[:min(5, len(runners))]
			return r.decide(place, heard)
		}
	}
	return r.is(page)
}
