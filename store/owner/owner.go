// Package owner keeps the program's files usable by the user whom their
// folder belongs to. An administrator who runs a command as root would else
// leave files that the service, which runs as a user of its own, cannot open.
package owner

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Create makes a new file, mode 0600, and opens it for reading and writing.
// Made by root it belongs to whom its folder belongs to. The error is
// fs.ErrExist when the file is there.
func Create(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	folder, err := os.Stat(filepath.Dir(name))
	if err == nil {
		err = errors.Join(f.Chmod(0o600), Give(f, folder))
	}
	if err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(name))
	}
	return f, nil
}

// Give lets a file that root has made belong to whom another one belongs to.
// For any other user nothing happens.
func Give(f *os.File, as fs.FileInfo) error {
	user, group, known := ids(as)
	if !known || os.Geteuid() != 0 {
		return nil
	}
	return f.Chown(user, group)
}

// Explain adds to the error of a file that may not be used whom it belongs
// to, who this is, and how that is mended. Other errors stay as they are.
func Explain(err error, name string) error {
	info, failed := os.Stat(name)
	if failed != nil || err == nil || !errors.Is(err, fs.ErrPermission) {
		return err
	}
	user, _, known := ids(info)
	if !known || user == os.Geteuid() {
		return err
	}
	return fmt.Errorf("%w: it belongs to %s, and this program runs as %s; as root: chown %s %s",
		err, userName(user), userName(os.Geteuid()), userName(os.Geteuid()), name)
}

// Usable tells whether this program may read and write a file that is there;
// what is not there may be made. The error says how it is mended.
func Usable(name string) error {
	return Explain(access(name), name)
}
