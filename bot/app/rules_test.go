package app_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// The rooms of the house and whom they may know. What a rule names stands for
// all that lies below it.
var rules = []struct {
	room string
	knows,
	never []string
	may string // of what it must never know
}{
	{room: "resetpin/handlers", knows: []string{"resetpin/bot", "resetpin/guides", "resetpin/store", "resetpin/handlers/bsre", "resetpin/handlers/mail"},
		never: []string{"github.com/go-telegram", "github.com/mattermost", "resetpin/bot/telegram", "resetpin/bot/mattermost", "resetpin/bot/app"}},
	{room: "resetpin/handlers/bsre", never: []string{"resetpin/bot", "resetpin/store", "resetpin/guides", "resetpin/handlers"}, may: "resetpin/handlers/network"},
	{room: "resetpin/handlers/mail", never: []string{"resetpin/bot", "resetpin/store", "resetpin/guides", "resetpin/handlers"}, may: "resetpin/handlers/network"},
	{room: "resetpin/handlers/network", never: []string{"resetpin"}},
	{room: "resetpin/bot", never: []string{"resetpin/store", "resetpin/guides", "resetpin/handlers", "resetpin/bot/telegram", "resetpin/bot/mattermost"}},
	{room: "resetpin/store", never: []string{"resetpin/bot", "resetpin/guides", "resetpin/handlers"}},
	{room: "resetpin/guides", never: []string{"resetpin/bot", "resetpin/store", "resetpin/handlers"}},
	{room: "resetpin/bot/telegram", knows: []string{"resetpin/bot"}, never: []string{"resetpin/store", "resetpin/guides", "resetpin/handlers", "resetpin/bot/mattermost", "github.com/mattermost"}},
	{room: "resetpin/bot/mattermost", knows: []string{"resetpin/bot"}, never: []string{"resetpin/store", "resetpin/guides", "resetpin/handlers", "resetpin/bot/telegram", "github.com/go-telegram"}},
}

// TestEveryRoomKnowsOnlyWhomItMay asks Go itself what each room is built of.
func TestEveryRoomKnowsOnlyWhomItMay(t *testing.T) {
	t.Parallel()
	rooms := packages(t, "resetpin/...")
	for _, rule := range rules {
		if !slices.Contains(rooms, rule.room) {
			t.Errorf("there is no room %s", rule.room)
			continue
		}
		t.Run(rule.room, func(t *testing.T) {
			t.Parallel()
			deps := packages(t, "-deps", rule.room)
			for _, dep := range deps {
				if dep != rule.room && dep != rule.may && slices.ContainsFunc(rule.never, func(f string) bool { return below(dep, f, rule.room) }) {
					t.Errorf("%s reaches %s", rule.room, dep)
				}
			}
			for _, known := range rule.knows { // else the rule is about nothing
				if !slices.Contains(deps, known) {
					t.Errorf("%s does not reach %s", rule.room, known)
				}
			}
		})
	}
}

// shared are what lies below the handlers and is no capability: any may know it.
func shared() []string {
	return []string{"bsre", "letters", "mail", "network", "pages", "resetlink", "resetsite", "talk", "understand"}
}

// TestNoCapabilityKnowsAnother keeps each thing the bot does a room of its own.
// The kernel and what all may know reach none of them.
func TestNoCapabilityKnowsAnother(t *testing.T) {
	t.Parallel()
	var capabilities []string
	for _, room := range packages(t, "resetpin/handlers/...") {
		name, _, _ := strings.Cut(strings.TrimPrefix(room, "resetpin/handlers/"), "/")
		if name != "resetpin" && room != "resetpin/handlers" && !slices.Contains(shared(), name) {
			capabilities = append(capabilities, room)
		}
	}
	if len(capabilities) < 12 {
		t.Fatalf("only %q are capabilities", capabilities)
	}
	look := func(room string) {
		for _, dep := range packages(t, "-deps", room) {
			if dep == "resetpin/handlers" || dep != room && slices.Contains(capabilities, dep) {
				t.Errorf("%s reaches %s", room, dep)
			}
		}
	}
	for _, room := range capabilities {
		look(room)
	}
	for _, name := range shared() {
		look("resetpin/handlers/" + name)
	}
}

// below tells whether a package is the forbidden one or lies below it; what
// lies below the room itself is its own.
func below(dep, forbidden, room string) bool {
	if strings.HasPrefix(dep, room+"/") && !strings.HasPrefix(forbidden, room+"/") {
		return false
	}
	return dep == forbidden || strings.HasPrefix(dep, forbidden+"/")
}

// packages gives what go list prints, tests left out.
func packages(t *testing.T, args ...string) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", append([]string{"list", "-e"}, args...)...).Output()
	if err != nil {
		t.Fatalf("go list %s: %v", strings.Join(args, " "), err)
	}
	return strings.Fields(string(out))
}
