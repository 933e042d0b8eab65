package store_test

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

func TestAnEmployeeIsAskedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		load(t, s, budi)
		wanted := store.PhoneCheck{NIP: budi.NIP, Officer: helper, Room: helper, Code: "48 – 15", Asked: noon}
		deed := func(c store.PhoneCheck) store.Deed {
			return store.Deed{
				Lines: []store.Event{{At: noon, NIP: c.NIP, Action: "officer", Outcome: "call"}},
				Jobs:  []store.Job{{Kind: "push", Payload: fmt.Appendf(nil, "%d", c.ID)}},
			}
		}
		var work sync.WaitGroup
		var mu sync.Mutex
		ids := make(map[int64]int)
		for i := range 4 { // two officers, each update delivered twice
			work.Go(func() {
				mine := wanted
				mine.Officer.ID = strconv.Itoa(i % 2)
				c, fresh, err := s.AskPhoneCheck(ctx, mine, fmt.Sprint("update ", i%2), noon.Add(-time.Minute), deed)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				ids[c.ID] += map[bool]int{true: 1}[fresh]
			})
		}
		work.Wait()
		if len(ids) != 1 || jobsOf(t, s, "push") != 1 {
			t.Fatalf("asked %v, %d jobs", ids, jobsOf(t, s, "push"))
		}
		c := must[store.PhoneCheck](t)(s.LastPhoneCheck(ctx, budi.NIP))
		if c.NIP != budi.NIP || c.Code != "48 – 15" || c.State != store.CheckAsked || !c.Asked.Equal(noon) {
			t.Errorf("kept: %+v", c)
		}
		no := errors.New("no")
		if _, err := s.ChangePhoneCheck(ctx, c.ID, func(c *store.PhoneCheck) (store.Deed, error) {
			c.State = store.CheckNo
			return store.Deed{}, no
		}); !errors.Is(err, no) {
			t.Errorf("a refused change: %v", err)
		}
		changed := must[store.PhoneCheck](t)(s.ChangePhoneCheck(ctx, c.ID, func(c *store.PhoneCheck) (store.Deed, error) {
			if c.State != store.CheckAsked {
				t.Errorf("a refused change was kept: %+v", c)
			}
			c.State, c.Ended = store.CheckYes, noon.Add(time.Minute)
			return store.Deed{Jobs: []store.Job{{Kind: "push", Payload: []byte("told")}}}, nil
		}))
		if kept := must[store.PhoneCheck](t)(s.LastPhoneCheck(ctx, budi.NIP)); kept.ID != changed.ID || kept.State != store.CheckYes || !kept.Ended.Equal(changed.Ended) {
			t.Errorf("kept %+v, given %+v", kept, changed)
		}
		if _, fresh, err := s.AskPhoneCheck(ctx, wanted, "another", noon.Add(-time.Minute), deed); err != nil || !fresh {
			t.Errorf("asked anew: %v, %v", fresh, err)
		}
		if _, err := s.ChangePhoneCheck(ctx, 99, nil); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a question that there is not: %v", err)
		}
		if _, err := s.LastPhoneCheck(ctx, sari.NIP); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("of somebody who was never asked: %v", err)
		}
	})
}
