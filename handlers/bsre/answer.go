package bsre

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"resetpin/handlers/bsre/outside"
	"strings"
	"unicode"

	"github.com/tidwall/gjson"
)

const (
	maxMessage = 300 // runes of BSrE's sentences
	maxValue   = 64  // runes of an unknown status
)

// wordsProxy are the words for a proxy that lets nobody through unknown.
const wordsProxy = "a proxy on the way wants a login"

// errBusy is the answer of an overloaded server, which wants a pause.
var errBusy = fmt.Errorf("%w: it is overloaded", ErrUnavailable)

// answerError is an answer that cannot be used, by its kind.
type answerError struct {
	kind  error // one of the package's errors
	words string
	code  int
	html  bool
}

// Error says what came instead of an answer.
func (e *answerError) Error() string {
	return fmt.Sprintf("%v: %s (HTTP %d)", e.kind, e.words, e.code)
}

// Unwrap gives the kind.
func (e *answerError) Unwrap() error { return e.kind }

// classify sorts out the answers that no caller can use. It gives nil for
// answers with a JSON object. What an answer means is BSrE's to say in words:
// a code alone can be anybody's on the way.
func (a answer) classify() error {
	body := a.trimmed()
	html := bytes.HasPrefix(body, []byte("<"))
	bad := func(kind error, words string) error {
		return &answerError{kind: kind, words: words, code: a.code, html: html}
	}
	switch {
	case a.code == http.StatusTooManyRequests, a.code == http.StatusServiceUnavailable:
		return bad(errBusy, "too many questions")
	case a.code >= 500:
		return bad(ErrUnavailable, "it reports an error of its own")
	case a.code == http.StatusProxyAuthRequired:
		return bad(ErrUnavailable, wordsProxy)
	case html:
		return bad(ErrUnavailable, "a web page came instead of an answer")
	case a.code == http.StatusUnauthorized, a.code == http.StatusForbidden:
		return bad(ErrCredentials, "the account is refused")
	case a.code >= 300 && a.code < 400:
		return bad(ErrUnavailable, "it sends elsewhere")
	case !bytes.HasPrefix(body, []byte("{")) || !gjson.ValidBytes(body):
		return bad(ErrUnavailable, "the answer cannot be read")
	}
	return nil
}

func (a answer) trimmed() []byte {
	return bytes.TrimSpace(bytes.TrimPrefix(a.body, []byte("\xef\xbb\xbf")))
}

// status reads what the eSign Client Service says in all the forms that were
// seen. The status' word decides. Where there is none, a number of BSrE's own
// decides when it says that there is nothing; it never says that somebody can
// sign. A bare 404 says nothing of anybody: the address may be wrong, or a
// service behind a proxy down. Sources: the answers that integrators recorded.
func (a answer) status() (Status, error) {
	if err := a.classify(); err != nil {
		if bad := new(answerError); a.code == http.StatusNotFound && errors.As(err, &bad) {
			bad.words = wordsNowhere
		}
		return Status{}, err
	}
	var f statusFields
	f.read(a.trimmed())
	st := Status{Value: f.value(), Message: outside.Clean(f.sentence(), maxMessage)}
	if a.code >= 400 && !known(st.Value) {
		st.Value = "" // "status":"error" beside a refusal
	}
	if st.Value == "" {
		st.Value = f.nothing(a.code >= 400 || f.failed)
	}
	switch {
	case st.Value != "":
		return st, nil
	case a.code == http.StatusNotFound:
		return Status{}, &answerError{kind: ErrUnavailable, words: wordsNowhere, code: a.code}
	}
	return Status{}, &answerError{kind: ErrUnavailable, words: "the answer tells no status", code: a.code}
}

// wordsNowhere are the words for an address at which nothing answers.
const wordsNowhere = "nothing is at the address"

// statusFields are the fields of an answer that tell something.
type statusFields struct {
	words [3]string // status, status_user, statusUser
	texts [3]string // message, desc, error
	code  string

	failed bool // success is false, or the status says so
}

// read takes the strings and numbers among the fields; anything else that
// stands there tells nothing. The body must be valid JSON.
func (f *statusFields) read(body []byte) {
	gjson.ParseBytes(body).ForEach(func(key, value gjson.Result) bool {
		text := ""
		if value.Type == gjson.String || value.Type == gjson.Number {
			text = value.String()
		}
		switch key.Str {
		case "success":
			f.failed = f.failed || value.Type == gjson.False
		case "status":
			f.failed = f.failed || failure(value.Str)
			f.words[0] = word(value)
		case "status_user":
			f.words[1] = word(value)
		case "statusUser":
			f.words[2] = word(value)
		case "message":
			f.texts[0] = text
		case "desc":
			f.texts[1] = text
		case "error":
			f.texts[2] = text
		case "status_code":
			f.code = strings.TrimSpace(text)
		}
		return true
	})
}

// word is a status' word: known ones in capitals, others as they came. A
// number is no word: Spring repeats the HTTP code there.
func word(v gjson.Result) string {
	if v.Type != gjson.String {
		return ""
	}
	w := outside.Clean(v.Str, maxValue)
	if upper := strings.ToUpper(w); known(upper) {
		return upper
	}
	if strings.Trim(w, "0123456789") == "" {
		return ""
	}
	if lower := strings.ToLower(w); failure(w) || lower == "success" || lower == "ok" {
		return "" // how the question went, not what the certificate is
	}
	return w
}

// failure tells the words for a question that failed.
func failure(word string) bool {
	switch strings.ToLower(strings.TrimSpace(word)) {
	case "error", "fail", "failed":
		return true
	}
	return false
}

// value is the word that counts: the first known one, else the first.
func (f *statusFields) value() string {
	first := ""
	for _, w := range f.words {
		if known(w) {
			return w
		}
		if first == "" {
			first = w
		}
	}
	return first
}

func (f *statusFields) sentence() string {
	for _, t := range f.texts {
		if strings.TrimSpace(t) != "" {
			return t
		}
	}
	return ""
}

// nothing reads the numbers for "not registered" and "no certificate" from
// their field, and of a refusal from either end of a sentence that says so too
// ("User tidak terdaftar 2011"). Elsewhere 2011 and 2021 are years.
func (f *statusFields) nothing(refused bool) string {
	if v := nothingByCode(f.code); v != "" || !refused {
		return v
	}
	for _, t := range f.texts {
		words := strings.FieldsFunc(t, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if len(words) == 0 || !denies(t) {
			continue
		}
		if v := nothingByCode(words[len(words)-1]); v != "" {
			return v
		}
		if v := nothingByCode(words[0]); v != "" {
			return v
		}
	}
	return ""
}

// denies tells whether a sentence says that something is not there.
func denies(sentence string) bool {
	s := strings.ToLower(sentence)
	for _, word := range []string{"tidak", "belum", "not ", "no "} {
		if strings.Contains(s, word) {
			return true
		}
	}
	return false
}

func nothingByCode(code string) string {
	switch code {
	case "1110", "2011":
		return NotRegistered
	case "2021":
		return NoCertificate
	}
	return ""
}

func known(value string) bool {
	switch value {
	case Issue, Expired, Renew, WaitingForVerification, New, NoCertificate, NotRegistered, Suspend, Revoke:
		return true
	}
	return false
}
