package store_test

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"testing"

	"resetpin/store"
	"resetpin/store/storetest"
)

// person gives a made-up employee; who has the same number has the same NIK.
func person(nip, nik int) store.Employee {
	return store.Employee{
		NIP: fmt.Sprintf("198001012005011%03d", nip), NIK: fmt.Sprintf("%016d", 3171010101800000+nik),
		Name: fmt.Sprint("Pegawai ", nip), Email: fmt.Sprintf("p%d@contoh.go.id", nip), Active: true,
	}
}

// judged imports and gives what the judge was told.
func judged(t *testing.T, s *store.Store, o store.ImportOptions, es ...store.Employee) store.ImportEffects {
	t.Helper()
	var told store.ImportEffects
	o.Judge = func(e store.ImportEffects) (store.ImportRecord, error) { told = e; return store.ImportRecord{}, nil }
	result, err := s.Import(t.Context(), rows(es...), o)
	if err != nil {
		t.Fatal(err)
	}
	if result != told.Result {
		t.Errorf("the judge was told %+v, the caller %+v", told.Result, result)
	}
	return told
}

func TestAnImportTellsWhomItMakesInactive(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if e := judged(t, s, store.ImportOptions{DeactivateMissing: true}, person(1, 1), person(2, 2), person(3, 3), person(4, 4), person(5, 5)); e.Active != 0 || e.Left != nil || e.Twins != nil {
			t.Errorf("the first import: %+v", e)
		}
		retired := person(2, 2)
		retired.Active = false
		moved := person(6, 3) // the NIK of 3, whom nobody names
		// 5 is named by a row that cannot be written.
		o := store.ImportOptions{Stay: func() []string { return []string{person(5, 5).NIP, "199912312020011001"} }}
		want := []store.Departure{{NIP: person(3, 3).NIP, Now: moved.NIP}, {NIP: retired.NIP}}
		e := judged(t, s, o, person(1, 1), retired, moved)
		if e.Active != 5 || !reflect.DeepEqual(e.Left, want) || e.Twins != nil {
			t.Errorf("got %+v, want %+v", e, want)
		}
		active := func() (out []int) {
			for n := 1; n <= 6; n++ {
				if must[store.Employee](t)(s.Employee(t.Context(), person(n, n).NIP)).Active {
					out = append(out, n)
				}
			}
			return out
		}
		if got := active(); !reflect.DeepEqual(got, []int{1, 4, 5, 6}) {
			t.Errorf("active are %v", got)
		}
		o.DeactivateMissing = true
		e = judged(t, s, o, person(1, 1), moved)
		if want := []store.Departure{{NIP: person(4, 4).NIP}}; !reflect.DeepEqual(e.Left, want) || e.Result.Deactivated != 1 {
			t.Errorf("got %+v, want %+v", e, want)
		}
		if got := active(); !reflect.DeepEqual(got, []int{1, 5, 6}) {
			t.Errorf("active are %v", got)
		}
	})
}

func TestOneNIKOfTwoActivePeopleIsTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		judged(t, s, store.ImportOptions{}, person(1, 1), person(2, 2))
		one, two, three := person(1, 1).NIP, person(2, 2).NIP, person(3, 3).NIP
		gone := person(4, 4)
		gone.Active = false
		for name, tt := range map[string]struct {
			rows []store.Employee
			stay []string
			want []store.Twins
		}{
			"in the rows":                      {[]store.Employee{person(3, 3), person(1, 3)}, nil, []store.Twins{{[]string{one, three}}}},
			"with somebody whose row is bad":   {[]store.Employee{person(3, 2)}, []string{two}, []store.Twins{{[]string{two, three}}}},
			"with somebody nobody names":       {[]store.Employee{person(3, 2)}, nil, nil},
			"with somebody who is not active":  {[]store.Employee{person(3, 4), gone}, nil, nil},
			"with oneself, whose NIK is wrong": {[]store.Employee{person(1, 7)}, nil, nil},
		} {
			o := store.ImportOptions{DryRun: true, Stay: func() []string { return tt.stay }}
			if got := judged(t, s, o, tt.rows...).Twins; !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%s: got %v, want %v", name, got, tt.want)
			}
		}
	})
}

func TestAnImportTellsWhatChangesForLinkedPeople(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		load(t, s, person(1, 1), person(2, 2), person(3, 3), person(4, 4), person(5, 5))
		for n := 1; n <= 4; n++ {
			link(t, s, store.Account{Platform: "telegram", ID: strconv.Itoa(n)}, person(n, n).NIP)
		}
		same, address, unlinked := person(1, 1), person(2, 2), person(5, 5)
		same.Email, address.Email, unlinked.Email, same.Unit = "P1@contoh.go.id", "baru@contoh.go.id", "baru5@contoh.go.id", "elsewhere"
		account := func(n int) []store.Account { return []store.Account{{Platform: "telegram", ID: strconv.Itoa(n)}} }
		left := func(e store.Employee) store.Employee { e.Active = false; return e }
		want := []store.LinkedChange{
			{Before: person(2, 2), After: address, Accounts: account(2)},
			{Before: person(3, 3), After: left(person(3, 3)), Now: person(6, 3).NIP, Accounts: account(3)},
			{Before: person(4, 4), After: left(person(4, 4)), Accounts: account(4)},
		}
		rows := []store.Employee{same, address, unlinked, person(6, 3)}
		if e := judged(t, s, store.ImportOptions{DryRun: true, DeactivateMissing: true}, rows...); !reflect.DeepEqual(e.Linked, want) {
			t.Errorf("got  %+v\nwant %+v", e.Linked, want)
		}
		if got := must[store.Employee](t)(s.Employee(t.Context(), person(4, 4).NIP)); !got.Active {
			t.Error("a dry run made somebody inactive")
		}
	})
}

// What is told and noted stands in the import's transaction: with it or not at
// all.
func TestWhatAnImportTellsIsWrittenWithIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		load(t, s, person(1, 1))
		record := store.ImportRecord{Jobs: []store.Job{{Kind: "push", Payload: []byte("{}")}}, Events: []store.Event{{At: noon, Action: "import", Outcome: "done"}}}
		stop := errors.New("too many")
		for _, tt := range []struct {
			o    store.ImportOptions
			err  error
			want int
		}{
			{store.ImportOptions{}, stop, 0}, {store.ImportOptions{DryRun: true}, nil, 0}, {store.ImportOptions{}, nil, 1},
		} {
			tt.o.Judge = func(store.ImportEffects) (store.ImportRecord, error) { return record, tt.err }
			if _, err := s.Import(t.Context(), rows(person(2, 2)), tt.o); !errors.Is(err, tt.err) {
				t.Errorf("got %v, want %v", err, tt.err)
			}
			n, err := s.CountEmployees(t.Context())
			if jobs := jobsOf(t, s, "push"); jobs != tt.want || n != 1+tt.want || err != nil {
				t.Errorf("%d jobs and %d employees, %v; want %d and %d", jobs, n, err, tt.want, 1+tt.want)
			}
			events := 0
			for _, err := range s.Events(t.Context(), noon, "") {
				if err != nil {
					t.Fatal(err)
				}
				events++
			}
			if events != tt.want {
				t.Errorf("%d events, want %d", events, tt.want)
			}
		}
	})
}
