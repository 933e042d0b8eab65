package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"resetpin/store"
	"resetpin/store/storetest"
)

// model is the directory as a map: what Import means, without a database.
type model struct {
	rows   map[string]store.Employee
	forced map[string]bool // made inactive by an import: the next row is taken anew
}

func (m *model) clone() *model {
	c := &model{rows: make(map[string]store.Employee), forced: make(map[string]bool)}
	for k, v := range m.rows {
		c.rows[k] = v
	}
	for k, v := range m.forced {
		c.forced[k] = v
	}
	return c
}

func (m *model) load(es []store.Employee, missing bool) (out store.ImportResult) {
	last := make(map[string]store.Employee)
	for _, e := range es {
		last[e.NIP] = e
	}
	for nip, e := range last {
		old, known := m.rows[nip]
		switch {
		case !known:
			out.Added++
		case old != e || m.forced[nip]:
			out.Changed++
		default:
			out.Unchanged++
		}
		m.rows[nip] = e
		delete(m.forced, nip)
	}
	for nip, e := range m.rows {
		if _, named := last[nip]; missing && !named && e.Active {
			e.Active = false
			m.rows[nip], m.forced[nip] = e, true
			out.Deactivated++
		}
	}
	return out
}

// someEmployees gives rows of a small range, so that imports meet each other;
// with twice set some NIPs come more than once.
func someEmployees(r *rand.Rand, n int, twice bool) (es []store.Employee) {
	words := []string{"", "Analis", "Arsiparis", "O'Brien \"x\"", "Ñandú ☃", "; DROP TABLE", `\N`, "a\tb"}
	named := make(map[string]bool)
	for range n {
		k := r.IntN(150)
		e := store.Employee{
			NIP: fmt.Sprintf("19800101200501%d%03d", 1+k%2, k), NIK: fmt.Sprintf("317101010180%04d", r.IntN(3)),
			Name: fmt.Sprint("Contoh ", r.IntN(2)), Email: fmt.Sprintf("p%d@contoh.go.id", k),
			Position: words[r.IntN(len(words))], Unit: words[r.IntN(2)], Active: r.IntN(5) > 0,
		}
		if r.IntN(2) == 0 {
			e.OldNIP = fmt.Sprintf("%09d", 1+r.IntN(100))
		}
		if named[e.NIP] && !twice {
			continue
		}
		named[e.NIP] = true
		es = append(es, e)
		if r.IntN(3) == 0 && len(es) > 1 && twice { // the row of before once more
			es = append(es, es[r.IntN(len(es))])
		}
	}
	return es
}

// thereAndBack changes what is there, and changes it back in a later row.
func thereAndBack(m *model) (es []store.Employee) {
	for _, e := range m.rows {
		changed := e
		changed.Unit = "elsewhere"
		es = append(es, changed, e)
	}
	return es
}

// Both engines do with the same random imports what the model does.
func TestImportsAgreeWithAModel(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		now := &model{rows: make(map[string]store.Employee), forced: make(map[string]bool)}
		stop := errors.New("stop")
		for round := range 24 {
			r := rand.New(rand.NewPCG(42, uint64(round)))
			twice := round%4 == 3
			es := someEmployees(r, []int{0, 1, 49, 50, 51, 120}[r.IntN(6)], twice)
			if twice {
				es = append(es, thereAndBack(now)...)
			}
			o := store.ImportOptions{DryRun: r.IntN(5) == 0, DeactivateMissing: r.IntN(2) == 0}
			undone := r.IntN(6) == 0
			if undone {
				o.Check = func() error { return stop }
			}
			next := now.clone()
			want := next.load(es, o.DeactivateMissing)
			got, err := s.Import(t.Context(), rows(es...), o)
			switch {
			case undone:
				if !errors.Is(err, stop) {
					t.Fatalf("round %d: %v", round, err)
				}
			case err != nil:
				t.Fatalf("round %d: %v", round, err)
			case twice && (got.Added != want.Added || got.Deactivated != want.Deactivated), !twice && got != want:
				t.Errorf("round %d: got %+v, want %+v", round, got, want)
			}
			if !undone && !o.DryRun {
				now = next
			}
			same(t, s, now, round)
		}
	})
}

func same(t *testing.T, s *store.Store, m *model, round int) {
	t.Helper()
	if n, err := s.CountEmployees(t.Context()); n != len(m.rows) || err != nil {
		t.Errorf("round %d: %d employees, want %d; %v", round, n, len(m.rows), err)
	}
	for nip, want := range m.rows {
		if got, err := s.Employee(t.Context(), nip); got != want || err != nil {
			t.Errorf("round %d:\ngot  %+v, %v\nwant %+v", round, got, err, want)
		}
	}
}
