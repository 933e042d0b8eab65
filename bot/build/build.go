// Package build tells which program this is.
package build

import (
	"fmt"
	"runtime/debug"
	"strings"
	"time"
)

// Info is what the Go tool wrote into the program about its source.
type Info struct {
	Version string    // such as v1.2.0; empty: not known
	Commit  string    // the whole hash; empty: not known
	At      time.Time // of the commit; zero: not known
	Changed bool      // since the commit
}

// Read gives what is known.
func Read() Info {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return Info{}
	}
	b := Info{Version: info.Main.Version}
	if b.Version == "(devel)" {
		b.Version = ""
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.time":
			b.At, _ = time.Parse(time.RFC3339, s.Value) // git's own form
		case "vcs.modified":
			b.Changed = s.Value == "true"
		}
	}
	return b
}

// String is one line: the version, the commit and its day.
func (b Info) String() string {
	if b.Version == "" {
		b.Version = "(unknown version)"
	}
	out := "resetpin " + b.Version
	if b.Commit == "" {
		return out
	}
	about := []string{"commit " + b.Commit[:min(12, len(b.Commit))]}
	if b.Changed {
		about = append(about, "changed since")
	}
	if !b.At.IsZero() {
		about = append(about, b.At.UTC().Format(time.DateOnly))
	}
	return fmt.Sprintf("%s (%s)", out, strings.Join(about, ", "))
}

// Agent is how the program names itself to servers that it asks (RFC 9110,
// 10.1.5).
func (b Info) Agent() string {
	if b.Version == "" {
		return "resetpin"
	}
	return "resetpin/" + b.Version
}
