package telegramtest

import (
	_ "embed" // for the table of methods
	"encoding/json"
	"strconv"
	"strings"
)

//go:embed methods.txt
var methodTable string

// method is a Bot API method as documented.
type method struct {
	name   string
	params map[string]param
}

// param is a documented parameter.
type param struct {
	kind     string // int, float, bool, text, id, json, file or upload
	required bool
}

// readMethods reads the embedded table, keyed by lower-case name: Telegram
// does not mind the case of a method's name.
func readMethods() map[string]method {
	all := map[string]method{}
	for line := range strings.Lines(methodTable) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		m := method{name: words[0], params: map[string]param{}}
		for _, word := range words[1:] {
			name, kind, _ := strings.Cut(word, ":")
			kind, required := strings.CutSuffix(kind, "!")
			m.params[name] = param{kind: kind, required: required}
		}
		all[strings.ToLower(m.name)] = m
	}
	return all
}

// check refuses parameters that the method does not have (the real server
// ignores them; here they are taken for the typing error they are) and
// values of another type.
func (m method) check(q *request) *failure {
	for name, value := range q.params {
		p, ok := m.params[name]
		if !ok {
			return bad("%s has no parameter \"%s\"", m.name, name)
		}
		if !p.accepts(value) {
			return bad("parameter \"%s\" of %s must be of type %s", name, m.name, p.kind)
		}
	}
	for name := range q.files {
		if p, ok := m.params[name]; ok && p.kind != "file" && p.kind != "upload" {
			return bad("parameter \"%s\" of %s is not a file", name, m.name)
		}
	}
	return nil
}

func (p param) accepts(value string) bool {
	if value == "" {
		return true // as good as absent
	}
	switch p.kind {
	case "int":
		_, err := strconv.ParseInt(value, 10, 64)
		return err == nil
	case "float":
		_, err := strconv.ParseFloat(value, 64)
		return err == nil
	case "bool":
		switch strings.ToLower(value) {
		case "true", "false", "yes", "no", "1", "0":
			return true
		}
		return false
	case "id":
		_, err := strconv.ParseInt(value, 10, 64)
		return err == nil || strings.HasPrefix(value, "@")
	case "json":
		return json.Valid([]byte(value))
	case "upload":
		return false // must come as a file
	}
	return true
}

func isTrue(value string) bool {
	switch strings.ToLower(value) {
	case "true", "yes", "1":
		return true
	}
	return false
}
