package settings

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/caarlos0/env/v11"
	"github.com/joho/godotenv"
)

// Load reads the settings from the environment ("NAME=value" lines) and from
// a .env file, which need not exist; the environment wins. An empty value is
// one that is not set. The error names everything that is wrong, a line each,
// and shows no value that could be a secret.
func Load(environ []string, dotenv string) (Settings, error) {
	values, err := readDotenv(dotenv)
	if err != nil {
		return Settings{}, err
	}
	for _, line := range environ {
		if name, value, ok := strings.Cut(line, "="); ok {
			values[name] = value
		}
	}
	for name, value := range values {
		if value = strings.TrimRight(value, "\r\n"); strings.TrimSpace(value) == "" {
			delete(values, name)
			continue
		}
		values[name] = value
	}
	return parse(values)
}

func readDotenv(name string) (map[string]string, error) {
	data, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return make(map[string]string), nil
	}
	if err != nil {
		return nil, fmt.Errorf("read settings: %w", err)
	}
	values, err := godotenv.UnmarshalBytes(data)
	if err != nil { // which shows what stands there, a password perhaps
		return nil, fmt.Errorf("%s cannot be read%s: it wants lines of the form NAME=value, and a value with blanks, #, $ or quotes in single quotes", name, whereBad(string(data)))
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

// parse turns the values by name into settings.
func parse(values map[string]string) (Settings, error) {
	var s Settings
	err := env.ParseWithOptions(&s, env.Options{Environment: values, FuncMap: map[reflect.Type]env.ParserFunc{
		reflect.TypeFor[slog.Level](): func(v string) (any, error) {
			var l slog.Level
			return l, l.UnmarshalText([]byte(v))
		},
	}})
	p := &problems{failed: make(map[string]bool)}
	p.unparsed(err)
	s.tidy()
	s.check(p)
	if err := errors.Join(p.list...); err != nil {
		return Settings{}, err
	}
	return s, nil
}

// tidy takes away what people leave around a value and do not mean: blanks,
// empty places in a list, the slash at the end of an address that paths are
// put after.
func (s *Settings) tidy() {
	v := reflect.ValueOf(s).Elem()
	for i := range v.NumField() {
		switch f := v.Field(i).Addr().Interface().(type) {
		case *string:
			*f = strings.TrimSpace(*f)
		case *[]string:
			*f = tidyList(*f)
		case *[]Secret:
			*f = tidyList(*f)
		}
	}
	for _, address := range []*string{&s.PublicURL, &s.TelegramAPIURL, &s.MattermostURL, &s.BSrEURL, &s.PortalURL} {
		*address = strings.TrimRight(*address, "/")
	}
}

func tidyList[S ~string](list []S) []S {
	for i, v := range list {
		list[i] = S(strings.TrimSpace(string(v)))
	}
	return slices.DeleteFunc(list, func(v S) bool { return v == "" })
}

// problems gathers what is wrong.
type problems struct {
	list   []error
	failed map[string]bool // the settings that could not even be parsed
}

// want notes a problem of a setting when ok is false.
func (p *problems) want(ok bool, name, text string) {
	if !ok && !p.failed[name] {
		p.list = append(p.list, errors.New(name+": want "+text))
	}
}

// unparsed notes the settings that have the wrong form, without their values.
func (p *problems) unparsed(err error) {
	var all env.AggregateError
	if !errors.As(err, &all) {
		if err != nil {
			p.list = append(p.list, err)
		}
		return
	}
	for _, e := range all.Errors {
		var parse env.ParseError
		if !errors.As(e, &parse) {
			p.list = append(p.list, e)
			continue
		}
		name := nameOf(parse.Name)
		p.list = append(p.list, fmt.Errorf("%s: has the wrong form; want %s", name, formOf(parse.Type)))
		p.failed[name] = true
	}
}

// nameOf gives the setting that a field holds.
func nameOf(field string) string {
	if f, ok := reflect.TypeFor[Settings]().FieldByName(field); ok {
		return f.Tag.Get("env")
	}
	return field
}

// formOf tells how a value of a type is written.
func formOf(t reflect.Type) string {
	switch t.String() {
	case "time.Duration":
		return "a duration such as 10s, 15m or 24h"
	case "bool":
		return "true or false"
	case "int":
		return "a whole number"
	case "slog.Level":
		return "debug, info, warn or error"
	}
	return t.String()
}
