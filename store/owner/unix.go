//go:build unix

package owner

import (
	"errors"
	"io/fs"
	"os/user"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// ids gives the numbers of whom a file belongs to.
func ids(info fs.FileInfo) (user, group int, known bool) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0, false
	}
	return int(s.Uid), int(s.Gid), true
}

// userName is a user's name, or the number of one that has none.
func userName(id int) string {
	number := strconv.Itoa(id)
	if u, err := user.LookupId(number); err == nil {
		return u.Username
	}
	return number
}

// access asks without opening: closing a file of SQLite's would drop the locks
// that this process has on it.
func access(name string) error {
	err := unix.Access(name, unix.R_OK|unix.W_OK)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return &fs.PathError{Op: "open", Path: name, Err: err}
}
