package bidi

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Tab is a page in a tab or in a frame of another page.
type Tab struct {
	URL     string // when it was listed
	Frame   bool
	browser *Browser
	context string
}

// fields are a command's parameters beside the tab.
type fields map[string]any

func (t Tab) call(method string, params fields, to any) error {
	params["context"] = t.context
	return t.browser.call(method, params, to)
}

// emulate pretends something to the page of a tab.
func (t Tab) emulate(what string, params fields) error {
	params["contexts"] = []string{t.context}
	return t.browser.call("emulation."+what, params, nil)
}

// Open goes to an address and waits until the page is loaded.
func (t Tab) Open(url string) error {
	return t.call("browsingContext.navigate", fields{"url": url, "wait": "complete"}, nil)
}

// Leave closes the tab.
func (t Tab) Leave() error { return t.call("browsingContext.close", fields{}, nil) }

// Show puts a page of one's own into the tab.
func (t Tab) Show(html string) error {
	if err := t.Open("about:blank"); err != nil {
		return err
	}
	page, err := json.Marshal(html)
	if err != nil {
		return err
	}
	return t.Run(`document.open(); document.write(` + string(page) + `); document.close()`)
}

// Size makes the page as large as a screen of so many CSS pixels, with so many
// real pixels for each.
func (t Tab) Size(width, height int, scale float64) error {
	return t.call("browsingContext.setViewport", fields{"viewport": map[string]int{"width": width, "height": height}, "devicePixelRatio": scale}, nil)
}

// Phone makes the tab that of a phone, which is touched and heeds how wide a
// page wants to be, or of a computer again.
func (t Tab) Phone(on bool) error {
	points, wide := any(nil), any(nil)
	if on {
		points, wide = 1, true
	}
	return errors.Join(t.emulate("setTouchOverride", fields{"maxTouchPoints": points}), t.emulate("setViewportMetaOverride", fields{"viewportMeta": wide}))
}

// Dark makes the machine ask for the dark form of pages, or for none.
func (t Tab) Dark(on bool) error {
	var scheme any
	if on {
		scheme = "dark"
	}
	return t.emulate("setMediaFeaturesOverride", fields{"features": fields{"prefers-color-scheme": scheme}})
}

// Run runs JavaScript.
func (t Tab) Run(js string) error { return t.Eval(`(() => { `+js+` })()`, nil) }

// Eval decodes what a JavaScript expression, or its promise, comes to, unless
// to is nil.
func (t Tab) Eval(js string, to any) error {
	var text string
	result, err := t.evaluate(`(async () => JSON.stringify(await (` + js + `)))()`)
	if err == nil && to != nil {
		if err = json.Unmarshal(result.Value, &text); err == nil {
			err = json.Unmarshal([]byte(text), to)
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", js, err)
	}
	return nil
}

// remote is a value of a page, or an element of it.
type remote struct {
	Value    json.RawMessage `json:"value"`
	SharedID string          `json:"sharedId"`
}

func (t Tab) evaluate(js string) (remote, error) {
	var answer struct {
		Result  remote                 `json:"result"`
		Problem *struct{ Text string } `json:"exceptionDetails"`
	}
	err := t.browser.call("script.evaluate", fields{"expression": js, "target": fields{"context": t.context}, "awaitPromise": true}, &answer)
	if err == nil && answer.Problem != nil {
		err = errors.New(answer.Problem.Text)
	}
	return answer.Result, err
}

// Until waits until a JavaScript expression is true.
func (t Tab) Until(js string) error {
	for end := time.Now().Add(t.browser.patience); ; time.Sleep(40 * time.Millisecond) {
		var yes bool
		err := t.Eval(`Boolean(`+js+`)`, &yes)
		if err == nil && yes {
			return nil
		}
		if time.Now().After(end) {
			return errors.Join(fmt.Errorf("%s does not come true", js), err)
		}
	}
}
