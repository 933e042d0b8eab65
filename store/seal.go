package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
)

// ErrWrongKey says that DATA_KEY is not the key this database was made with.
var ErrWrongKey = errors.New("DATA_KEY is not the key that this database was made with")

// sealer encrypts what must not stand in the database in clear
// (AES-256-GCM), and hashes what only has to be recognised (HMAC-SHA256). Its
// keys are derived from DATA_KEY by HKDF, one for each purpose.
type sealer struct {
	master []byte
	aead   cipher.AEAD
	hash   []byte
}

func newSealer(key []byte) (*sealer, error) {
	if len(key) != 32 {
		return nil, fmt.Errorf("DATA_KEY has %d bytes, want 32", len(key))
	}
	s := &sealer{master: key}
	block, err := aes.NewCipher(s.derive("seal"))
	if err != nil {
		return nil, fmt.Errorf("prepare cipher: %w", err)
	}
	if s.aead, err = cipher.NewGCMWithRandomNonce(block); err != nil {
		return nil, fmt.Errorf("prepare cipher: %w", err)
	}
	s.hash = s.derive("hash")
	return s, nil
}

// derive gives 32 bytes for a purpose.
func (s *sealer) derive(purpose string) []byte {
	key, err := hkdf.Key(sha256.New, s.master, nil, "resetpin "+purpose, 32)
	if err != nil {
		panic(err) // only for lengths beyond 255 hashes
	}
	return key
}

// seal encrypts data for one place (a table, column and row), so that a
// sealed value copied to another row does not open there.
func (s *sealer) seal(place string, data []byte) []byte {
	return s.aead.Seal(nil, nil, data, []byte(place))
}

// open gives back what seal took.
func (s *sealer) open(place string, sealed []byte) ([]byte, error) {
	data, err := s.aead.Open(nil, nil, sealed, []byte(place))
	if err != nil {
		return nil, fmt.Errorf("open sealed %s: %w", place, ErrWrongKey)
	}
	return data, nil
}

// sum is a keyed hash of parts; parts are told apart by their lengths.
func (s *sealer) sum(parts ...string) []byte { return s.newSummer().sum(parts...) }

// summer makes many keyed hashes, one after the other.
type summer struct {
	hash hash.Hash
	text []byte
}

func (s *sealer) newSummer() *summer { return &summer{hash: hmac.New(sha256.New, s.hash)} }

func (s *summer) sum(parts ...string) []byte {
	s.text = s.text[:0]
	for _, p := range parts {
		s.text = binary.BigEndian.AppendUint32(s.text, uint32(len(p)))
		s.text = append(s.text, p...)
	}
	s.hash.Reset()
	s.hash.Write(s.text)
	return s.hash.Sum(nil)
}
