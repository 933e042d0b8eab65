package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// sumsFile says what the pictures were made of, and what came out, in the
// form of sha256sum: `cd guides && sha256sum -c picture/sources.sum`.
const sumsFile = "picture/sources.sum"

// sources lists what the pictures are made of, as seen from the guides'
// folder: this program, its drawings, and the pretend site's pages.
func sources(dir string) ([]string, error) {
	var all []string
	for _, pattern := range []string{
		"picture/*.go", "picture/bidi/*.go", "picture/compact/*.go", "picture/draw/*",
		"../handlers/bsre/bsretest/pages/*.html", "../handlers/bsre/bsretest/pages/static/*",
	} {
		found, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern)))
		if err != nil {
			return nil, fmt.Errorf("list the pictures' sources: %w", err)
		}
		for _, file := range found {
			name, err := filepath.Rel(dir, file)
			if err != nil {
				return nil, fmt.Errorf("list the pictures' sources: %w", err)
			}
			if !strings.HasSuffix(name, "_test.go") {
				all = append(all, filepath.ToSlash(name))
			}
		}
	}
	slices.Sort(all)
	return all, nil
}

// writeSums writes down the sources and the pictures that were made of them.
func writeSums(dir string, made []string) error {
	files, err := sources(dir)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, name := range slices.Concat(files, slices.Sorted(slices.Values(made))) {
		sum, err := sumOf(dir, name)
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%s  %s\n", sum, name)
	}
	if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(sumsFile)), []byte(b.String()), 0o644); err != nil { //nolint:gosec // for everybody
		return fmt.Errorf("write the pictures' sums: %w", err)
	}
	return nil
}

// sumOf is a file's SHA-256 in hex. Line ends of Windows count as others.
func sumOf(dir, name string) (string, error) {
	data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		return "", fmt.Errorf("sum up %s: %w", name, err)
	}
	if filepath.Ext(name) != ".png" {
		data = []byte(strings.ReplaceAll(string(data), "\r\n", "\n"))
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}
