package store

import (
	"bytes"
	"errors"
	"testing"
)

func TestANIPIsFoundByItsHashAndShownFromItsSeal(t *testing.T) {
	const nip, other = "197812312005011002", "197812312005011003"
	s, err := newSealer(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := newSealer(bytes.Repeat([]byte{8}, 32))
	if err != nil {
		t.Fatal(err)
	}
	hash, sealed := s.sealNIP("codes", nip)
	if got, err := s.openNIP("codes", hash, sealed); got != nip || err != nil {
		t.Errorf("opened %q, %v", got, err)
	}
	again, sealedAgain := s.sealNIP("resets", nip)
	if !bytes.Equal(hash, again) || bytes.Equal(sealed, sealedAgain) {
		t.Error("the hash must be the same in all tables, and the seal another each time")
	}
	for name, index := range map[string][]byte{"another NIP": s.nipHash(other), "another kind": s.blindIndex("email", nip), "another key": stranger.nipHash(nip)} {
		if bytes.Equal(hash, index) {
			t.Errorf("%s has the same hash", name)
		}
	}
	for name, open := range map[string]func() (string, error){
		"another table": func() (string, error) { return s.openNIP("resets", hash, sealed) },
		"another row":   func() (string, error) { return s.openNIP("codes", s.nipHash(other), sealed) },
		"another key":   func() (string, error) { return stranger.openNIP("codes", hash, sealed) },
	} {
		if got, err := open(); !errors.Is(err, ErrWrongKey) {
			t.Errorf("%s: opened %q, %v", name, got, err)
		}
	}
}

// What stands where is part of a hash: an account 7 with the code 12 is not an
// account 71 with the code 2.
func TestTheHashOfPartsTellsThemApart(t *testing.T) {
	s, err := newSealer(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(s.sum("code", "7", "12"), s.sum("code", "71", "2")) {
		t.Error("two accounts have one hash")
	}
}
