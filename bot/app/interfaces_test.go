package app_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// TestNoInterfaceIsOptional: what somebody can do is in their type, which the
// compiler checks. Who finds it out by assertion is never told when it is gone.
func TestNoInterfaceIsOptional(t *testing.T) {
	t.Parallel()
	files := token.NewFileSet()
	own := make(map[string]bool) // interfaces of the program
	var asserted []*ast.TypeAssertExpr
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TypeSpec:
				_, is := n.Type.(*ast.InterfaceType)
				own[n.Name.Name] = own[n.Name.Name] || is
			case *ast.TypeAssertExpr:
				asserted = append(asserted, n)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(own) < 100 || len(asserted) < 10 {
		t.Fatalf("only %d types and %d assertions were found", len(own), len(asserted))
	}
	for _, a := range asserted {
		name := ""
		switch to := a.Type.(type) {
		case *ast.InterfaceType:
			name = "an interface without a name"
		case *ast.Ident:
			name = to.Name
		case *ast.SelectorExpr:
			name = to.Sel.Name
		}
		if own[name] || strings.HasPrefix(name, "an ") {
			t.Errorf("%v: whether something is %s is found out while the program runs", files.Position(a.Pos()), name)
		}
	}
}
