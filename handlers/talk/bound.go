package talk

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// A question that names a person is about that person: its button holds a
// nonce, by which a second press is the same wish, and a mark of the NIP. Who
// is linked as somebody else meanwhile has another mark. Both fit into the 24
// characters of a button's argument.
const (
	nonceLength = 14 // of 5 bits
	markLength  = 8  // of 4 bits
)

// Bound makes the argument of a new question's button.
func Bound(nip string) string {
	nonce := rand.Text()[:nonceLength]
	return nonce + "." + mark(nonce, nip)
}

// BoundTo tells whether a pressed question named the employee.
func BoundTo(arg, nip string) bool {
	nonce, was, ok := strings.Cut(arg, ".")
	return ok && was == mark(nonce, nip)
}

// mark need not be secret: buttons are signed, and are shown to nobody but
// the one who typed the NIP.
func mark(nonce, nip string) string {
	sum := sha256.Sum256([]byte(nonce + nip))
	return hex.EncodeToString(sum[:])[:markLength]
}
