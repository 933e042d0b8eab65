package mattermosttest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// newTrigger gives a trigger for a user, and its short form that clients see.
func (s *Server) newTrigger(user string) (short, trigger string) {
	return s.sign(user, s.now())
}

// Trigger gives a trigger for a user that was made at some time, as any
// integration receives one when that user presses its button.
func (s *Server) Trigger(user string, at time.Time) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, trigger := s.sign(user, at.UnixMilli())
	return trigger
}

// RotateKey lets the server sign with a new key from now on.
func (s *Server) RotateKey() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("mattermosttest: make a key: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.key = key
	return nil
}

func (s *Server) sign(user string, at int64) (short, trigger string) {
	short = newID()
	data := short + ":" + user + ":" + strconv.FormatInt(at, 10) + ":"
	sum := sha256.Sum256([]byte(data))
	signature, err := ecdsa.SignASN1(rand.Reader, s.key, sum[:])
	if err != nil {
		s.o.Logger.Error("pretend Mattermost could not sign", "err", err)
	}
	return short, base64.StdEncoding.EncodeToString([]byte(data + base64.StdEncoding.EncodeToString(signature)))
}

// openTrigger reads a trigger. It is good for IntegrationTimeout and for any
// number of uses.
func (s *Server) openTrigger(trigger string) (short, user string, f *Failure) {
	bad := func(what, words string) (string, string, *Failure) {
		return "", "", fail(http.StatusBadRequest, "interactive_message.decode_trigger_id."+what, words)
	}
	raw, err := base64.StdEncoding.DecodeString(trigger)
	if err != nil {
		return bad("base64_decode_failed", "Failed to decode base64 for trigger ID for interactive dialog.")
	}
	parts := strings.Split(string(raw), ":")
	if len(parts) != 4 {
		return bad("missing_data", "Trigger ID missing required data for interactive dialog.")
	}
	at, _ := strconv.ParseInt(parts[2], 10, 64) // as in the real server: then it is expired
	if s.age(at) > s.o.IntegrationTimeout {
		return bad("expired", "Trigger ID for interactive dialog is expired. Trigger IDs live for a maximum of "+s.o.IntegrationTimeout.String()+".")
	}
	signature, err := base64.StdEncoding.DecodeString(parts[3])
	if err != nil {
		return bad("base64_decode_failed_signature", "Failed to decode base64 signature of trigger ID for interactive dialog.")
	}
	sum := sha256.Sum256([]byte(strings.Join(parts[:3], ":") + ":"))
	if !ecdsa.VerifyASN1(&s.key.PublicKey, sum[:], signature) {
		return bad("verify_signature_failed", "Signature verification failed of trigger ID for interactive dialog.")
	}
	return parts[0], parts[1], nil
}
