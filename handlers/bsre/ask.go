package bsre

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"resetpin/handlers/bsre/outside"

	"github.com/tidwall/gjson"
)

// portalAnswer is the frame of the portal's answers. A failure can come with
// a 2xx: success false, or status "error".
type portalAnswer struct {
	Success loose           `json:"success"`
	Status  loose           `json:"status"`
	Message loose           `json:"message"`
	Error   loose           `json:"error"`
	Desc    loose           `json:"desc"`
	Data    json.RawMessage `json:"data"`
}

func (f portalAnswer) failed() bool {
	return f.Success.no() || equalWord(f.Status, "error") || equalWord(f.Status, "failed") || equalWord(f.Status, "fail")
}

// agreed tells whether the answer says that it was done.
func (f portalAnswer) agreed() bool {
	return f.Success.yes() || f.Message != "" || equalWord(f.Status, "success") || equalWord(f.Status, "ok")
}

func (f portalAnswer) sentence() string {
	for _, l := range []loose{f.Message, f.Desc, f.Error} {
		if s := outside.Clean(string(l), maxMessage); s != "" {
			return s
		}
	}
	return ""
}

func equalWord(l loose, word string) bool {
	return len(l) == len(word) && bytes.EqualFold([]byte(l), []byte(word))
}

// frame reads an answer's frame; false when it is no JSON object.
func (a answer) frame() (portalAnswer, bool) {
	body := a.trimmed()
	var f portalAnswer
	ok := bytes.HasPrefix(body, []byte("{")) && json.Unmarshal(body, &f) == nil
	return f, ok
}

// spring tells the framework's own refusal, which repeats the code and the
// path: there is no such address, and BSrE has not judged anything.
func (a answer) spring() bool {
	fields := gjson.GetManyBytes(a.trimmed(), "status", "path", "timestamp")
	return fields[0].Type == gjson.Number && fields[0].Int() == int64(a.code) && fields[1].Exists() && fields[2].Exists()
}

// read asks something without effect and puts the answer's data into data.
func (p *Portal) read(ctx context.Context, method, path string, body []byte, data any) error {
	a, err := p.guard.do(ctx, func() (answer, error) {
		return p.readOnce(ctx, method, path, body)
	})
	if err != nil {
		return err
	}
	f, ok := a.frame()
	switch {
	case !ok:
		return &answerError{kind: ErrUnavailable, words: "the answer cannot be read", code: a.code}
	case a.code == http.StatusNotFound:
		return &answerError{kind: ErrUnavailable, words: wordsNowhere, code: a.code}
	case f.failed() || a.code >= 400:
		return &answerError{kind: ErrUnavailable, words: "it does not want to tell: " + f.sentence(), code: a.code}
	case !bytes.HasPrefix(f.Data, []byte("{")) || json.Unmarshal(f.Data, data) != nil:
		return &answerError{kind: ErrUnavailable, words: "the answer has another form", code: a.code}
	}
	return nil
}

// readOnce makes one attempt. A token that is refused is renewed once.
func (p *Portal) readOnce(ctx context.Context, method, path string, body []byte) (answer, error) {
	for renewed := false; ; renewed = true {
		token, err := p.session.token(ctx)
		if err != nil {
			return answer{}, err
		}
		a, err := p.send(ctx, method, path, body, token)
		if err != nil {
			return answer{}, err
		}
		err = a.classify()
		if a.code == http.StatusUnauthorized && errors.Is(err, ErrCredentials) {
			p.session.forget(token)
			if !renewed {
				continue
			}
		}
		return a, err
	}
}

// send waits for its turn and sends one request without effect.
func (p *Portal) send(ctx context.Context, method, path string, body []byte, token string) (answer, error) {
	done, err := p.pace.wait(ctx)
	if err != nil {
		return answer{}, err
	}
	defer done()
	ctx, cancel := context.WithTimeout(ctx, p.config.Timeout)
	defer cancel()
	req, err := p.request(ctx, method, path, body, token)
	if err != nil {
		return answer{}, unavailable("ask the portal", err)
	}
	a, err := exchange(p.reading, req)
	if err != nil {
		return answer{}, unavailable("ask the portal", err)
	}
	return a, nil
}

// act asks for something with an effect, at most once, and gives BSrE's
// sentence. Errors: RefusedError, ErrOutcomeUnknown; with all others nothing
// happened. Nothing is gained by giving up early on a request that may be
// done already, so it has twice the time.
func (p *Portal) act(ctx context.Context, method, path string, body []byte) (string, error) {
	token, err := p.session.token(ctx)
	if err != nil {
		return "", err
	}
	done, err := p.pace.wait(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	ctx, cancel := context.WithTimeout(ctx, 2*p.config.Timeout)
	defer cancel()
	req, err := p.request(ctx, method, path, body, token)
	if err != nil {
		return "", unavailable("ask the portal", err)
	}
	a, err := exchangeOnce(p.once, req)
	if err != nil {
		return "", err
	}
	if a.code == http.StatusUnauthorized && errors.Is(a.classify(), ErrCredentials) {
		p.session.forget(token)
	}
	return a.effect(portalAnswer.agreed)
}

// effect reads the answer to a request with an effect: BSrE's sentence, or
// what is known when it is no yes. done tells from a 2xx with a JSON object
// whether it was done.
func (a answer) effect(done func(portalAnswer) bool) (string, error) {
	f, ok := a.frame()
	err := a.classify()
	switch {
	case a.code >= 200 && a.code < 300 && ok && f.failed():
		return "", &RefusedError{Message: f.sentence()}
	case a.code >= 200 && a.code < 300 && ok && done(f):
		return f.sentence(), nil
	case a.code < 400, a.code >= 500, a.code == http.StatusRequestTimeout:
		return "", fmt.Errorf("%w: no clear answer (HTTP %d)", ErrOutcomeUnknown, a.code)
	case a.code == http.StatusTooManyRequests, errors.Is(err, ErrCredentials):
		return "", err // refused before anything was done
	case ok && !a.spring():
		return "", &RefusedError{Message: f.sentence()}
	}
	return "", &answerError{kind: ErrUnavailable, words: "the request was turned away", code: a.code}
}
