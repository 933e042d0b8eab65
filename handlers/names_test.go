package handlers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	"resetpin/handlers/talk"
)

// Every name that is written down as a constant is done by somebody, and none
// is written as a bare string: "reset.nwe" would be understood by nobody.
func TestEveryNameIsDone(t *testing.T) {
	names := table().Names()
	found := 0
	for _, file := range sources(t) {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				if !isName(n.Type) {
					return true
				}
				for _, v := range n.Values {
					name, _ := literal(v)
					found++
					if !slices.Contains(names, talk.Name(name)) {
						t.Errorf("%s: nobody does %q", file, name)
					}
				}
			case *ast.CompositeLit:
				if called, ok := n.Type.(*ast.SelectorExpr); ok && called.Sel.Name == "Action" {
					for _, e := range n.Elts {
						if kv, ok := e.(*ast.KeyValueExpr); ok {
							if name, bare := literal(kv.Value); bare && name != "" {
								t.Errorf("%s: the action %q is a bare string; it has a talk.Name", file, name)
							}
						}
					}
				}
			}
			return true
		})
	}
	if found < len(names) || found < 25 {
		t.Errorf("found %d constants for %d names", found, len(names))
	}
}

// isName tells whether a constant's type is talk.Name.
func isName(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name == "Name"
	case *ast.SelectorExpr:
		return e.Sel.Name == "Name"
	}
	return false
}

// What people have typed until now goes on to work, and the help keeps its
// order, whatever is added.
func TestTheCommandsStayWhatTheyAre(t *testing.T) {
	rest := strings.Fields("resetpin status link panduan unlink bahasa privasi help")
	for _, c := range table().Listed() {
		if len(rest) > 0 && rest[0] == c.Name {
			rest = rest[1:]
		}
	}
	if len(rest) > 0 {
		t.Errorf("not listed, or out of order: %q", rest)
	}
	words := CommandWords()
	for word := range strings.FieldsSeq("antrian bahasa bantuan guide help language link panduan pegawai privacy privasi reset resetpin siapa start status statusds telepon unlink") {
		if !slices.Contains(words, word) {
			t.Errorf("%q is no command any more", word)
		}
	}
}
