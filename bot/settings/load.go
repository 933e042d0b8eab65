package settings

import (
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"

	"github.com/caarlos0/env/v11"
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
	overlay(values, environ)
	for name, value := range values {
		if value = strings.TrimRight(value, "\r\n"); strings.TrimSpace(value) == "" {
			delete(values, name)
			continue
		}
		values[name] = value
	}
	return parse(values)
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
