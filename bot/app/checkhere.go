package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"resetpin/bot/settings"
	"resetpin/store"
)

// readableByAll are the permissions with which everybody on the machine reads a
// file.
const readableByAll fs.FileMode = 0o004

// settings looks at what was set, and where.
func (c *doctor) settings(context.Context) (string, error) {
	lines := []string{"complete"}
	for _, t := range settings.Mistyped(c.from.Environ, c.from.Dotenv) {
		lines = append(lines, advicePrefix+t.String())
	}
	lines = append(lines, clearAdvice(c.s)...)
	if c.s.HelpdeskTelegram == "" && c.s.HelpdeskMattermost == "" && c.s.HelpdeskContact == "" {
		lines = append(lines, advicePrefix+"no help desk: people who need a person are told of none (HELPDESK_CONTACT, HELPDESK_TELEGRAM_CHAT, HELPDESK_MATTERMOST_CHANNEL)")
	}
	return strings.Join(lines, "\n"), errors.Join(c.s.NeedServe(), c.secretFile())
}

// secretFile looks whether everybody on the machine reads the passwords.
func (c *doctor) secretFile() error {
	if c.from.Dotenv == "" {
		return nil
	}
	info, err := os.Stat(c.from.Dotenv)
	if err != nil || info.Mode().Perm()&readableByAll == 0 {
		return nil //nolint:nilerr // it need not be there
	}
	name := c.from.Dotenv
	if whole, err := filepath.Abs(name); err == nil {
		name = whole
	}
	return fmt.Errorf("everybody on this machine can read the passwords in %s: chmod 600 %s", name, name)
}

// addresses looks whether the program can listen where it is to.
func (c *doctor) addresses(ctx context.Context) (string, error) {
	words, err := c.listens(ctx, "LISTEN_ADDR", c.s.ListenAddr)
	if c.s.AdminListenAddr == "" {
		return words, err
	}
	more, failed := c.listens(ctx, "ADMIN_LISTEN_ADDR", c.s.AdminListenAddr)
	return strings.TrimSpace(words + "\n" + more), errors.Join(err, failed)
}

// listens takes an address and gives it back. When it is taken, the bot itself
// may have it.
func (c *doctor) listens(ctx context.Context, setting, address string) (string, error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", address)
	if err == nil {
		return setting + ": " + address + " can be listened at", l.Close()
	}
	if c.itself(ctx, address) {
		return setting + ": the bot listens at " + address, nil
	}
	return "", fmt.Errorf("%s: %w; choose another port, or stop who has it", setting, err)
}

// itself asks whether it is this program that has an address.
func (c *doctor) itself(ctx context.Context, address string) bool {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	paths := []string{"/healthz"}
	if c.s.AdminListenAddr != "" && address == c.s.ListenAddr {
		paths = []string{"/telegram/webhook", "/mattermost/command"} // health is elsewhere
	}
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	for _, path := range paths {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+path, http.NoBody)
		if err != nil {
			return false
		}
		answer, err := client.Do(r)
		if err != nil {
			return false
		}
		_ = answer.Body.Close() // only the code is looked at
		if answer.StatusCode == http.StatusOK || answer.StatusCode == http.StatusMethodNotAllowed {
			return true
		}
	}
	return false
}

// database looks at the database as it stands, and changes nothing.
func (c *doctor) database(ctx context.Context) (string, error) {
	key, err := c.s.Key()
	if err != nil {
		return "", err
	}
	db, err := store.Open(ctx, c.s.DatabaseURL.Reveal(), store.Options{Key: key, Look: true, IDs: ids()})
	switch {
	case errors.Is(err, store.ErrNoDatabase):
		return "", fmt.Errorf("%w; nobody is in the directory: run resetpin employees import FILE in the folder of the service (-C DIR), as its user", err)
	case errors.Is(err, store.ErrOlder):
		return advicePrefix + err.Error() + ": make a backup; serve brings it up to date when it starts", nil
	case err != nil:
		return "", err
	}
	c.db = db
	n, err := db.CountEmployees(ctx)
	if err == nil && n == 0 {
		err = errNobody(db.Place())
	}
	words := fmt.Sprintf("%d employees", n)
	if w := db.Warning(); w != "" {
		words += "\n" + advicePrefix + w
	}
	return words, err
}
