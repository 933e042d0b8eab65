package handlers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"resetpin/handlers/letters"
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
	"strconv"
	"strings"
	"testing"

	"resetpin/store"
)

func builtinTextsFor(t testing.TB) *talk.Texts {
	t.Helper()
	texts, err := LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// keyCalls are the functions whose argument at a place is a text's key.
var keyCalls = map[string]int{"Say": 0, "Button": 0, "Primary": 0, "Danger": 0, "askNIP": 2, "wrong": 3, "profile": 1, "removal": 1}

// Every key that the code names exists, and the call fills every placeholder.
func TestEveryKeyInTheCodeHasAText(t *testing.T) {
	texts := builtinTextsFor(t)
	used := 0
	for _, name := range sources(t) {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			at, ok := keyCalls[calledName(call)]
			if !ok || len(call.Args) <= at {
				return true
			}
			key, ok := literal(call.Args[at])
			if !ok || !strings.Contains(key, ".") && !texts.Has(key) && calledName(call) != "Say" {
				return true
			}
			used++
			if !texts.Has(key) {
				t.Errorf("%s names the text %q, which does not exist", name, key)
			}
			if calledName(call) == "Say" && !call.Ellipsis.IsValid() {
				checkFilled(t, texts, key, call.Args[1:])
			}
			return true
		})
	}
	if used < 60 {
		t.Errorf("only %d keys were found in the code: has a function another name?", used)
	}
}

// sources are the files of this package and of all below it, tests left out.
func sources(t *testing.T) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func checkFilled(t *testing.T, texts *talk.Texts, key string, args []ast.Expr) {
	t.Helper()
	given := make(map[string]bool)
	for i := 0; i < len(args); i += 2 {
		if name, ok := literal(args[i]); ok {
			given[name] = true
		}
	}
	for _, want := range texts.Placeholders(key) {
		if !given[want] {
			t.Errorf("text %q is said without a value for {%s}", key, want)
		}
	}
}

func calledName(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

// Texts whose keys are made at run time exist for every value there is.
func TestEveryKeyThatIsMadeHasAText(t *testing.T) {
	texts := builtinTextsFor(t)
	var keys []string
	for _, c := range table().Listed() {
		keys = append(keys, "command."+c.Name)
	}
	for _, o := range []store.CodeOutcome{store.CodeWrong, store.CodeOlder, store.CodeExpired, store.CodeExhausted, store.CodeNone, store.CodeShut} {
		keys = append(keys, "code."+string(o))
	}
	for _, v := range []store.CodeVerdict{store.CodeAsker, store.CodeNIP, store.CodeBusy, store.CodeLocked} {
		keys = append(keys, "code.no."+string(v))
	}
	for _, d := range []store.Danger{store.DangerMany, store.DangerGuess, store.DangerLocked} {
		keys = append(keys, "alarm."+string(d))
	}
	for _, by := range []letters.Unlinker{letters.ByOfficer, letters.BySelf} {
		keys = append(keys, "link.wascut."+string(by), "mail.by."+string(by))
	}
	for _, v := range []store.ResetVerdict{store.ResetCooldown, store.ResetDaily} {
		keys = append(keys, "reset."+string(v))
	}
	for _, kind := range []talk.Trouble{talk.Down, talk.Closed, talk.Busy, talk.NotSeen, talk.NoCertificate, talk.Ambiguous} {
		keys = append(keys, "reset."+string(kind))
	}
	for _, status := range pages.Statuses() {
		keys = append(keys, "status.name."+status)
	}
	for _, m := range []string{"code", "linked", "reset", "unlinked", "test"} {
		keys = append(keys, "mail."+m, "mail."+m+".subject")
	}
	for _, k := range append(keys, "guard.remove", "link.displaced", "directory.address", "code.late", "link.elsewhere", "link.cut", "link.freed", "link.mine", "code.trouble", "code.back", "button.newcode", "directory.inactive", "directory.replaced", "reset.alert", "guard.pin.public", "guard.link.public", "link.short", "link.other", "link.bsre", "sorry", "slowdown", "forged") {
		if !texts.Has(k) {
			t.Errorf("no text %q", k)
		}
	}
}

// Telegram makes a link of every host that it knows the ending of, but not in
// code: what calls out a fake must not offer it to the finger.
func TestAFakeHostIsShownAsCode(t *testing.T) {
	texts, err := LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]string{
		"esign-bsre.com": "`esign-bsre.com`", "a_b*.com": "`a_b*.com`", "x`[y](https://palsu.test)`": "`x'[y](https://palsu.test)'`", "a\n b": "`a b`", "": "`–`",
	} {
		for _, lang := range texts.Languages() {
			if got := texts.Get(lang, "guard.fake", "host", host, "site", "esign-bsre.bssn.go.id"); !strings.Contains(got, " "+want+", ") || !strings.Contains(got, " `esign-bsre.bssn.go.id`.") {
				t.Errorf("%q in %s: %s", host, lang, got)
			}
		}
	}
}

// Words that no employee should meet.
func TestNoTechnicalWordsForEmployees(t *testing.T) {
	data, err := fs.ReadFile(builtinTexts, "texts/id.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range strings.Split(string(data), "\n") {
		_, text, _ := strings.Cut(l, ": ")
		if strings.HasPrefix(l, "#") {
			continue
		}
		if strings.HasPrefix(l, "  ") {
			text = l
		}
		for _, word := range []string{"error", "server", "database", "timeout", "HTTP", "JSON", "URL", "token", "session", "backend", "API", "invalid", "user", "klik di sini", "silahkan"} {
			if strings.Contains(" "+strings.ToLower(text)+" ", " "+strings.ToLower(word)+" ") {
				t.Errorf("texts/id.yaml:%d says %q", i+1, word)
			}
		}
	}
	if _, err := os.Stat("texts/id.yaml"); err != nil {
		t.Fatal(err)
	}
}
