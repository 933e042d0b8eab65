package mattermost

import (
	"context"
	"errors"
	"resetpin/bot/mattermost/server"
	"strings"
	"sync"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

// vouchLife is how long it is remembered whether the server vouches for
// addresses.
const vouchLife = time.Minute

// ErrAddresses says that an account's address proves nothing on this server.
var ErrAddresses = errors.New("an account may give itself somebody else's address (PUT /users/me/patch): have addresses verified under System Console > Authentication > Email > Require email verification (EmailSettings.RequireEmailVerification), or switch off both ways to sign in by password there (EnableSignInWithEmail, EnableSignInWithUsername)")

// vouches tells whether nobody can give an account another's address: new
// addresses are verified, or there are no password accounts, whose owners may
// change theirs. What the server does not tell counts as the worse.
func vouches(c server.ClientConfig) error {
	if c.RequireEmailVerification == "true" || c.EnableSignInWithEmail == "false" && c.EnableSignInWithUsername == "false" {
		return nil
	}
	return ErrAddresses
}

// vouching remembers the last answer.
type vouching struct {
	mu  sync.Mutex
	err error
	at  time.Time
}

// Vouches tells whether the server's settings let an account's address prove
// whose it is; it gives ErrAddresses when they do not.
func (a *Adapter) Vouches(ctx context.Context) error {
	v := &a.vouching
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.at.IsZero() && a.c.Now().Sub(v.at).Abs() < vouchLife {
		return v.err
	}
	var c server.ClientConfig
	err := a.try(ctx, "ask for the server's settings", func(ctx context.Context) (r *model.Response, err error) {
		c, r, err = server.AskClientConfig(ctx, a.api)
		return r, err
	})
	if err != nil {
		return err
	}
	v.err, v.at = vouches(c), a.c.Now()
	if v.err != nil {
		a.c.Logger.ErrorContext(ctx, "mattermost: MATTERMOST_TRUST_EMAIL is not followed", "error", v.err)
	}
	return v.err
}

// Email gives the e-mail address of an account, for servers that vouch for
// them; where this one does not, it is empty, and so is a deactivated
// account's.
func (a *Adapter) Email(ctx context.Context, user string) (string, error) {
	if err := a.Vouches(ctx); err != nil {
		if errors.Is(err, ErrAddresses) {
			return "", nil
		}
		return "", err
	}
	var u *model.User
	err := a.try(ctx, "read an account", func(ctx context.Context) (r *model.Response, err error) {
		u, r, err = a.api.GetUser(ctx, user, "")
		return r, err
	})
	if err != nil {
		return "", err
	}
	if u.DeleteAt != 0 || u.IsBot {
		return "", nil
	}
	return strings.TrimSpace(u.Email), nil
}

// CheckAddresses looks whether accounts can be linked by their addresses: the
// bot must see them, and nobody may take another's.
func (a *Adapter) CheckAddresses(ctx context.Context) error {
	c, r, err := server.AskClientConfig(ctx, a.api)
	if err != nil {
		return server.Explain("ask for the server's settings", r, err)
	}
	if c.ShowEmailAddress == "false" {
		return errors.New("the bot does not see addresses, so nobody is linked by theirs: switch on System Console > Site Configuration > Users and Teams > Show Email Address (PrivacySettings.ShowEmailAddress)")
	}
	return vouches(c)
}
