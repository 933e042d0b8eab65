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
	all    []ownership
	sorted bool
}

type ownership struct{ nik, nip int64 }

func (o *owners) empty() bool { return len(o.all) == 0 }

func (o *owners) add(nik, nip int64) {
	o.all, o.sorted = append(o.all, ownership{nik, nip}), false
}

func (o *owners) sort() {
	if !o.sorted {
		slices.SortFunc(o.all, func(a, b ownership) int { return cmp.Or(cmp.Compare(a.nik, b.nik), cmp.Compare(a.nip, b.nip)) })
		o.sorted = true
	}
}

// of gives the NIPs that have a NIK.
func (o *owners) of(nik int64) (out []int64) {
	if nik < 0 {
		return nil
	}
	o.sort()
	at, _ := slices.BinarySearchFunc(o.all, nik, func(a ownership, nik int64) int { return cmp.Compare(a.nik, nik) })
	for ; at < len(o.all) && o.all[at].nik == nik; at++ {
		out = append(out, o.all[at].nip)
	}
	return out
}

// shared gives the NIPs that have one NIK.
func (o *owners) shared() (out []Twins) {
	o.sort()
	for at := 0; at < len(o.all); {
		var t Twins
		for nik := o.all[at].nik; at < len(o.all) && o.all[at].nik == nik; at++ {
			t.NIPs = append(t.NIPs, nipText(o.all[at].nip))
		}
		if len(t.NIPs) > 1 {
			out = append(out, t)
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
