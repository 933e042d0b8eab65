package settings

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// excused are settings that nothing reads yet: what they are for is being
// built.
var excused = map[string]bool{"Admins": true} //nolint:gochecknoglobals // a table

// TestEverySettingIsRead: one that nothing outside this package reads promises
// what the program does not do.
func TestEverySettingIsRead(t *testing.T) {
	read := make(map[string]bool)
	files := token.NewFileSet()
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || filepath.Dir(path) == "." || filepath.Dir(path) == filepath.Join(root, "bot", "settings") {
			return err
		}
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for node := range ast.Preorder(file) {
			if s, ok := node.(*ast.SelectorExpr); ok {
				read[s.Sel.Name] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	methods := readByMethods(t, files)
	all := reflect.TypeFor[Settings]()
	for i := range all.NumField() {
		name := all.Field(i).Name
		if !read[name] && !methods(name, read) && !excused[name] {
			t.Errorf("nothing reads %s (%s)", name, all.Field(i).Tag.Get("env"))
		}
	}
}

// readByMethods tells whether a field is read by a method of Settings that is
// called outside.
func readByMethods(t *testing.T, files *token.FileSet) func(field string, called map[string]bool) bool {
	t.Helper()
	own, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	by := make(map[string][]string)
	for _, path := range own {
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || strings.HasSuffix(path, "_test.go") || !f.Name.IsExported() {
				continue
			}
			for node := range ast.Preorder(f) {
				if s, ok := node.(*ast.SelectorExpr); ok {
					by[s.Sel.Name] = append(by[s.Sel.Name], f.Name.Name)
				}
			}
		}
	}
	return func(field string, called map[string]bool) bool {
		for _, f := range by[field] {
			if called[f] {
				return true
			}
		}
		return false
	}
}
