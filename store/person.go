package store

import (
	"encoding/json"
	"fmt"
	"strings"
)

// All that the directory says of a person is sealed as one value, for it is
// read as one: a JSON array, in this order. New fields go to its end.
const (
	personNIP = iota
	personNIK
	personName
	personEmail
	personPosition
	personUnit
	personGrade
	personOldNIP
	personFields
)

// sealEmployee gives the sealed value for the employee's row, which is known
// by the NIP's hash. Whether they are active stands beside it.
func (s *sealer) sealEmployee(hash []byte, e Employee) ([]byte, error) {
	text, err := json.Marshal([personFields]string{
		personNIP: e.NIP, personNIK: e.NIK, personName: e.Name, personEmail: e.Email,
		personPosition: e.Position, personUnit: e.Unit, personGrade: e.Grade, personOldNIP: e.OldNIP,
	})
	if err != nil {
		return nil, fmt.Errorf("seal employee: %w", err)
	}
	return s.seal(personPlace(hash), text), nil
}

// openEmployee gives back what sealEmployee took.
func (s *Store) openEmployee(hash, sealed []byte, active int64) (Employee, error) {
	text, err := s.seal.open(personPlace(hash), sealed)
	if err != nil {
		return Employee{}, err
	}
	var p [personFields]string
	if err := json.Unmarshal(text, &p); err != nil {
		return Employee{}, fmt.Errorf("open employee: %w", err)
	}
	return Employee{
		NIP: p[personNIP], NIK: p[personNIK], Name: p[personName], Email: p[personEmail],
		Position: p[personPosition], Unit: p[personUnit], Grade: p[personGrade], OldNIP: p[personOldNIP], Active: active != 0,
	}, nil
}

func personPlace(hash []byte) string { return fmt.Sprintf("person %x", hash) }

// email gives the blind index of an address, in whatever case it is written.
func (s *summer) email(address string) []byte {
	return s.blindIndex("email", strings.ToLower(address))
}

// oldNIP gives the blind index of an old number.
func (s *summer) oldNIP(old string) []byte { return s.blindIndex("old nip", old) }
