package handlers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"github.com/goccy/go-yaml"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/store"
)

func builtinTextsFor(t *testing.T) *Texts {
	t.Helper()
	texts, err := LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// keyCalls are the functions whose argument at a place is a text's key.
var keyCalls = map[string]int{"say": 0, "button": 0, "primary": 0, "askNIP": 2, "wrong": 3, "profile": 1, "removal": 1}

// Every key that the code names exists, and the call fills every placeholder.
func TestEveryKeyInTheCodeHasAText(t *testing.T) {
	texts := builtinTextsFor(t)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	used := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
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
			if !ok || !strings.Contains(key, ".") && !texts.Has(key) && calledName(call) != "say" {
				return true
			}
			used++
			if !texts.Has(key) {
				t.Errorf("%s names the text %q, which does not exist", name, key)
			}
			if calledName(call) == "say" && !call.Ellipsis.IsValid() {
				checkFilled(t, texts, key, call.Args[1:])
			}
			return true
		})
	}
	if used < 60 {
		t.Errorf("only %d keys were found in the code: has a function another name?", used)
	}
}

func checkFilled(t *testing.T, texts *Texts, key string, args []ast.Expr) {
	t.Helper()
	given := make(map[string]bool)
	for i := 0; i < len(args); i += 2 {
		if name, ok := literal(args[i]); ok {
			given["{"+name+"}"] = true
		}
	}
	text, _ := texts.lookup(Indonesian, key)
	for _, want := range placeholders(text) {
		if !given[want] {
			t.Errorf("text %q is said without a value for %s", key, want)
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
	for _, c := range commandTable() {
		if !c.Hidden {
			keys = append(keys, "command."+c.Name)
		}
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
	for _, by := range []unlinker{byOfficer, bySelf} {
		keys = append(keys, "link.wascut."+string(by), "mail.by."+string(by))
	}
	for _, v := range []store.ResetVerdict{store.ResetCooldown, store.ResetDaily} {
		keys = append(keys, "reset."+string(v))
	}
	for status := range adviceSteps() {
		keys = append(keys, "status.name."+status)
	}
	for _, p := range []string{bot.Telegram, bot.Mattermost} {
		keys = append(keys, "guard.remove."+p)
	}
	for _, m := range []string{"code", "linked", "reset", "unlinked", "test"} {
		keys = append(keys, "mail."+m, "mail."+m+".subject")
	}
	for _, k := range append(keys, "link.displaced", "directory.address", "code.late", "link.elsewhere", "link.cut", "link.freed", "link.mine", "code.trouble", "code.back", "button.newcode", "directory.inactive", "directory.replaced", "reset.alert", "walk.officer", "guard.pin.public", "guard.link.public", "link.short", "link.other", "link.bsre", "sorry", "slowdown", "forged") {
		if !texts.Has(k) {
			t.Errorf("no text %q", k)
		}
	}
}

func TestTextsMustAgree(t *testing.T) {
	for name, en := range map[string]string{
		"a key is missing":          "a: x\n",
		"a key too many":            "a: x\nb: '{n}'\nc: x\n",
		"another placeholder":       "a: x\nb: '{m}'\n",
		"not a file of texts":       "- a\n",
		"the same key stands twice": "a: x\na: y\nb: '{n}'\n",
	} {
		fsys := fstest.MapFS{"texts/id.yaml": {Data: []byte("a: x\nb: '{n}'\n")}, "texts/en.yaml": {Data: []byte(en)}}
		if _, err := loadTexts(fsys); err == nil {
			t.Errorf("%s: loaded all the same", name)
		}
	}
	if _, err := loadTexts(fstest.MapFS{}); err == nil {
		t.Error("loaded from nothing")
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
		for _, lang := range []string{Indonesian, English} {
			if got := texts.Get(lang, "guard.fake", "host", host, "site", "esign-bsre.bssn.go.id"); !strings.Contains(got, " "+want+", ") || !strings.Contains(got, " `esign-bsre.bssn.go.id`.") {
				t.Errorf("%q in %s: %s", host, lang, got)
			}
		}
	}
}

// What the guides do not say, the bot does not say either.
func TestTextsKeepTheGlossary(t *testing.T) {
	data, err := fs.ReadFile(guides.Builtin(), "glossary.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var glossary map[string]map[string]string
	if err := yaml.Unmarshal(data, &glossary); err != nil {
		t.Fatal(err)
	}
	for lang, texts := range builtinTextsFor(t).byLanguage {
		if len(glossary[lang]) == 0 {
			t.Errorf("there is no glossary for %q", lang)
		}
		for key, text := range texts {
			plain := " " + strings.Join(plainWords(placeholder.ReplaceAllString(text, " ")), " ") + " "
			for word, instead := range glossary[lang] {
				if strings.Contains(plain, " "+word+" ") && !strings.HasPrefix(key, "command.") {
					t.Errorf("%s in %q says %q; say: %s", key, lang, word, instead)
				}
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

// plainWords gives the words of a text in lower case, letters and digits only.
func plainWords(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
