package bot

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Action is what a button does: a name from the handlers' table and an
// argument. Name is at most 16 characters of a-z, 0-9 and dot, Arg at most 24
// of letters, digits, dot and dash, so that a signed action fits into the 64
// bytes of Telegram's callback data.
type Action struct {
	Name string
	Arg  string
	At   time.Time // when the button was made, to the second; set on an action that was pressed
}

// ErrForged says that a pressed button's data was not signed by this bot for
// this account.
var ErrForged = errors.New("action: not signed for this account")

// Signer signs actions, so that a press can be trusted to be a button that
// was shown to the very account that pressed it.
type Signer struct{ key []byte }

// NewSigner takes the secret key, 32 bytes.
func NewSigner(key []byte) *Signer { return &Signer{key: key} }

var actionForm = regexp.MustCompile(`^[a-z0-9.]{1,16}~[A-Za-z0-9.\-]{0,24}~[0-9a-z]{1,8}$`)

// Sign gives the action as text of at most 64 bytes for account a. An action
// whose name or argument breaks the bounds of Action is a programming error
// and is refused.
func (s *Signer) Sign(a Account, act Action, now time.Time) (string, error) {
	body := act.Name + "~" + act.Arg + "~" + strconv.FormatInt(now.Unix(), 36)
	if !actionForm.MatchString(body) {
		return "", errors.New("action " + strconv.Quote(act.Name) + ": name or argument out of bounds")
	}
	return body + "~" + s.mac(a, body), nil
}

// Verify gives back the action that Sign wrote for account a, or ErrForged.
// It judges no age: Action.At tells when the button was made.
func (s *Signer) Verify(a Account, data string) (Action, error) {
	cut := strings.LastIndexByte(data, '~')
	if cut < 0 || !actionForm.MatchString(data[:cut]) {
		return Action{}, ErrForged
	}
	body := data[:cut]
	if !hmac.Equal([]byte(s.mac(a, body)), []byte(data[cut+1:])) {
		return Action{}, ErrForged
	}
	part := strings.Split(body, "~")
	sec, err := strconv.ParseInt(part[2], 36, 64)
	if err != nil {
		return Action{}, ErrForged
	}
	return Action{Name: part[0], Arg: part[1], At: time.Unix(sec, 0)}, nil
}

// mac is 72 bits of HMAC-SHA256: enough against guessing through a platform
// that answers a few presses a second.
func (s *Signer) mac(a Account, body string) string {
	h := hmac.New(sha256.New, s.key)
	h.Write([]byte(a.String()))
	h.Write([]byte{0})
	h.Write([]byte(body))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:9])
}
