package guides

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// Overlay gives base with the files of over laid upon it: a file that both
// have is over's. Folders hold the files of both.
func Overlay(base, over fs.FS) fs.FS { return overlay{base, over} }

// Complete gives the guides of a folder as the program would serve them: by
// themselves when the folder holds a whole set (its own labels.yaml), else
// laid upon the built-in ones.
func Complete(folder fs.FS) fs.FS {
	if _, err := fs.Stat(folder, labelsFile); err == nil {
		return folder
	}
	return Overlay(Builtin(), folder)
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
	for _, e := range slices.Concat(below, above) {
		all[e.Name()] = e
	}
	return slices.SortedFunc(maps.Values(all), func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) }), nil
}
