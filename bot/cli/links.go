package cli

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"resetpin/handlers/letters"
	"resetpin/store"
	"resetpin/store/directory"
)

type linksCommand struct {
	Revoke revokeCommand `cmd:"" help:"Unlink all chat accounts of an employee, and tell these and the official address."`
	Free   freeCommand   `cmd:"" help:"Let codes be asked for again when strangers used them up, or let one chat ask."`
}

type revokeCommand struct {
	NIP string `arg:"" help:"The employee's NIP, 18 digits."`
}

// Run unlinks.
func (r revokeCommand) Run(c *call) error {
	return c.withEmployee(r.NIP, func(db *store.Store, nip string) error {
		accounts, err := db.UnlinkAll(c.ctx, nip, c.operator(), func(accounts []store.Account) []store.Job {
			return letters.RevokedJobs(nip, accounts, c.now())
		})
		if err != nil {
			return err
		}
		told := ""
		if len(accounts) > 0 {
			told = " They and the official address will be told."
		}
		_, err = fmt.Fprintf(c.env.Stdout, "%d chat accounts unlinked.%s\n", len(accounts), told)
		return err
	})
}

// withEmployee opens the database for a command about one employee. A
// mistyped NIP must not look like work that is done.
func (c *call) withEmployee(typed string, f func(db *store.Store, nip string) error) error {
	nip, err := directory.ParseNIP(typed)
	if err != nil {
		return UsageError{fmt.Errorf("the NIP %q: %w", typed, err)}
	}
	return c.withStore(func(db *store.Store) error {
		if _, err := c.employee(db, nip); err != nil {
			return err
		}
		return f(db, nip)
	})
}

type freeCommand struct {
	NIP  string `arg:"" help:"The employee's NIP, 18 digits."`
	Chat string `arg:"" optional:"" help:"The number that the bot showed in their chat. Make sure first that it is them who read it to you."`
}

const (
	askedSince = 7 * 24 * time.Hour // chats that asked longer ago are not known by their number
	freedFor   = 2 * time.Hour
)

// Run frees the NIP, or one chat that asked for it.
func (f freeCommand) Run(c *call) error {
	return c.withEmployee(f.NIP, func(db *store.Store, nip string) error {
		claims, err := db.Claims(c.ctx, nip, c.now().Add(-askedSince))
		if err != nil {
			return err
		}
		if f.Chat != "" {
			return f.freeChat(c, db, nip, claims)
		}
		if err := db.FreeNIP(c.ctx, nip, c.operator(), c.now()); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(c.env.Stdout, "Codes can be asked for this NIP again."); err != nil {
			return err
		}
		return f.list(c, claims)
	})
}

// list shows who asked.
func (freeCommand) list(c *call, claims []store.Claim) error {
	if len(claims) == 0 {
		return nil
	}
	zone, err := c.zone()
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(c.env.Stdout, 0, 0, 2, ' ', 0)
	if _, err := fmt.Fprintln(table, "\nchat\tplatform\tasked last\tgot a code last\tlinked before"); err != nil {
		return err
	}
	for _, claim := range claims {
		issued, trusted := "never", "no"
		if !claim.Issued.IsZero() {
			issued = stamp(claim.Issued, zone)
		}
		if claim.Trusted {
			trusted = "yes"
		}
		if _, err := fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", claim.Reference, claim.Account.Platform, stamp(claim.Asked, zone), issued, trusted); err != nil {
			return err
		}
	}
	return table.Flush()
}

// freeChat lets one chat ask, past what strangers used up, and tells it so.
func (f freeCommand) freeChat(c *call, db *store.Store, nip string, claims []store.Claim) error {
	number := strings.ToUpper(strings.ReplaceAll(f.Chat, " ", ""))
	i := slices.IndexFunc(claims, func(claim store.Claim) bool { return claim.Reference == number })
	if i < 0 {
		return fmt.Errorf("no chat with the number %s asked for this NIP in the last 7 days: let the person ask the bot for a code, and read the number to you again", number)
	}
	zone, err := c.zone()
	if err != nil {
		return err
	}
	account, until := claims[i].Account, c.now().Add(freedFor)
	if err := db.FreeChat(c.ctx, account, nip, c.operator(), c.now(), until, letters.FreedJob(account, c.now(), until, zone)); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.env.Stdout, "The chat %s may ask for a code until %s; the bot tells the person so.\n", number, stamp(until, zone))
	return err
}
