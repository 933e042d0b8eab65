package cli

import (
	"fmt"
	"runtime/debug"
	"strings"
	"time"
)

// build is what the Go tool wrote into the program about its source.
type build struct {
	version, commit string
	at              time.Time // of the commit; zero: not known
	changed         bool      // since the commit
}

func readBuild() build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return build{}
	}
	b := build{version: info.Main.Version}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.commit = s.Value
		case "vcs.time":
			b.at, _ = time.Parse(time.RFC3339, s.Value) // git's own form
		case "vcs.modified":
			b.changed = s.Value == "true"
		}
	}
	return b
}

// String is one line: the version, the commit and its day.
func (b build) String() string {
	if b.version == "" || b.version == "(devel)" {
		b.version = "(unknown version)"
	}
	out := "resetpin " + b.version
	if b.commit == "" {
		return out
	}
	about := []string{"commit " + b.commit[:min(12, len(b.commit))]}
	if b.changed {
		about = append(about, "changed since")
	}
	if !b.at.IsZero() {
		about = append(about, b.at.UTC().Format(time.DateOnly))
	}
	return fmt.Sprintf("%s (%s)", out, strings.Join(about, ", "))
}

// version is what --version prints.
func version() string { return readBuild().String() }

// builtAt is the time of the program's source, or now.
func (c *call) builtAt() time.Time {
	if at := readBuild().at; !at.IsZero() {
		return at
	}
	return c.now()
}
