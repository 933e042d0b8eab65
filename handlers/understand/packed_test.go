package understand

import (
	"bytes"
	"maps"
	"math"
	"slices"
	"testing"
	"testing/fstest"
)

// TestWhatIsLearntIsWhatTheSentencesTeach: the model that comes with the
// program was made from the sentences as they are.
func TestWhatIsLearntIsWhatTheSentencesTeach(t *testing.T) {
	const again = "the sentences have changed: go generate ./handlers/understand"
	now, guard, err := Learn()
	if err != nil {
		t.Fatal(err)
	}
	if !sameSuspicion(t, guard, learntSecrets) {
		t.Error(again)
	}
	if bytes.Equal(now, learnt) {
		return
	}
	// Another processor rounds otherwise: then a step more or less is the same.
	have, err := unpack(learnt, nil)
	if err != nil {
		t.Fatalf("%v; %s", err, again)
	}
	want, err := unpack(now, nil)
	if err != nil {
		t.Fatal(err)
	}
	if have.digest != want.digest || !slices.Equal(have.classes, want.classes) || !bytes.Equal(have.hashes, want.hashes) {
		t.Fatal(again)
	}
	for i := range want.weights {
		if math.Abs(float64(int8(want.weights[i]))-float64(int8(have.weights[i]))) > 2 {
			t.Fatalf("weight %d is %d, not %d: %s", i, int8(have.weights[i]), int8(want.weights[i]), again)
		}
	}
}

// sameSuspicion compares two packed ones, with room for another processor's
// rounding.
func sameSuspicion(t *testing.T, a, b []byte) bool {
	t.Helper()
	one, oneOf, err := unpackSuspicion(a)
	if err != nil {
		t.Fatal(err)
	}
	other, otherOf, err := unpackSuspicion(b)
	if err != nil || oneOf != otherOf || len(one.weights) != len(other.weights) {
		return false
	}
	for c, w := range one.weights {
		if math.Abs(float64(w-other.weights[c])) > 0.05 {
			return false
		}
	}
	return true
}

// TestABrokenModelIsRefused, wherever it breaks off.
func TestABrokenModelIsRefused(t *testing.T) {
	for n := 0; n < len(learnt); n += 1 + len(learnt)/300 {
		if _, err := unpack(learnt[:n], nil); err == nil {
			t.Fatalf("%d bytes are taken for a model", n)
		}
	}
	if _, err := unpack(append(slices.Clone(learnt), 0), nil); err == nil {
		t.Error("a byte too many is taken")
	}
	for n := 0; n < len(learntSecrets); n += 1 + len(learntSecrets)/300 {
		if _, _, err := unpackSuspicion(learntSecrets[:n]); err == nil {
			t.Fatalf("%d bytes are taken for what the guard learnt", n)
		}
	}
	if _, _, err := unpackSuspicion(append(slices.Clone(learntSecrets), 0)); err == nil {
		t.Error("a byte too many is taken for what the guard learnt")
	}
}

// TestSentencesOfOnesOwnAreLearnt, and teach what the built-in ones do not.
func TestSentencesOfOnesOwnAreLearnt(t *testing.T) {
	in := Input{Place: HomeLinked, Text: "tulung pulihke sandi tandatanganku"}
	own := fstest.MapFS{"sentences/jawa.yaml": {Data: []byte(`
- meaning: command:resetpin
  at: home
  id: |
    tulung pulihke sandi tandatanganku
    pulihke sandi tandatanganku to mas
`)}}
	before, err := New([]string{site}, Builtin())
	if err != nil {
		t.Fatal(err)
	}
	after, err := New([]string{site}, Builtin(), own)
	if err != nil {
		t.Fatal(err)
	}
	b, a := before.Understand(in), after.Understand(in)
	if a.Meaning != "command:resetpin" || a.Score <= b.Score {
		t.Errorf("without it is %s %.2f, with it %s %.2f", b.Meaning, b.Score, a.Meaning, a.Score)
	}
	if !maps.Equal(after.guard.learnt.weights, before.guard.learnt.weights) {
		t.Error("the guard has learnt anew from sentences that give nothing away")
	}
	own["secrets/jawa.jsonl"] = &fstest.MapFile{Data: []byte(`{"context": "step:pin", "lang": "id", "text": "sandiku pitik walik saba kebon", "expect": ["pin"]}`)}
	after, err = New([]string{site}, Builtin(), own)
	if err != nil {
		t.Fatal(err)
	}
	if maps.Equal(after.guard.learnt.weights, before.guard.learnt.weights) {
		t.Error("the guard has not learnt from a message of the folder")
	}
}
