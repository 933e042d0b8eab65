package pages

import (
	"resetpin/guides"
	"strconv"
	"strings"
)

// Press is what a button of a step says: which walk, the version it was
// shown for, and the choice.
type Press struct {
	Walk    int64
	Version int
	Kind    guides.ChoiceKind
	Target  string
}

// Arg writes a press as a button's argument of at most 24 characters.
func (p Press) Arg() string {
	return strconv.FormatInt(p.Walk, 36) + "." + strconv.FormatInt(int64(p.Version), 36) + "." + p.Kind.Letter() + p.Target
}

// ParsePress reads what arg wrote.
func ParsePress(arg string) (Press, bool) {
	part := strings.SplitN(arg, ".", 3)
	if len(part) != 3 || part[2] == "" {
		return Press{}, false
	}
	id, err1 := strconv.ParseInt(part[0], 36, 64)
	version, err2 := strconv.ParseInt(part[1], 36, 32)
	kind, ok := guides.ChoiceByLetter(part[2][:1])
	if err1 != nil || err2 != nil || !ok {
		return Press{}, false
	}
	return Press{Walk: id, Version: int(version), Kind: kind, Target: part[2][1:]}, true
}
