package store

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
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

// hashes reads the rows of one column.
func hashes(rows *sql.Rows, err error) ([][]byte, error) {
	if err != nil {
		return nil, err
	}
	var out [][]byte
	for rows.Next() {
		var hash []byte
		if err := rows.Scan(&hash); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		out = append(out, hash)
	}
	return out, errors.Join(rows.Err(), rows.Close())
}

// number gives a NIP or NIK as a number, which takes little memory; what is
// none is like no other.
func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// nipText gives a NIP from its number.
func nipText(n int64) string { return fmt.Sprintf("%018d", n) }
