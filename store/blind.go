package store

import "fmt"

// A sealed value cannot be searched for: beside it stands its blind index, a
// keyed hash, by which equal values are found and which tells nothing without
// DATA_KEY (CipherSweet names the pattern so:
// https://ciphersweet.paragonie.com/security). Every table that names an
// employee has two columns for it, nip_hash to find and nip_sealed to show.

// blindIndexBytes is how much of the keyed hash is kept: two of a million
// values have the same with a probability of 2^-89.
const blindIndexBytes = 16

// blindIndex gives the index of a value among values of one kind ("nip",
// "email"). It is always the same for the same DATA_KEY.
func (s *sealer) blindIndex(kind, value string) []byte {
	return s.newSummer().blindIndex(kind, value)
}

func (s *summer) blindIndex(kind, value string) []byte {
	return s.sum("index", kind, value)[:blindIndexBytes]
}

// nipHash gives the blind index of a NIP, the same in all tables.
func (s *sealer) nipHash(nip string) []byte { return s.blindIndex("nip", nip) }

// sealNIP gives both columns of a NIP for a row of a table.
func (s *sealer) sealNIP(table, nip string) (hash, sealed []byte) {
	hash = s.nipHash(nip)
	return hash, s.seal(nipPlace(table, hash), []byte(nip))
}

// openNIP gives back the NIP that sealNIP took for the table. It gives
// ErrWrongKey when the two columns do not belong together, or to the table.
func (s *sealer) openNIP(table string, hash, sealed []byte) (string, error) {
	nip, err := s.open(nipPlace(table, hash), sealed)
	return string(nip), err
}

func nipPlace(table string, hash []byte) string { return fmt.Sprintf("nip of %s %x", table, hash) }
