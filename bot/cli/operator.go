package cli

import (
	"os"
	"os/user"
	"strconv"

	"resetpin/store"
)

// OperatorName gives who works at the command line, for the audit trail: the
// operating system's user, and behind sudo whom it was asked by.
func OperatorName(environ func(string) string) string {
	name := strconv.Itoa(os.Getuid())
	if u, err := user.Current(); err == nil { // a container may know no name for the number
		name = u.Username
	}
	if asked := environ("SUDO_USER"); asked != "" && asked != name {
		name = asked + " as " + name
	}
	return name
}

// commandLine stands for the platform of whoever works there.
const commandLine = "cli"

// operator is who works at the command line, as an account.
func (c *call) operator() store.Account {
	return store.Account{Platform: commandLine, ID: c.env.Operator}
}

// look writes down that somebody looks at people's data, before they see it:
// what they look at, and of which employee, if of one.
func (c *call) look(db *store.Store, what, nip string) error {
	return db.Record(c.ctx, store.Event{At: c.now(), Account: c.operator(), NIP: nip, Action: "read", Outcome: what})
}
