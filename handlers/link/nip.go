package link

import (
	"errors"
	"resetpin/store/directory"
	"strconv"
)

// nipMistake gives the text that tells what is wrong with a NIP.
func nipMistake(err error) (key string, values []string) {
	var length *directory.LengthError
	switch {
	case errors.As(err, &length):
		return "nip.length", []string{"got", strconv.Itoa(length.Got)}
	case errors.Is(err, directory.ErrLetters):
		return "nip.letters", nil
	case errors.Is(err, directory.ErrBirthDate):
		return "nip.date", nil
	case errors.Is(err, directory.ErrSex):
		return "nip.sex", nil
	}
	return "nip.letters", nil
}
