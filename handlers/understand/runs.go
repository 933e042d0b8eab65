package understand

// makeup counts the words of a run by what they are.
type makeup [roleEnd + 1]int

// fine and rough name a makeup, in more and in fewer steps.
func (m makeup) fine() uint64 {
	return clue(0, upTo(m[roleForeign], 3), upTo(m[roleNoun], 3), upTo(m[roleKnown], 2), upTo(m[roleNumber], 2),
		upTo(m[roleMixed]+m[roleJoined], 2), upTo(m[roleTalk]+m[roleGrammar], 2), upTo(m[roleUsual], 2))
}

func (m makeup) rough() uint64 {
	return clue(0, upTo(m[roleForeign]+m[roleNoun], 3), upTo(m[roleKnown]+m[roleTalk]+m[roleGrammar], 2), upTo(m[roleNumber]+m[roleMixed]+m[roleJoined], 2))
}

func upTo(n, most int) uint64 { return uint64(min(n, most)) }

// run gives the clues of the words from one to another, that may be a secret
// together; none when all of them only hold a sentence together.
func (s scene) run(from, to int) []uint64 {
	var has makeup
	for _, w := range s.words[from : to+1] {
		has[w.what]++
	}
	length := to - from + 1
	if has[roleGrammar] == length {
		return nil
	}
	r := clues{scene: s, from: from, to: to, fine: has.fine(), rough: has.rough(), list: make([]uint64, 0, 48+12*length), kind: clueRun}
	if from == margin {
		r.edges++
	}
	if to == len(s.words)-margin-1 {
		r.edges += 2
	}
	r.inside()
	r.made()
	r.beside()
	r.named()
	return r.list
}

// clues collects those of a run.
type clues struct {
	scene
	from, to    int
	fine, rough uint64 // its makeup
	edges       uint64 // 1 when the message begins with it, 2 when it ends so, 3 for both
	sorts       uint64 // of its words, in order
	kind        uint64 // of the last clue
	list        []uint64
}

// add adds a clue of the next kind.
func (r *clues) add(parts ...uint64) {
	r.kind++
	r.list = append(r.list, clue(r.kind, parts...))
}

// inside adds what the words are.
func (r *clues) inside() {
	length := uint64(r.to - r.from + 1)
	begin := r.kind
	for i := r.from; i <= r.to; i++ {
		w := r.words[i]
		r.sorts = clue(1, r.sorts, w.sort)
		r.kind = begin
		r.add(w.word)
		r.add(w.name, length)
		if w.form != 0 {
			r.add(w.form)
			r.add(w.form, r.said)
			r.add(w.form, r.place)
			if length == 1 {
				r.add(w.form, r.words[i-1].sort)
				r.add(w.form, r.words[i-1].name)
			}
		}
		r.kind = begin + 7
		if i > r.from {
			before := r.words[i-1]
			r.add(before.name, w.name)
			r.add(before.sort, w.sort)
			r.add(before.behind)
		}
	}
	r.kind = begin + 10
}

// made adds what the run is made of, and where it stands.
func (r *clues) made() {
	before, behind, last := r.words[r.from-1], r.words[r.to+1], r.words[r.to]
	length := uint64(r.to - r.from + 1)
	r.add(r.sorts)
	r.add(r.sorts, r.place)
	r.add(r.sorts, r.said)
	r.add(r.fine)
	r.add(r.fine, r.place)
	r.add(r.fine, r.said, r.awaited)
	r.add(r.fine, before.name)
	r.add(r.fine, behind.name)
	r.add(r.fine, r.edges)
	r.add(r.rough, r.place, r.said)
	r.add(r.rough, before.sort, before.behind)
	r.add(r.rough, behind.sort, last.behind)
	r.add(r.rough, r.edges, r.place)
	r.add(length, r.place)
	r.add(length, r.said, r.edges)
}

// beside adds what stands before and behind.
func (r *clues) beside() {
	first, last := r.words[r.from], r.words[r.to]
	one, two, three := r.words[r.from-1], r.words[r.from-2], r.words[r.from-3]
	next, after := r.words[r.to+1], r.words[r.to+2]
	r.add(one.name, one.behind, first.sort)
	r.add(one.name, one.behind)
	r.add(one.name, two.name)
	r.add(one.sort, two.sort, three.sort)
	r.add(one.name, two.name, three.name)
	r.add(two.name)
	r.add(three.name)
	r.add(next.name, last.behind)
	r.add(next.name, after.name)
	r.add(next.name, last.name)
	r.add(next.sort, after.sort)
	r.add(last.name, last.behind)
	r.add(first.name, one.name)
	r.add(first.name, last.name)
	r.add(first.name, r.place, r.said)
	r.add(last.name, r.place, r.said)
	r.add(one.sort, two.sort, r.sorts)
	r.add(one.sort, r.sorts, next.sort)
	r.add(one.sort, one.behind, r.rough, next.sort)
	r.add(r.sorts, one.name)
	r.add(r.sorts, next.name)
}

// named adds what is said of a single word or number, of what stands in
// quotation marks, and of how far the word for a PIN is.
func (r *clues) named() {
	first, last, one, next := r.words[r.from], r.words[r.to], r.words[r.from-1], r.words[r.to+1]
	begin := r.kind
	if r.from == r.to {
		r.add(first.name, r.said, r.awaited)
		r.add(first.name, r.place)
		r.add(first.name, one.name)
		r.add(first.name, next.name)
		r.add(first.name, one.sort, r.said)
		r.add(first.name, next.sort, r.said)
		r.add(first.name, r.edges)
	}
	r.kind = begin + 7
	if first.opens {
		r.add(r.rough, last.behind)
		r.add(last.behind, r.place)
	}
	r.kind = begin + 9
	r.near(-1)
	r.kind = begin + 11
	r.near(+1)
}

// near adds how far the word for a PIN is in one direction.
func (r *clues) near(step int) {
	at := r.from
	if step > 0 {
		at = r.to
	}
	for far := 1; far <= 6; far++ {
		if at += step; at < 0 || at >= len(r.words) {
			return
		}
		if r.words[at].what == roleSecret {
			r.add(uint64(far), r.rough)
			r.add(r.rough)
			return
		}
	}
}
