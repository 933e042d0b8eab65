package cli

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"resetpin/store"
)

type findCommand struct {
	Words []string `arg:"" help:"Parts of a name or an address, of a NIP old or new, or a chat account (telegram:4711)."`
}

// mostFound is how many are shown; more are too many to choose from.
const mostFound = 50

// Run lists the employees whom all words fit.
func (f findCommand) Run(c *call) error {
	return c.withStore(func(db *store.Store) error {
		if err := c.look(db, "find", ""); err != nil {
			return err
		}
		found, err := f.find(c, db)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return fmt.Errorf("nobody in the directory fits %q; fewer or shorter words find more", strings.Join(f.Words, " "))
		}
		slices.SortFunc(found, func(a, b store.Employee) int { return strings.Compare(a.Name+a.NIP, b.Name+b.NIP) })
		return f.list(c, db, found)
	})
}

// find looks at everybody: what stands in the database is sealed, and cannot be
// searched there.
func (f findCommand) find(c *call, db *store.Store) ([]store.Employee, error) {
	var linked map[string][]string
	if slices.ContainsFunc(f.Words, ofAccount) {
		var err error
		if linked, err = accountsByNIP(c, db); err != nil {
			return nil, err
		}
	}
	var found []store.Employee
	for e, err := range db.Employees(c.ctx) {
		if err != nil {
			return nil, err
		}
		text := strings.ToLower(strings.Join(append([]string{e.NIP, e.OldNIP, e.Name, e.Email}, linked[e.NIP]...), "\n"))
		if !slices.ContainsFunc(f.Words, func(word string) bool { return !fits(text, word) }) {
			found = append(found, e)
		}
	}
	return found, nil
}

// ofAccount tells whether a word may be a chat account, or its number.
func ofAccount(word string) bool { return !strings.Contains(word, "@") }

// accountsByNIP gives the chat accounts of everybody who has some.
func accountsByNIP(c *call, db *store.Store) (map[string][]string, error) {
	out := make(map[string][]string)
	for l, err := range db.AllLinks(c.ctx) {
		if err != nil {
			return nil, err
		}
		out[l.NIP] = append(out[l.NIP], l.Account.Platform+":"+l.Account.ID)
	}
	return out, nil
}

// fits tells whether a word stands in a text of lower case; in numbers, blanks
// and signs do not count.
func fits(text, word string) bool {
	word = strings.ToLower(strings.TrimSpace(word))
	number := strings.NewReplacer(" ", "", ".", "", "-", "").Replace(word)
	return strings.Contains(text, word) || strings.Trim(number, "0123456789") == "" && strings.Contains(text, number)
}

func (f findCommand) list(c *call, db *store.Store, found []store.Employee) error {
	table := tabwriter.NewWriter(c.env.Stdout, 0, 0, 2, ' ', 0)
	if _, err := fmt.Fprintln(table, "NIP\tname\taddress\tunit\tactive\tlinked"); err != nil {
		return err
	}
	for _, e := range found[:min(len(found), mostFound)] {
		links, err := db.Links(c.ctx, e.NIP)
		if err != nil {
			return err
		}
		var accounts []string
		for _, l := range links {
			accounts = append(accounts, l.Account.Platform+":"+l.Account.ID)
		}
		if _, err := fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", e.NIP, e.Name, e.Email, e.Unit, yesNo(e.Active), strings.Join(accounts, " ")); err != nil {
			return err
		}
	}
	if err := table.Flush(); err != nil || len(found) <= mostFound {
		return err
	}
	_, err := fmt.Fprintf(c.env.Stdout, "and %d more; another word makes them fewer\n", len(found)-mostFound)
	return err
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
