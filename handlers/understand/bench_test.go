package understand

import (
	"runtime"
	"testing"
)

// BenchmarkUnderstand is what a sentence costs, over all that were collected:
// the aim is under 1 ms.
func BenchmarkUnderstand(b *testing.B) {
	u, err := New([]string{site}, Builtin())
	if err != nil {
		b.Fatal(err)
	}
	sentences := readCases(b, "utterances.jsonl")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		c := sentences[i%len(sentences)]
		u.Understand(Input{Place: c.Context, Text: c.Text, Language: c.Lang})
	}
}

// BenchmarkLearn is what learning costs, and what stays in the heap of what was
// learnt: the aim is under 10 MB.
func BenchmarkLearn(b *testing.B) {
	before := heap()
	var u *Understander
	for b.Loop() {
		u = learned(b)
	}
	b.ReportMetric(float64(heap()-before)/1e6, "MB-kept")
	runtime.KeepAlive(u)
}

// TestWhatWasLearntIsSmall holds the heap to its aim: it does not depend on how
// busy the machine is.
func TestWhatWasLearntIsSmall(t *testing.T) {
	const most = 10e6
	before := heap()
	u := learned(t)
	kept := float64(heap()) - float64(before)
	t.Logf("%.1f MB are kept", kept/1e6)
	if kept > most {
		t.Errorf("what was learnt keeps %.1f MB of the heap, more than %.0f MB", kept/1e6, most/1e6)
	}
	runtime.KeepAlive(u)
}

// TestASentenceAllocatesLittle holds the work of a sentence to a bound that
// does not depend on how busy the machine is.
func TestASentenceAllocatesLittle(t *testing.T) {
	const most = 2500
	u := learned(t)
	in := Input{Place: StepMail, Text: "selamat siang bapak ibu, email dari bsre nya belum muncul2 juga sampe skrg padahal sudah saya tunggu dari tadi pagi"}
	n := testing.AllocsPerRun(20, func() { u.Understand(in) })
	t.Logf("%.0f allocations", n)
	if n > most {
		t.Errorf("a long sentence costs %.0f allocations, more than %d", n, most)
	}
}

func learned(t testing.TB) *Understander {
	t.Helper()
	u, err := New([]string{site}, Builtin())
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// heap is what is in use after what is no longer needed has gone.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
