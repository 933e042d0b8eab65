package telegramtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

// failure is an error answer of the Bot API.
type failure struct {
	code       int
	text       string
	retryAfter int   // seconds; 429
	migrate    int64 // the supergroup's id when a group became one
}

func fail(code int, text string) *failure { return &failure{code: code, text: text} }

// bad is the most frequent failure; its text follows "Bad Request: ".
func bad(format string, args ...any) *failure {
	return fail(http.StatusBadRequest, "Bad Request: "+fmt.Sprintf(format, args...))
}

func forbidden(text string) *failure { return fail(http.StatusForbidden, "Forbidden: "+text) }

// parameters are the hints that go with a failure.
type parameters struct {
	RetryAfter      int   `json:"retry_after,omitempty"`
	MigrateToChatID int64 `json:"migrate_to_chat_id,omitempty"`
}

// answer is the body of every Bot API answer.
type answer struct {
	OK          bool        `json:"ok"`
	Result      any         `json:"result,omitempty"`
	ErrorCode   int         `json:"error_code,omitempty"`
	Description string      `json:"description,omitempty"`
	Parameters  *parameters `json:"parameters,omitempty"`
}

// write sends the failure, or result when f is nil.
func (s *Server) write(w http.ResponseWriter, result any, f *failure) {
	a := answer{OK: f == nil, Result: result}
	code := http.StatusOK
	if f != nil {
		code = f.code
		a = answer{ErrorCode: f.code, Description: f.text}
		if f.retryAfter > 0 || f.migrate != 0 {
			a.Parameters = &parameters{RetryAfter: f.retryAfter, MigrateToChatID: f.migrate}
		}
		if f.retryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(f.retryAfter))
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	if err := json.NewEncoder(w).Encode(a); err != nil {
		s.o.Logger.Debug("answer not written", "err", err)
	}
}

// wording is an error in Telegram's own words, which begin with a capital.
type wording string

func (w wording) Error() string { return string(w) }

func wordf(format string, args ...any) error { return wording(fmt.Sprintf(format, args...)) }
