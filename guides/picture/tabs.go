package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"resetpin/guides/picture/bidi"
)

// first is the only tab of a browser that was just started.
func first(tabs []bidi.Tab, err error) (bidi.Tab, error) {
	if err == nil && len(tabs) == 0 {
		err = errors.New("the browser has no tab")
	}
	if err != nil {
		return bidi.Tab{}, err
	}
	return tabs[0], nil
}

// warned goes to a site that the browser warns of.
func warned(t bidi.Tab, link string) error {
	var refused *bidi.Error
	switch err := t.Open(link); {
	case err == nil:
		return fmt.Errorf("the browser does not warn of %s", link)
	case !errors.As(err, &refused):
		return err
	}
	return nil
}

// resize makes the tab as large as a view.
func resize(t bidi.Tab, v view) error {
	return errors.Join(t.Phone(v.phone), t.Size(v.width, v.height, v.scale))
}

// find adds the places of what JavaScript expressions find, in CSS pixels,
// also inside a frame of the same page.
func (s shot) find(t bidi.Tab, expressions map[string]string) error {
	names := slices.Sorted(maps.Keys(expressions))
	var all []string
	for _, name := range names {
		all = append(all, expressions[name])
	}
	var found []box
	if err := t.Eval(`[`+strings.Join(all, ", ")+`].map((e) => {
		const r = e.getBoundingClientRect(), f = (e.ownerDocument || e.startContainer.ownerDocument).defaultView.frameElement?.getBoundingClientRect();
		return { x: r.x + (f?.x || 0), y: r.y + (f?.y || 0), width: r.width, height: r.height }
	})`, &found); err != nil {
		return err
	}
	for i, name := range names {
		if found[i].Width == 0 || found[i].Y+found[i].Height > s.height+1 {
			return fmt.Errorf("%s does not stand in the window: %+v", name, found[i])
		}
		s.boxes[name] = found[i]
	}
	return nil
}
