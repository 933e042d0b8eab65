package understand

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed sentences/*.yaml words/*.yaml secrets/*.jsonl
var builtin embed.FS

// Builtin gives the sentences that come with the program.
func Builtin() fs.FS { return builtin }

// Where sentences with their meanings, and messages with and without a secret
// lie, in the built-in files and in those laid upon them.
const (
	sentenceFiles = "sentences/*.yaml"
	messageFiles  = "secrets/*.jsonl"
)

// The tables of words; one laid upon them replaces them.
const (
	spellingFile = "words/spelling.yaml"
	ordinaryFile = "words/ordinary.yaml"
)

// Example is a sentence and what it means.
type Example struct {
	Class    Class
	Text     string
	Language string  // id or en
	At       []Place // where people write it
	Also     []Place // where it can be met as well
	File     string  // where it stands, for messages
	Share    float32 // how often it is looked at; less than 1 for one of many ways of a line
}

// Class is a meaning, and behind a slash which of its answers is wanted:
// "guide:phishing/given".
type Class string

// Meaning is the class without its answer.
func (c Class) Meaning() Meaning {
	meaning, _, _ := strings.Cut(string(c), "/")
	return Meaning(meaning)
}

// Answer is which of the meaning's answers is wanted, or "".
func (c Class) Answer() string {
	_, answer, _ := strings.Cut(string(c), "/")
	return answer
}

// manyWays is for how many sentences a line with many values counts at most.
const manyWays = 8

// entry is one block of a file of sentences.
type entry struct {
	Meaning string
	At      string
	Also    string
	Fill    map[string]string // what {names} in the lines stand for, with commas between
	ID      string
	EN      string
}

// taught is what the files teach.
type taught struct {
	examples    []Example
	messages    []Case // with and without a secret
	spell       *speller
	digest      [sha256.Size]byte // of what the meanings are learnt from
	guardDigest [sha256.Size]byte // of the messages and words that the guard learns from; sentences of one's own change too little for half a minute of learning
}

// load reads the sentences of all layers; a file of a later layer stands in
// place of one with its name. Every mistake is told, not only the first.
func load(layers ...fs.FS) (taught, error) {
	var examples []Example
	var mistakes []error
	files, err := newest(layers, sentenceFiles)
	if err != nil {
		return taught{}, err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		found, err := readFile(name, files[name])
		examples = append(examples, found...)
		mistakes = append(mistakes, err)
	}
	spelling, err := readLast(spellingFile, layers)
	if err != nil {
		return taught{}, err
	}
	s, err := readSpelling(spelling)
	if err := errors.Join(append(mistakes, err)...); err != nil {
		return taught{}, err
	}
	files[spellingFile] = spelling
	out := taught{examples: examples, spell: s, digest: digest(files)}
	secrets, err := newest(layers, messageFiles)
	if err != nil {
		return taught{}, err
	}
	if out.messages, err = readMessages(secrets); err != nil {
		return taught{}, err
	}
	if secrets[ordinaryFile], err = readLast(ordinaryFile, layers); err != nil {
		return taught{}, err
	}
	out.guardDigest = digest(secrets)
	return out, contradictions(examples)
}

// readMessages reads messages with and without a secret. Every mistake is told.
func readMessages(files map[string][]byte) ([]Case, error) {
	var out []Case
	var mistakes []error
	for _, name := range slices.Sorted(maps.Keys(files)) {
		found, err := ReadCases(bytes.NewReader(files[name]))
		if err != nil {
			mistakes = append(mistakes, fmt.Errorf("%s: %w", name, err))
		}
		out = append(out, found...)
	}
	return out, errors.Join(mistakes...)
}

// newest gives the content of every file of a pattern, by name.
func newest(layers []fs.FS, pattern string) (map[string][]byte, error) {
	files := make(map[string][]byte)
	for _, layer := range layers {
		names, err := fs.Glob(layer, pattern)
		if err != nil {
			return nil, fmt.Errorf("look for sentences: %w", err)
		}
		for _, name := range names {
			if files[name], err = fs.ReadFile(layer, name); err != nil {
				return nil, fmt.Errorf("read sentences: %w", err)
			}
		}
	}
	return files, nil
}

// readLast reads a file of the last layer that has it.
func readLast(name string, layers []fs.FS) ([]byte, error) {
	for _, layer := range slices.Backward(layers) {
		data, err := fs.ReadFile(layer, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		return data, nil
	}
	return nil, fmt.Errorf("read %s: %w", name, fs.ErrNotExist)
}

func readFile(name string, data []byte) ([]Example, error) {
	var entries []entry
	if err := yaml.UnmarshalWithOptions(data, &entries, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var out []Example
	for i, e := range entries {
		at, err := parsePlaces(e.At)
		also, err2 := parsePlaces(e.Also)
		if err := errors.Join(err, err2); err != nil {
			return nil, fmt.Errorf("%s: block %d: %w", name, i+1, err)
		}
		if e.Meaning == "" || len(at) == 0 {
			return nil, fmt.Errorf("%s: block %d: meaning and at are needed", name, i+1)
		}
		if m := Class(e.Meaning).Meaning(); !m.known() {
			return nil, fmt.Errorf("%s: block %d: %q is no meaning", name, i+1, m)
		}
		also = slices.DeleteFunc(also, func(p Place) bool { return slices.Contains(at, p) })
		for _, l := range []struct{ language, lines string }{{"id", e.ID}, {"en", e.EN}} {
			for line := range strings.Lines(l.lines) {
				ways := filled(strings.TrimSpace(line), e.Fill)
				for _, text := range ways {
					share := min(1, manyWays/float32(len(ways)))
					out = append(out, Example{Class: Class(e.Meaning), Text: text, Language: l.language, At: at, Also: also, File: name, Share: share})
				}
			}
		}
	}
	return out, nil
}

// contradictions finds sentences that stand with two meanings for one place.
func contradictions(examples []Example) error {
	type key struct {
		place Place
		text  string
	}
	seen := make(map[key]Example)
	var mistakes []error
	told := make(map[string]bool)
	for _, e := range examples {
		for _, p := range e.At {
			k := key{p, strings.ToLower(e.Text)}
			before, ok := seen[k]
			if ok && before.Class != e.Class && !told[k.text] {
				told[k.text] = true
				mistakes = append(mistakes, fmt.Errorf("%s: %q means %s at %s, and %s in %s", e.File, e.Text, e.Class, p, before.Class, before.File))
			}
			seen[k] = e
		}
	}
	return errors.Join(mistakes...)
}

// Check tells all that is wrong with the sentences of the layers: mistakes in
// a file, a sentence with two meanings at one place, and a meaning that leads
// nowhere, as leads says.
func Check(leads func(Meaning) bool, layers ...fs.FS) error {
	l, err := load(layers...)
	mistakes := []error{err}
	if err == nil {
		_, err := newGuard(l.spell, l.examples, layers)
		mistakes = append(mistakes, err)
	}
	told := make(map[string]bool)
	for _, e := range l.examples {
		m := e.Class.Meaning()
		if key := e.File + string(m); !told[key] && !leads(m) {
			told[key] = true
			mistakes = append(mistakes, fmt.Errorf("%s: %s leads to no guide or page", e.File, m))
		}
	}
	return errors.Join(mistakes...)
}

// filled gives a line with every value of the names in it; none for an empty
// line.
func filled(line string, fill map[string]string) []string {
	if line == "" {
		return nil
	}
	lines := []string{line}
	const most = 60 // ways of one line
	for _, name := range slices.Sorted(maps.Keys(fill)) {
		mark := "{" + name + "}"
		if !strings.Contains(line, mark) {
			continue
		}
		var next []string
		for _, l := range lines {
			for value := range strings.SplitSeq(fill[name], ",") {
				next = append(next, strings.ReplaceAll(l, mark, strings.TrimSpace(value)))
			}
		}
		lines = next
	}
	return spread(lines, most)
}

// spread takes most of the lines evenly, when there are more.
func spread(lines []string, most int) []string {
	if len(lines) <= most {
		return lines
	}
	out := make([]string, most)
	for i := range out {
		// A step that is no divisor of the lists' lengths, so that every value occurs.
		out[i] = lines[i*len(lines)/most]
	}
	return out
}
