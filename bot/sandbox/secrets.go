package sandbox

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// secretsFile lies beside the database.
const secretsFile = "sandbox.json"

// secrets are what the bot and its pretend world share. Only the key to the
// database outlives the sandbox.
type secrets struct {
	key      string // DATA_KEY
	token    string // the bot's at Telegram
	password string // the operator's at BSrE
	totp     string // the operator's authenticator secret, base32
}

// kept is what the secrets file holds.
type kept struct {
	DataKey string `json:"dataKey"` // base64
	Runs    int64  `json:"runs"`    // how often the folder was used
}

// runUpdates is how far, in thousands, the ids of Telegram's updates in one
// run lie from those in the run before: the bot drops what it has seen. The
// pretend Telegram numbers from a thousand times the last three digits of
// the bot's id.
const runUpdates = 10

// openSecrets reads the secrets of a data folder, or makes them.
func openSecrets(dir string) (secrets, error) {
	name := filepath.Join(dir, secretsFile)
	var k kept
	switch data, err := os.ReadFile(name); {
	case errors.Is(err, fs.ErrNotExist):
		k.DataKey = newKey()
	case err != nil:
		return secrets{}, fmt.Errorf("read the sandbox's key: %w", err)
	default:
		if err := json.Unmarshal(data, &k); err != nil {
			return secrets{}, fmt.Errorf("read %s: %w (delete the folder to begin anew)", name, err)
		}
	}
	k.Runs++
	data, err := json.Marshal(k)
	if err != nil {
		return secrets{}, fmt.Errorf("write the sandbox's key: %w", err)
	}
	if err := os.WriteFile(name, data, 0o600); err != nil {
		return secrets{}, fmt.Errorf("write the sandbox's key: %w", err)
	}
	id := 7_000_000_000 + k.Runs*runUpdates%1000
	return secrets{key: k.DataKey, token: fmt.Sprintf("%d:%s", id, rand.Text()), password: rand.Text(), totp: rand.Text()}, nil
}

// newKey gives 32 random bytes as DATA_KEY wants them.
func newKey() string {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return base64.StdEncoding.EncodeToString(key)
}
