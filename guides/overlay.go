package guides

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// Overlay gives base with the files of over laid upon it: a file that both
// have is over's, and so is a picture of which one is a PNG and the other a
// JPEG. Folders hold the files of both.
func Overlay(base, over fs.FS) fs.FS { return overlay{base, over} }

// Mark changes when a file of a folder comes, goes or changes: it names every
// one with its size and time. What cannot be read is part of it too, so that
// its coming and going is a change. A folder whose mark is another after it
// was read was read while somebody saved.
func Mark(folder fs.FS) string {
	var b strings.Builder
	_ = fs.WalkDir(folder, ".", func(path string, d fs.DirEntry, err error) error { // it gives no error that is not written below
		if err != nil {
			fmt.Fprintln(&b, path, err)
			return nil
		}
		if info, err := d.Info(); err == nil && !d.IsDir() {
			fmt.Fprintln(&b, path, info.Size(), info.ModTime().UnixNano())
		}
		return nil
	})
	return b.String()
}

type overlay struct{ base, over fs.FS }

// Open opens over's file, or base's where over has none.
func (o overlay) Open(name string) (fs.File, error) {
	f, err := o.over.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return o.base.Open(name)
	}
	return f, err
}

// ReadDir lists the files of both.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	below, err := fs.ReadDir(o.base, name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	above, overErr := fs.ReadDir(o.over, name)
	if overErr != nil && !errors.Is(overErr, fs.ErrNotExist) {
		return nil, overErr
	}
	if err != nil && overErr != nil {
		return nil, err
	}
	all := make(map[string]fs.DirEntry)
	for _, e := range below {
		all[e.Name()] = e
	}
	for _, e := range above {
		for _, name := range samePicture(e.Name()) {
			delete(all, name)
		}
	}
	for _, e := range above {
		all[e.Name()] = e
	}
	return slices.SortedFunc(maps.Values(all), func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) }), nil
}
