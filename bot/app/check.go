package app

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"resetpin/bot/settings"
	"resetpin/handlers/resetsite"
	"resetpin/store"
)

// The bounds of the doctor's looks.
const (
	checkTime   = 20 * time.Second
	portalCheck = time.Minute
)

// errCheck ends the doctor with something wrong; the lines told what.
var errCheck = errors.New("something is wrong: see above")

// errNotTried is a look without its settings; the line of the settings names
// them.
var errNotTried = errors.New("not tried: its settings are missing, see above")

// look is one thing that the doctor tries.
type look struct {
	name string
	do   func(ctx context.Context) (string, error) // a word about what is right, or what is wrong and how to mend it
}

// The marks of the doctor's lines.
const (
	markOK     = "ok"
	markAdvice = "advice" // it works; something would be nicer, or is to be known
	markWrong  = "WRONG"
)

// advicePrefix begins a line of a look that gets its own mark.
const advicePrefix = "advice: "

// Surroundings are what the settings were read from.
type Surroundings struct {
	Dotenv  string   // the file; it need not be there
	Environ []string // NAME=value
}

// Check is the doctor: it tries every configured outside system and writes a
// line each, marked ok, advice or WRONG. It changes nothing but what proving
// the operator's login uses up. The error says only that something was wrong.
func Check(ctx context.Context, s settings.Settings, from Surroundings, out io.Writer) error {
	c := &doctor{s: s, from: from, wires: newWires(nil)}
	looks := []look{{"settings", c.settings}, {"addresses", c.addresses}, {"database", c.database}, {"BSrE status", c.status}, {"BSrE reset", c.reset},
		{"BSrE data", c.oddities}, {"mail", c.mail}, {"reset site", c.site}}
	if s.GuidesDir != "" {
		looks = append(looks, look{"guides", c.guides})
	}
	if s.TelegramToken != "" {
		looks = append(looks, look{"Telegram", c.telegram})
	}
	if s.MattermostURL != "" {
		looks = append(looks, look{"Mattermost", c.mattermost})
	}
	wrong := false
	for _, l := range looks {
		words, err := c.try(ctx, l)
		mark := markOK
		if err != nil {
			mark, wrong = markWrong, true
			words = strings.TrimPrefix(strings.Join([]string{err.Error(), advicesOf(words)}, "\n"), "\n")
		}
		if err := write(out, mark, l.name, words); err != nil {
			return err
		}
	}
	if c.db != nil {
		if err := closeStore(ctx, c.db, longestStop); err != nil {
			return err
		}
	}
	if wrong {
		return errCheck
	}
	return nil
}

// advicesOf gives the lines with advice, which are good beside an error too.
func advicesOf(words string) string {
	var out []string
	for line := range strings.SplitSeq(words, "\n") {
		if strings.HasPrefix(line, advicePrefix) {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

// write writes what a look found, a line each.
func write(out io.Writer, mark, name, words string) error {
	for line := range strings.SplitSeq(strings.TrimSpace(words), "\n") {
		mark := mark
		if advice, ok := strings.CutPrefix(line, advicePrefix); ok {
			mark, line = markAdvice, advice
		}
		if _, err := fmt.Fprintf(out, "%-6s %-12s %s\n", mark, name, line); err != nil {
			return err
		}
	}
	return nil
}

// doctor holds what the looks share.
type doctor struct {
	s    settings.Settings
	from Surroundings
	db   *store.Store // nil: it could not be opened

	wires *wires
}

func (c *doctor) try(ctx context.Context, l look) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	return l.do(ctx)
}

// guides reads those of the folder, as the bot will.
func (c *doctor) guides(context.Context) (string, error) {
	own := liveGuides{dir: c.s.GuidesDir}
	if _, err := own.read(); err != nil {
		return "", err
	}
	return "those of GUIDES_DIR are in order", nil
}

func (c *doctor) status(ctx context.Context) (string, error) {
	if c.s.BSrEURL == "" {
		return "", errNotTried
	}
	client, err := statusClient(c.s, c.wires)
	if err != nil {
		return "", err
	}
	seen, err := client.Check(ctx)
	words := "the eSign Client Service answers by " + c.s.BSrEAPI
	if len(seen.APIs) > 1 {
		words += "; it has " + string(seen.APIs[1]) + " too"
	}
	return words + clockAdvice("the eSign Client Service's", seen.Ahead), err
}

// clockWorth is from when on clocks that differ are worth a word.
const clockWorth = 10 * time.Second

// clockAdvice tells of a clock that differs from a server's.
func clockAdvice(whose string, ahead time.Duration) string {
	if ahead.Abs() < clockWorth {
		return ""
	}
	which := "behind"
	if ahead < 0 {
		which = "ahead of"
	}
	return fmt.Sprintf("\n%sthis machine's clock is %s %s %s: set both by NTP", advicePrefix, ahead.Abs().Round(time.Second), which, whose)
}

func (c *doctor) reset(ctx context.Context) (string, error) {
	if c.s.BSrEReset == "call" {
		client, err := call(c.s, c.wires)
		if err != nil {
			return "", err
		}
		return "the gateway can be reached (it was not called)", client.Check(ctx)
	}
	if c.db == nil {
		return "", errors.New("not tried: the portal's session is kept in the database")
	}
	if c.s.PortalUsername == "" {
		return "", errNotTried
	}
	client, err := portal(c.s, c.db, portalOptions{now: time.Now, wires: c.wires})
	if err != nil {
		return "", err
	}
	// A one-time code that was used a moment ago is waited for.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), portalCheck)
	defer cancel()
	seen, err := client.Check(ctx)
	words := "the portal lets the operator in"
	if c.s.PortalTOTP != "" {
		words += ", with a new code of the authenticator's secret"
	}
	if seen.Stays {
		words += "\n" + advicePrefix + "the session that this look began could not be ended; it ends by itself"
	}
	if names := inClear(c.s); names != "" {
		words += "\n" + advicePrefix + "without TLS (BSRE_PORTAL_INSECURE=true) passwords and codes travel in clear by " + names
	}
	return words + clockAdvice("the portal's sign-on's", seen.Ahead), err
}

// mend adds what to look at, where the error does not say it itself.
func mend(setting string, err error) error {
	if strings.Contains(err.Error(), setting) {
		return err
	}
	return fmt.Errorf("%w; look at %s", err, setting)
}

// site looks at the certificate of the reset site, as an employee's browser
// will.
func (c *doctor) site(ctx context.Context) (string, error) {
	if !c.s.ResetSiteLook {
		return "not looked at: RESET_SITE_LOOK is false", nil
	}
	probe, err := siteProbe(c.s, nil, nil)
	if err != nil {
		return "", err
	}
	found := probe.Look(ctx)
	host := c.s.ResetSite[0]
	switch found.Verdict {
	case resetsite.Trusted:
		return "browsers trust its certificate: employees will see no warning", nil
	case resetsite.Expected:
		return "its certificate chains to RESET_SITE_CA_FILE: employees will see the warning that the guide shows", nil
	case resetsite.Unknown:
		return advicePrefix + "employees will see the warning that the guide shows. " + stranger(found), nil
	case resetsite.Foreign:
		return "", fmt.Errorf("the certificate of %s does not chain to RESET_SITE_CA_FILE (%w): do not send employees there. %s", host, found.Err, stranger(found))
	case resetsite.Unreachable:
		return "", fmt.Errorf("%s cannot be reached from here: %w; open the way, or set RESET_SITE_LOOK=false when employees can reach it", host, found.Err)
	}
	return "", fmt.Errorf("the certificate of %s is not right: %w; do not send employees there before it is", host, found.Err)
}

// stranger names who issued a certificate that nobody here vouches for, and
// how to find out whether it is genuine. It is not to be believed before.
func stranger(f resetsite.Finding) string {
	return fmt.Sprintf("Its issuer, %q, is verified by nobody here. Compare with BSrE by telephone, before anybody trusts it: the certificate's SHA-256 is %s, and it is good from %s to %s",
		f.Issuer, f.Fingerprint, f.From.Format(time.DateOnly), f.To.Format(time.DateOnly))
}

// ignoreEnd drops the end of the input.
func ignoreEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// BSrELogin asks for the operator's authenticator code once and keeps the
// portal's session in the database, encrypted.
func BSrELogin(ctx context.Context, s settings.Settings, db *store.Store, in io.Reader, out io.Writer) error {
	client, err := portal(s, db, portalOptions{now: time.Now, wires: newWires(nil)})
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "Code of %s's authenticator (6 digits): ", s.PortalUsername); err != nil {
		return err
	}
	// The whole line: authenticators show the code in two groups.
	code, err := bufio.NewReader(in).ReadString('\n')
	if strings.TrimSpace(code) == "" {
		return errors.Join(errors.New("no code was typed"), ignoreEnd(err))
	}
	if err := client.Login(ctx, strings.TrimSpace(code)); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, "Logged in. The session is kept, encrypted; resetpin serve renews it.")
	return err
}
