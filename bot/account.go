// Package bot is the neutral vocabulary of the conversation (who wrote, what
// they wrote or pressed, what is answered) and the engine that carries a
// message from a platform to its handler and back. It knows no platform, no
// database and no text.
package bot

import (
	"fmt"
	"strings"
)

// The platforms the bot speaks on, as they stand in an Account, in settings
// (ADMINS) and in the database.
const (
	Telegram   = "telegram"
	Mattermost = "mattermost"
)

// Platform is a row of the table of platforms.
type Platform struct {
	ID   string // in an Account
	Name string // as people know it
}

// Platforms is the table of them.
func Platforms() []Platform {
	return []Platform{{Telegram, "Telegram"}, {Mattermost, "Mattermost"}}
}

// Account is one person's chat account: the platform and the platform's own
// user id. It is comparable and so serves as a map key.
type Account struct {
	Platform string
	ID       string
}

// String gives the form used in settings and the database, "telegram:4711".
func (a Account) String() string { return a.Platform + ":" + a.ID }

// ParseAccount reads the form that String writes. It fails when the platform
// is unknown or the id is empty.
func ParseAccount(s string) (Account, error) {
	platform, id, found := strings.Cut(strings.TrimSpace(s), ":")
	if !found || id == "" {
		return Account{}, fmt.Errorf("account %q: want PLATFORM:ID, for example telegram:4711", s)
	}
	var ids []string
	for _, p := range Platforms() {
		if p.ID == platform {
			return Account{Platform: platform, ID: id}, nil
		}
		ids = append(ids, p.ID)
	}
	return Account{}, fmt.Errorf("account %q: the platform is %s", s, strings.Join(ids, " or "))
}
