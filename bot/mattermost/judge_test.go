package mattermost

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

// FuzzTrigger reads whatever may come as a trigger id: nothing breaks it, and
// only what the server signed proves anything.
func FuzzTrigger(f *testing.F) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	user := model.NewId()
	_, good, failed := model.GenerateTriggerId(user, key)
	if failed != nil {
		f.Fatal(failed)
	}
	raw, err := base64.StdEncoding.DecodeString(good)
	if err != nil {
		f.Fatal(err)
	}
	a := authority{key: &key.PublicKey}
	genuine, err := a.verify(good, user, time.Now())
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{good, "", "=", ":::", "a:b:c:d", user + ":" + user + ":9223372036854775807:" + base64.StdEncoding.EncodeToString([]byte{0x30, 6, 2, 1, 0, 2, 1, 0}), string(raw)} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	signed := string(raw[:bytes.LastIndexByte(raw, ':')+1])
	f.Fuzz(func(t *testing.T, trigger string, encode bool) {
		if encode {
			trigger = base64.StdEncoding.EncodeToString([]byte(trigger))
		}
		p, err := a.verify(trigger, user, genuine.at)
		if err != nil {
			return
		}
		read, _ := base64.StdEncoding.DecodeString(trigger) // it was proven, so it can be read
		if p.id != genuine.id || !strings.HasPrefix(string(read), signed) {
			t.Errorf("%q proves something", trigger)
		}
	})
}
