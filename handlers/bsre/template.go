package bsre

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
)

// What a template may hold.
const (
	holdsNIK   = "{nik}"
	holdsNIP   = "{nip}"
	holdsEmail = "{email}"
)

// sample stands for any person when a template is checked.
func sample() Person {
	return Person{NIK: "1234567890123456", NIP: "123456789012345678", Email: `a"b@example.go.id`}
}

// fill puts a person's values into a text, each escaped.
func fill(text string, p Person, escape func(string) string) string {
	return strings.NewReplacer(holdsNIK, escape(p.NIK), holdsNIP, escape(p.NIP), holdsEmail, escape(p.Email)).Replace(text)
}

// urlTemplate is an address with placeholders in its path and its query.
type urlTemplate struct {
	base        *url.URL // scheme and host
	path, query string
}

func parseURLTemplate(s string) (urlTemplate, error) {
	bad := errors.New("BSRE_RESET_URL: want http://HOST/… or https://HOST/…, with {nik}, {nip} and {email} only after the host")
	s = strings.TrimSpace(s)
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		return urlTemplate{}, bad
	}
	rest, _, _ = strings.Cut(rest, "#")
	rest, query, _ := strings.Cut(rest, "?")
	host, path, _ := strings.Cut(rest, "/")
	base, err := parseBase("BSRE_RESET_URL", scheme+"://"+host)
	if err != nil || strings.ContainsAny(host, "{}") {
		return urlTemplate{}, bad
	}
	t := urlTemplate{base: base, path: "/" + path, query: query}
	if filled := t.fill(sample()); strings.ContainsAny(filled, "{}") {
		return urlTemplate{}, bad
	} else if _, err := url.Parse(filled); err != nil {
		return urlTemplate{}, bad
	}
	return t, nil
}

func (t urlTemplate) fill(p Person) string {
	address := t.base.Scheme + "://" + t.base.Host + fill(t.path, p, url.PathEscape)
	if t.query != "" {
		address += "?" + fill(t.query, p, url.QueryEscape)
	}
	return address
}

// bodyTemplate is a body with placeholders, in JSON or as a form.
type bodyTemplate struct {
	kind  string // the media type
	parts []bodyPart
}

// bodyPart is a piece of a body in which placeholders are escaped one way.
type bodyPart struct {
	text   string
	escape func(string) string
}

func parseBodyTemplate(s string) (bodyTemplate, error) {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return bodyTemplate{}, nil
	case s[0] == '{' && !startsWithPlaceholder(s), s[0] == '[':
		t := bodyTemplate{kind: "application/json", parts: jsonParts(s)}
		if !json.Valid([]byte(t.fill(sample()))) {
			return bodyTemplate{}, errors.New("BSRE_RESET_BODY: the JSON is not valid")
		}
		return t, nil
	case strings.Contains(s, "="):
		t := bodyTemplate{kind: "application/x-www-form-urlencoded", parts: []bodyPart{{s, url.QueryEscape}}}
		if _, err := url.ParseQuery(t.fill(sample())); err != nil || strings.ContainsAny(t.fill(sample()), "{}") {
			return bodyTemplate{}, errors.New("BSRE_RESET_BODY: the form is not valid")
		}
		return t, nil
	}
	return bodyTemplate{}, errors.New("BSRE_RESET_BODY: want JSON or a form (name={nik}&…)")
}

func startsWithPlaceholder(s string) bool {
	return strings.HasPrefix(s, holdsNIK) || strings.HasPrefix(s, holdsNIP) || strings.HasPrefix(s, holdsEmail)
}

func (t bodyTemplate) fill(p Person) string {
	var b strings.Builder
	for _, part := range t.parts {
		b.WriteString(fill(part.text, p, part.escape))
	}
	return b.String()
}

// jsonParts splits JSON into what stands inside strings and what does not: a
// placeholder outside becomes a whole string.
func jsonParts(s string) []bodyPart {
	var parts []bodyPart
	from, inside := 0, false
	for i := 0; i < len(s); i++ {
		switch {
		case inside && s[i] == '\\':
			i++
		case s[i] == '"':
			end := i
			if !inside {
				end++ // the quote belongs to what is before the string
			}
			parts = append(parts, bodyPart{s[from:end], jsonEscape(inside)})
			from, inside = end, !inside
		}
	}
	return append(parts, bodyPart{s[from:], jsonEscape(inside)})
}

// jsonEscape writes a value as a JSON string, without the quotes where they
// stand already.
func jsonEscape(inside bool) func(string) string {
	return func(s string) string {
		quoted, err := json.Marshal(s)
		if err != nil {
			return `""` // cannot be: every string can be written
		}
		if inside {
			return string(quoted[1 : len(quoted)-1])
		}
		return string(quoted)
	}
}
