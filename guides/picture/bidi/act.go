package bidi

import (
	"encoding/base64"
	"fmt"
	"math"
	"strings"
)

// Box is a place on a page, in CSS pixels.
type Box struct {
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
}

// Click presses the mouse on the middle of what a CSS selector finds.
func (t Tab) Click(selector string) error {
	found, err := t.evaluate(fmt.Sprintf(`((e) => { e.scrollIntoViewIfNeeded?.(); return e })(document.querySelector(%q))`, selector))
	if err != nil {
		return fmt.Errorf("click %s: %w", selector, err)
	}
	return t.press(0, 0, fields{"type": "element", "element": fields{"sharedId": found.SharedID}})
}

// ClickAt presses the mouse at a place of the window, in CSS pixels.
func (t Tab) ClickAt(x, y float64) error { return t.press(x, y, "viewport") }

func (t Tab) press(x, y float64, origin any) error {
	return t.act("pointer",
		fields{"type": "pointerMove", "x": x, "y": y, "origin": origin}, fields{"type": "pointerDown", "button": 0}, fields{"type": "pointerUp", "button": 0})
}

// Type types into what a CSS selector finds; \r is the key Enter.
func (t Tab) Type(selector, text string) error {
	if err := t.Run(fmt.Sprintf(`document.querySelector(%q).focus()`, selector)); err != nil {
		return err
	}
	var keys []fields
	for _, key := range strings.ReplaceAll(text, "\r", "\uE006") { // https://www.w3.org/TR/webdriver/#keyboard-actions
		keys = append(keys, fields{"type": "keyDown", "value": string(key)}, fields{"type": "keyUp", "value": string(key)})
	}
	return t.act("key", keys...)
}

func (t Tab) act(device string, actions ...fields) error {
	return t.call("input.performActions", fields{"actions": []fields{{"type": device, "id": device, "actions": actions}}}, nil)
}

// Picture takes a picture of the window as PNG.
func (t Tab) Picture() ([]byte, error) { return t.capture(fields{}) }

// PictureOf takes a picture of a place of the page, in the window or beyond.
// Pages are drawn in whole CSS pixels: a part of one would blur the picture.
func (t Tab) PictureOf(b Box) ([]byte, error) {
	x, y := math.Round(b.X), math.Round(b.Y)
	return t.capture(fields{"origin": "document", "clip": fields{
		"type": "box", "x": x, "y": y, "width": math.Round(b.X + b.Width - x), "height": math.Round(b.Y + b.Height - y),
	}})
}

func (t Tab) capture(params fields) ([]byte, error) {
	var picture struct {
		Data []byte `json:"data"` // in base64
	}
	err := t.call("browsingContext.captureScreenshot", params, &picture)
	return picture.Data, err
}

// Whole takes a picture of one of Firefox's windows with all that is in it,
// which no command of the protocol does.
func (t Tab) Whole() ([]byte, error) {
	var picture string
	err := t.Eval(`(async () => {
		const all = new DOMRect(0, 0, innerWidth, innerHeight);
		const image = await browsingContext.currentWindowGlobal.drawSnapshot(all, devicePixelRatio, "white");
		const canvas = document.createElementNS("http://www.w3.org/1999/xhtml", "canvas");
		[canvas.width, canvas.height] = [image.width, image.height];
		canvas.getContext("2d").drawImage(image, 0, 0);
		return canvas.toDataURL().split(",")[1];
	})()`, &picture)
	if err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(picture)
}
