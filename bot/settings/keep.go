package settings

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"resetpin/store/owner"
)

// Keep puts settings ("NAME=value" lines) into a .env file: in the place of
// the lines that set them, or at the end. All else stays as it is. A new file
// is readable by its owner only. The file is replaced as a whole, so that it
// is never half written.
func Keep(file string, lines []string) error {
	data, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("keep settings: %w", owner.Explain(err, file))
	}
	end := "\n"
	if strings.Contains(string(data), "\r\n") {
		end = "\r\n"
	}
	var old []string
	if len(data) > 0 {
		old = strings.Split(strings.TrimSuffix(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n"), "\n")
	}
	for _, line := range lines {
		old = put(old, line)
	}
	return replaceFile(file, []byte(strings.Join(old, end)+end))
}

// put puts one setting in the place of the first line that sets it, and takes
// away the others.
func put(old []string, line string) []string {
	name, _, _ := strings.Cut(line, "=")
	out, at := make([]string, 0, len(old)+1), -1
	for _, o := range old {
		if nameIn(o) != name {
			out = append(out, o)
			continue
		}
		if at < 0 {
			at = len(out)
			out = append(out, line)
		}
	}
	if at < 0 {
		out = append(out, line)
	}
	return out
}

// nameIn gives the setting that a line of a .env file sets; empty: none.
func nameIn(line string) string {
	line = strings.TrimPrefix(line, "\ufeff")
	name, _, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
	if !ok {
		return ""
	}
	return strings.TrimSpace(name)
}

// replaceFile writes a file beside the old one and puts it in its place. A
// link stays one: what it leads to is replaced. It belongs to whom the old one
// belongs to, or the folder, although root replaces it.
func replaceFile(file string, data []byte) error {
	if target, err := filepath.EvalSymlinks(file); err == nil {
		file = target
	}
	mode := os.FileMode(0o600)
	as, err := os.Stat(file)
	if err == nil {
		mode = as.Mode().Perm()
	} else if as, err = os.Stat(filepath.Dir(file)); err != nil {
		return fmt.Errorf("keep settings: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(file), ".env-*")
	if err != nil {
		return fmt.Errorf("keep settings: %w", err)
	}
	defer func() { _ = os.Remove(f.Name()) }() // it is gone when all went well
	_, err = f.Write(data)
	if err = errors.Join(err, f.Chmod(mode), owner.Give(f, as), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("keep settings: %w", err)
	}
	if err := os.Rename(f.Name(), file); err != nil {
		return fmt.Errorf("keep settings: %w", err)
	}
	return nil
}
