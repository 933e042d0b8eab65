package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"resetpin/store"
)

type backupCommand struct {
	File string `arg:"" help:"The new file; with --keep a folder; - writes to standard output."`
	Keep int    `placeholder:"N" help:"Write into the folder by the name of the moment, and keep the last N there."`
}

// Run copies the database.
func (b backupCommand) Run(c *call) error {
	if b.Keep < 0 || b.Keep > 0 && b.File == "-" {
		return UsageError{errors.New("--keep N: want 1 or more, and a folder")}
	}
	return c.withStore(func(db *store.Store) error {
		if err := c.look(db, "backup", ""); err != nil {
			return err
		}
		if b.File == "-" {
			return db.BackupTo(c.ctx, c.env.Stdout)
		}
		// In full: with -C it is not where whoever types it is.
		file, err := filepath.Abs(b.File)
		if err != nil {
			return err
		}
		if b.Keep > 0 {
			file = filepath.Join(file, "resetpin-"+c.now().UTC().Format("20060102T150405Z")+".db")
		}
		if err := db.Backup(c.ctx, file); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(c.env.Stdout, "The database is copied to %s.\n", file); err != nil || b.Keep == 0 {
			return err
		}
		return b.rotate(c.env.Stdout)
	})
}

// rotate removes the oldest of the copies that bear such names: their order is
// that of time.
func (b backupCommand) rotate(out io.Writer) error {
	copies, err := filepath.Glob(filepath.Join(b.File, "resetpin-????????T??????Z.db"))
	if err != nil {
		return fmt.Errorf("look for old copies: %w", err)
	}
	slices.Sort(copies)
	for _, old := range copies[:max(0, len(copies)-b.Keep)] {
		if err := os.Remove(old); err != nil {
			return fmt.Errorf("remove an old copy: %w", err)
		}
		if _, err := fmt.Fprintf(out, "%s is removed.\n", old); err != nil {
			return err
		}
	}
	return nil
}

type restoreCommand struct {
	File string `arg:"" help:"What backup wrote; - reads standard input."`
}

// Run puts a copy in the database's place.
func (r restoreCommand) Run(c *call) error {
	url, o, err := c.database()
	if err != nil {
		return err
	}
	from := io.NopCloser(c.env.Stdin)
	if r.File != "-" {
		if from, err = os.Open(r.File); err != nil {
			return UsageError{err}
		}
	}
	kept, err := store.Restore(c.ctx, url, from, o)
	if err = errors.Join(err, from.Close()); err != nil {
		return err
	}
	if kept != "" {
		if _, err := fmt.Fprintf(c.env.Stdout, "The database that stood there is now %s: remove it when all is well.\n", kept); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintln(c.env.Stdout, "The copy stands in its place. What was open when it was made is not done again: who waited writes once more."); err != nil {
		return err
	}
	return c.withStore(func(db *store.Store) error { return c.look(db, "restore", "") })
}

type moveCommand struct {
	To string `arg:"" help:"The PostgreSQL address, as DATABASE_URL will have it; - reads it from standard input."`
}

// Run moves the database.
func (m moveCommand) Run(c *call) error {
	url, o, err := c.database()
	if err != nil {
		return err
	}
	if m.To == "-" {
		if _, err := fmt.Fscan(c.env.Stdin, &m.To); err != nil {
			return UsageError{errors.New("move -: no address came on standard input")}
		}
	}
	to, err := store.Open(c.ctx, m.To, o)
	if err != nil {
		return fmt.Errorf("the database to move into: %w", err)
	}
	o.Serve = true // so that nobody else does
	from, err := store.Open(c.ctx, url, o)
	if err != nil {
		return errors.Join(err, c.close(to))
	}
	err = c.look(from, "move", "")
	var rows int64
	if err == nil {
		rows, err = from.Move(c.ctx, to)
	}
	if err = errors.Join(err, c.close(from), c.close(to)); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.env.Stdout, "%d rows are moved. Set DATABASE_URL to the new address, start the bot, and keep %s until all is well.\n", rows, from.Place())
	return err
}
