package store

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ErrNetworkDisk says that a SQLite file lies where its locks do not hold
// (https://www.sqlite.org/useovernet.html).
var ErrNetworkDisk = errors.New("there SQLite's locks do not hold and the database can be destroyed: " +
	"put it on a disk of this machine, or use PostgreSQL")

// mountInfo is where Linux lists what is mounted (proc_pid_mountinfo(5)).
const mountInfo = "/proc/self/mountinfo"

// networkTypes are the file systems of other machines, as mountinfo calls
// them.
func networkTypes() []string {
	return []string{
		"nfs", "nfs3", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "coda", "glusterfs", "gpfs", "lustre", "ncpfs", "beegfs", "vboxsf", "prl_fs",
		"fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.ceph-fuse", "fuse.s3fs", "fuse.rclone", "fuse.davfs", "fuse.davfs2", "fuse.juicefs", "fuse.gvfsd-fuse", "fuse.smbnetfs",
	}
}

// refuseNetworkDisk gives ErrNetworkDisk for a file on one. Where the system
// has no list of mounts, nothing is known.
func refuseNetworkDisk(file, mounts string) error {
	if mounts == "" {
		mounts = mountInfo
	}
	list, err := os.Open(mounts)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	defer func() { _ = list.Close() }() // only read
	dir, err := filepath.EvalSymlinks(filepath.Dir(file))
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	if target, err := filepath.EvalSymlinks(file); err == nil {
		dir = filepath.Dir(target)
	}
	kind, err := mountOf(list, dir)
	if err != nil {
		return fmt.Errorf("look for the database's disk: %w", err)
	}
	if slices.Contains(networkTypes(), kind) {
		return fmt.Errorf("DATABASE_URL: %s lies on a network file system (%s): %w", file, kind, ErrNetworkDisk)
	}
	return nil
}

// mountOf gives the type of the file system that a folder lies on: that of
// the innermost mount, and of several in one place the last.
func mountOf(list io.Reader, dir string) (kind string, err error) {
	deepest := -1
	unescape := strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`)
	lines := bufio.NewScanner(list)
	for lines.Scan() {
		// 36 35 98:0 /root /mount/point rw,noatime master:1 - type source options
		left, right, found := strings.Cut(lines.Text(), " - ")
		fields, kinds := strings.Fields(left), strings.Fields(right)
		if !found || len(fields) < 5 || len(kinds) < 1 {
			continue
		}
		point := unescape.Replace(fields[4])
		if within(dir, point) && len(point) >= deepest {
			deepest, kind = len(point), kinds[0]
		}
	}
	return kind, lines.Err()
}

// within tells whether a folder is a mount point or lies below it.
func within(dir, point string) bool {
	return dir == point || point == "/" || strings.HasPrefix(dir, point+"/")
}
