package settings

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/joho/godotenv"

	"resetpin/store/owner"
)

func readDotenv(name string) (map[string]string, error) {
	data, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return make(map[string]string), nil
	}
	if err != nil {
		return nil, fmt.Errorf("read settings: %w", owner.Explain(err, name))
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // as Windows' editors begin a file
	values, err := godotenv.UnmarshalBytes(data)
	if err != nil { // which shows what stands there, a password perhaps
		return nil, fmt.Errorf("%s cannot be read%s: it wants lines of the form NAME=value, and a value with blanks, #, $ or quotes in single quotes", name, whereBad(string(data)))
	}
	for _, name := range proxyNames() {
		promote(values, name)
	}
	return values, nil
}

// Unknown gives the names in a .env file that are no settings, in order: most
// likely somebody mistyped them. A file that cannot be read has none; Load
// tells of it.
func Unknown(dotenv string) []string {
	values, err := readDotenv(dotenv)
	if err != nil {
		return nil
	}
	for _, d := range List() {
		delete(values, d.Name)
	}
	return slices.Sorted(maps.Keys(values))
}

// whereBad tells the first line that is no setting by itself.
func whereBad(text string) string {
	for i, line := range strings.Split(text, "\n") {
		if _, err := godotenv.Unmarshal(line + "\n"); err != nil {
			return fmt.Sprintf(", see line %d", i+1)
		}
	}
	return ""
}

// Doubt is a line of a .env file of which less is used than stands there. It
// never holds the value.
type Doubt struct {
	Line int
	Name string
	Cut  string // what took a part away: "$" or "#"
}

// String says where, what and what to do.
func (d Doubt) String() string {
	return fmt.Sprintf("line %d: of %s only a part is used, since it has a %s in it: put the value into single quotes", d.Line, d.Name, d.Cut)
}

var (
	assignment = regexp.MustCompile(`^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*[=:]`)
	reference  = regexp.MustCompile(`\$\{?([A-Z0-9_]+)`)
)

// Doubts gives the values of a .env file that are cut where nobody may have
// meant it: at a $NAME that the file does not set, and secrets at a #.
func Doubts(dotenv string) []Doubt {
	data, err := os.ReadFile(dotenv)
	if err != nil {
		return nil // Load tells of it
	}
	values, err := readDotenv(dotenv)
	if err != nil {
		return nil
	}
	secret := secrets()
	var out []Doubt
	for i, line := range strings.Split(string(bytes.TrimPrefix(data, []byte("\ufeff"))), "\n") {
		m := assignment.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		switch name := m[1]; {
		case changes(line, "$") && !refersTo(values, line):
			out = append(out, Doubt{i + 1, name, "$"})
		case secret[name] && changes(line, "#"):
			out = append(out, Doubt{i + 1, name, "#"})
		}
	}
	return out
}

// changes tells whether a sign means something else in a line than itself: the
// line reads otherwise with a letter in its place.
func changes(line, sign string) bool {
	const letter = "\u2402" // nobody's
	if !strings.Contains(line, sign) {
		return false
	}
	as, err1 := godotenv.Unmarshal(line)
	like, err2 := godotenv.Unmarshal(strings.ReplaceAll(line, sign, letter))
	if err1 != nil || err2 != nil {
		return false // a value of several lines, which is in quotes
	}
	for name, value := range like {
		like[name] = strings.ReplaceAll(value, letter, sign)
	}
	return !maps.Equal(as, like)
}

// refersTo tells whether everything that a line refers to is set in the file.
func refersTo(values map[string]string, line string) bool {
	for _, m := range reference.FindAllStringSubmatch(line, -1) {
		if values[m[1]] == "" {
			return false
		}
	}
	return true
}

// secrets gives the names of the settings that are secret.
func secrets() map[string]bool {
	out := make(map[string]bool)
	t := reflect.TypeFor[Settings]()
	for i := range t.NumField() {
		switch f := t.Field(i); f.Type {
		case reflect.TypeFor[Secret](), reflect.TypeFor[[]Secret]():
			out[f.Tag.Get("env")] = true
		}
	}
	return out
}
