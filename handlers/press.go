package handlers

import (
	"strconv"
	"strings"

	"resetpin/guides"
)

// press is what a button of a step says: which walk, the version it was
// shown for, and the choice.
type press struct {
	walk    int64
	version int
	kind    guides.ChoiceKind
	target  string
}

// arg writes a press as a button's argument of at most 24 characters.
func (p press) arg() string {
	return strconv.FormatInt(p.walk, 36) + "." + strconv.FormatInt(int64(p.version), 36) + "." + p.kind.Letter() + p.target
}

// parsePress reads what arg wrote.
func parsePress(arg string) (press, bool) {
	part := strings.SplitN(arg, ".", 3)
	if len(part) != 3 || part[2] == "" {
		return press{}, false
	}
	id, err1 := strconv.ParseInt(part[0], 36, 64)
	version, err2 := strconv.ParseInt(part[1], 36, 32)
	kind, ok := guides.ChoiceByLetter(part[2][:1])
	if err1 != nil || err2 != nil || !ok {
		return press{}, false
	}
	return press{walk: id, version: int(version), kind: kind, target: part[2][1:]}, true
}
