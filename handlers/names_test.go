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

// What users typed for years keeps its words, and the help its order.
func TestTheCommandsStayWhatTheyAre(t *testing.T) {
	var listed []string
	for _, c := range table().Listed() {
		listed = append(listed, c.Name)
	}
	if got := strings.Join(listed, " "); got != "resetpin status link panduan unlink bahasa privasi help" {
		t.Errorf("listed: %s", got)
	}
	words := CommandWords()
	slices.Sort(words)
	if got := strings.Join(words, " "); got != "bahasa bantuan guide help language link panduan privacy privasi reset resetpin start status statusds unlink" {
		t.Errorf("understood: %s", got)
	}
}
