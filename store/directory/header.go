package directory

import (
	"fmt"
	"slices"
	"strings"
)

// The columns; the first four are required.
const (
	colNIP = iota
	colNIK
	colName
	colEmail
	colPosition
	colUnit
	colGrade
	colOldNIP
	colActive
	columns
)

// columnNames gives each column's names as the header may write them, the
// Indonesian one beside the English one. The first is used in errors.
func columnNames() [columns][]string {
	return [columns][]string{
		colNIP: {"nip"}, colNIK: {"nik"}, colName: {"name", "nama"}, colEmail: {"email"},
		colPosition: {"position", "jabatan"}, colUnit: {"unit", "unit_terakhir"}, colGrade: {"grade", "golongan"},
		colOldNIP: {"nip_lama"}, colActive: {"active", "aktif"},
	}
}

// columnName is a column's name in errors.
func columnName(col int) string { return columnNames()[col][0] }

// place finds the columns in the header. A column that is not known is an
// error: a misspelt "aktif" would make everybody active.
func place(header []string) (at [columns]int, err error) {
	header = slices.Clone(header)
	for i, h := range header {
		header[i] = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(h)), " ", "_")
	}
	var known []string
	for col, names := range columnNames() {
		at[col] = slices.IndexFunc(header, func(h string) bool { return slices.Contains(names, h) })
		known = append(known, names...)
		if at[col] < 0 && col <= colEmail {
			return at, fmt.Errorf("the header has no column %s; it wants nip, nik, name or nama, and email", strings.Join(names, " or "))
		}
	}
	used := make(map[string]bool)
	for i, h := range header {
		if h == "" {
			continue
		}
		if !slices.Contains(known, h) {
			return at, fmt.Errorf("the header has a column %q that is not known; known are %s", h, strings.Join(known, ", "))
		}
		if used[h] {
			return at, fmt.Errorf("the header has the column %q twice", h)
		}
		used[h] = true
		if !slices.Contains(at[:], i) {
			return at, fmt.Errorf("the header has the column %q in both languages; leave one out", h)
		}
	}
	return at, nil
}
