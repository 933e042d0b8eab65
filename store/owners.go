package store

import (
	"cmp"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// owners remembers which active NIP a file gives each NIK to, in 16 bytes for
// each.
type owners struct {
	shelves [1 << 10][]ownership // by the last bits of the NIK, its running number
	sorted  bool
	some    bool
}

type ownership struct{ nik, nip int64 }

func (o *owners) empty() bool { return !o.some }

func (o *owners) add(nik, nip int64) {
	at := nik % int64(len(o.shelves))
	o.shelves[at] = append(o.shelves[at], ownership{nik, nip})
	o.sorted, o.some = false, true
}

func (o *owners) sort() {
	if o.sorted {
		return
	}
	for _, shelf := range o.shelves {
		slices.SortFunc(shelf, func(a, b ownership) int { return cmp.Or(cmp.Compare(a.nik, b.nik), cmp.Compare(a.nip, b.nip)) })
	}
	o.sorted = true
}

// of gives the NIPs that have a NIK.
func (o *owners) of(nik int64) []int64 {
	if nik < 0 {
		return nil
	}
	o.sort()
	shelf := o.shelves[nik%int64(len(o.shelves))]
	at, _ := slices.BinarySearchFunc(shelf, nik, func(a ownership, nik int64) int { return cmp.Compare(a.nik, nik) })
	var out []int64
	for ; at < len(shelf) && shelf[at].nik == nik; at++ {
		out = append(out, shelf[at].nip)
	}
	return out
}

// shared gives the NIPs that have one NIK.
func (o *owners) shared() (out []Twins) {
	o.sort()
	for _, shelf := range o.shelves {
		for at := 0; at < len(shelf); {
			end := at + 1
			for end < len(shelf) && shelf[end].nik == shelf[at].nik {
				end++
			}
			if end > at+1 {
				var t Twins
				for _, one := range shelf[at:end] {
					t.NIPs = append(t.NIPs, nipText(one.nip))
				}
				out = append(out, t)
			}
			at = end
		}
	}
	return out
}

// numbers reads the rows of one column.
func numbers(rows *sql.Rows, err error) ([]int64, error) {
	if err != nil {
		return nil, err
	}
	var out []int64
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		out = append(out, n)
	}
	return out, errors.Join(rows.Err(), rows.Close())
}

// list writes numbers for IN.
func list(numbers []int64) string {
	text := make([]string, len(numbers))
	for i, n := range numbers {
		text[i] = strconv.FormatInt(n, 10)
	}
	return strings.Join(text, ", ")
}
