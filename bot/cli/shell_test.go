package cli

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"resetpin/bot/build"
	"resetpin/bot/settings"
)

// A shell that asks gets the commands and flags that may follow.
func TestAShellIsToldWhatMayFollow(t *testing.T) {
	for line, want := range map[string]string{
		"resetpin emp":                    "employees\n",
		"resetpin employees import --dry": "--dry-run\n",
		"resetpin audit --format ":        "csv\njson\n",
		"resetpin ma":                     "mattermost\n", // not the hidden one
	} {
		t.Setenv("COMP_LINE", line)
		d := &desk{t: t, environ: []string{"COMP_LINE=" + line}}
		code, out, errs := d.run()
		said := strings.Fields(out) // in no order: the shell sorts
		slices.Sort(said)
		if code != ExitDone || !slices.Equal(said, strings.Fields(want)) || errs != "" {
			t.Errorf("%q: exit %d, %q %q; want %q", line, code, out, errs, want)
		}
	}
	d := &desk{t: t}
	d.wants(ExitDone, "complete -o default -C resetpin resetpin\n", "completion", "bash")
	d.wants(ExitDone, "#compdef resetpin\n", "completion", "zsh")
	d.wants(ExitDone, "complete -c resetpin", "completion", "fish")
	d.wants(ExitUsage, `must be one of "bash","zsh","fish"`, "completion", "tcsh")
}

func TestTheManualHasEveryCommandAndSetting(t *testing.T) {
	d := &desk{t: t}
	page := d.wants(ExitDone, `.TH RESETPIN 1`, "man")
	for _, word := range []string{"employees import", "send-mail", "links free", "wrong usage or configuration"} {
		if !strings.Contains(strings.ReplaceAll(page, `\`, ""), word) {
			t.Errorf("the manual does not tell of %q", word)
		}
	}
	for _, s := range settings.List() {
		if !strings.Contains(page, s.Name) {
			t.Errorf("the manual does not tell of %s", s.Name)
		}
	}
}

func TestTheVersionTellsItsSource(t *testing.T) {
	at := time.Date(2026, 3, 2, 23, 0, 0, 0, time.FixedZone("WIB", 7*3600))
	info := func(version, commit string, at time.Time, changed bool) build.Info {
		return build.Info{Version: version, Commit: commit, At: at, Changed: changed}
	}
	for want, b := range map[string]build.Info{
		"resetpin v1.2.3 (commit 0123456789ab, 2026-03-02)":                 info("v1.2.3", "0123456789abcdef", at, false),
		"resetpin v1.2.3 (commit 0123456789ab, changed since)":              info("v1.2.3", "0123456789abcdef", time.Time{}, true),
		"resetpin (unknown version)":                                        info("", "", time.Time{}, false),
		"resetpin (unknown version) (commit 01, changed since, 2026-03-02)": info("", "01", at, true),
	} {
		if got := b.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if d := (&desk{t: t}); !regexp.MustCompile(`^resetpin \S+`).MatchString(d.wants(ExitDone, "resetpin", "--version")) {
		t.Error("no version")
	}
}
