package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
)

// uploaded is a file that a call brings along.
type uploaded struct {
	field string // the parameter that it is for, or what stands after attach://
	name  string
	data  []byte
}

// upload is call with a file: the same parameters, as a multipart form
// (https://core.telegram.org/bots/api#sending-files).
func (a *api) upload(ctx context.Context, method string, params any, file uploaded, out any) error {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := fillForm(form, params, file); err != nil {
		return fmt.Errorf("telegram: %s: encode: %w", method, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.base+method, &body)
	if err != nil {
		return fmt.Errorf("telegram: %s: the request cannot be made", method) // err holds the address
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	data, err := a.do(req, method)
	if err != nil || out == nil {
		return err
	}
	return decodeResult(method, data, out)
}

// fillForm writes parameters as a form does: texts as they are, all else as
// JSON.
func fillForm(form *multipart.Writer, params any, file uploaded) error {
	raw, err := json.Marshal(params)
	if err != nil {
		return err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		return err
	}
	for name, value := range fields {
		text := string(value)
		if value[0] == '"' {
			if err := json.Unmarshal(value, &text); err != nil {
				return err
			}
		}
		if err := form.WriteField(name, text); err != nil {
			return err
		}
	}
	part, err := form.CreateFormFile(file.field, file.name)
	if err != nil {
		return err
	}
	if _, err := part.Write(file.data); err != nil {
		return err
	}
	return form.Close()
}
