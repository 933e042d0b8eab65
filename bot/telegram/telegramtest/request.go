package telegramtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
)

// maxBody bounds a call's body: pictures up to 10 MB and their form.
const maxBody = 12 << 20

// request is a Bot API call with its parameters as text, whatever way they came.
type request struct {
	params map[string]string
	files  map[string]upload
}

// upload is a file of a multipart form.
type upload struct {
	name string
	data []byte
}

// readRequest collects the parameters of the query string and the body, which
// may be JSON, URL-encoded or multipart.
func readRequest(r *http.Request) (*request, *failure) {
	q := &request{params: map[string]string{}, files: map[string]upload{}}
	q.addValues(r.URL.Query())
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return nil, bad("can't read the request body")
	}
	if len(body) > maxBody {
		return nil, fail(http.StatusRequestEntityTooLarge, "Request Entity Too Large")
	}
	kind, par, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil && len(body) > 0 {
		return nil, bad("unsupported Content-Type of the request body")
	}
	switch {
	case len(body) == 0:
		return q, nil
	case kind == "application/json":
		return q, q.addJSON(body)
	case kind == "application/x-www-form-urlencoded":
		values, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, bad("can't parse the URL-encoded body")
		}
		q.addValues(values)
		return q, nil
	case strings.HasPrefix(kind, "multipart/form-data"):
		return q, q.addForm(body, par["boundary"])
	}
	return nil, bad("unsupported Content-Type of the request body")
}

func (q *request) addValues(values url.Values) {
	for name, all := range values {
		q.params[name] = all[len(all)-1]
	}
}

func (q *request) addJSON(body []byte) *failure {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return bad("can't parse the request body as a JSON object")
	}
	for name, raw := range fields {
		var text string
		switch {
		case bytes.Equal(raw, []byte("null")):
		case json.Unmarshal(raw, &text) == nil:
			q.params[name] = text
		default:
			q.params[name] = string(raw)
		}
	}
	return nil
}

func (q *request) addForm(body []byte, boundary string) *failure {
	form := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return bad("can't parse the multipart body")
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return bad("can't parse the multipart body")
		}
		if part.FileName() != "" {
			q.files[part.FormName()] = upload{name: part.FileName(), data: data}
		} else {
			q.params[part.FormName()] = string(data)
		}
	}
}
