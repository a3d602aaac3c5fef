// Truth for Go from its own parser and type checker.
//
//	go run golang.go <root> [import path of the root] < paths, one a line
//
// Prints JSON lines as truth.py reads them: callables and types of every file, and the called names of every package that
// type-checks, with where they are defined. Columns are UTF-8 bytes.
package main

import (
	"bufio"
	"encoding/json"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
)

type record map[string]any

// variants are where a package's functions of one name are: build constraints choose among them, and each is right.
var variants = map[string][]record{}

var (
	out    = json.NewEncoder(os.Stdout)
	fset   = token.NewFileSet()
	root   string
	prefix string
)

func main() {
	root, _ = filepath.Abs(os.Args[1])
	if len(os.Args) > 2 {
		prefix = os.Args[2]
	}
	folders := map[string]bool{}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		symbols(lines.Text())
		folders[path.Dir(lines.Text())] = true
	}
	names := make([]string, 0, len(folders))
	for name := range folders {
		names = append(names, name)
	}
	sort.Strings(names)
	importing := importer.ForCompiler(fset, "source", nil)
	for _, name := range names {
		calls(name, importing)
	}
}

// symbols prints the declarations of one file, by the parser alone.
func symbols(file string) {
	parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, file), nil, parser.SkipObjectResolution)
	errors := 0
	if err != nil {
		errors = 1
	}
	out.Encode(record{"file": file, "errors": errors})
	if errors > 0 {
		return
	}
	// The same file again in the shared set, for positions that the type checker's objects can be compared with.
	parsed, _ = parser.ParseFile(fset, filepath.Join(root, file), nil, parser.SkipObjectResolution)
	importPath := strings.TrimPrefix(path.Join(prefix, path.Dir(file)), ".")
	named := map[*ast.InterfaceType]bool{}
	ast.Inspect(parsed, func(n ast.Node) bool {
		switch t := n.(type) {
		case *ast.TypeSpec:
			if written, ok := t.Type.(*ast.InterfaceType); ok {
				named[written] = true
			}
		case *ast.InterfaceType:
			if !named[t] { // Nobody has to know the methods of a type without a name.
				methods(t, "", true)
			}
		}
		return true
	})
	for _, declared := range parsed.Decls {
		switch d := declared.(type) {
		case *ast.FuncDecl:
			function(d, importPath)
			ast.Inspect(d, func(n ast.Node) bool {
				if spec, ok := n.(*ast.TypeSpec); ok {
					typeSpec(spec, importPath+"."+d.Name.Name, true)
				}
				return true
			})
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if spec, ok := spec.(*ast.TypeSpec); ok {
					typeSpec(spec, importPath, false)
				}
			}
		}
	}
}

func function(d *ast.FuncDecl, importPath string) {
	kinds, around := []string{"function"}, importPath
	if d.Recv == nil {
		at := place(d.Name.Pos())
		key := path.Dir(at["path"].(string)) + "." + d.Name.Name
		variants[key] = append(variants[key], record{"path": at["path"], "line": at["line"]})
	}
	if d.Recv != nil && len(d.Recv.List) > 0 {
		kinds, around = []string{"method"}, importPath+"."+receiver(d.Recv.List[0].Type)
	}
	symbol(d.Name, "callable", kinds, around+"."+d.Name.Name, d.Name.Name == "_")
}

func receiver(written ast.Expr) string {
	switch t := written.(type) {
	case *ast.StarExpr:
		return receiver(t.X)
	case *ast.ParenExpr:
		return receiver(t.X)
	case *ast.IndexExpr:
		return receiver(t.X)
	case *ast.IndexListExpr:
		return receiver(t.X)
	case *ast.Ident:
		return t.Name
	}
	return "?"
}

func typeSpec(spec *ast.TypeSpec, around string, isLocal bool) {
	name := around + "." + spec.Name.Name
	kinds := []string{"type", "typedef", "class", "enum"}
	switch t := spec.Type.(type) {
	case *ast.StructType:
		kinds = []string{"struct"}
	case *ast.InterfaceType:
		kinds = []string{"interface"}
		methods(t, name, isLocal)
	}
	symbol(spec.Name, "type", kinds, name, isLocal || spec.Name.Name == "_")
}

func methods(t *ast.InterfaceType, around string, optional bool) {
	for _, method := range t.Methods.List {
		for _, ident := range method.Names {
			symbol(ident, "callable", []string{"method"}, around+"."+ident.Name, optional)
		}
	}
}

func symbol(name *ast.Ident, group string, kinds []string, qualified string, optional bool) {
	r := place(name.Pos())
	r["symbol"], r["group"], r["kinds"], r["optional"] = name.Name, group, kinds, optional
	if prefix != "" {
		r["qualified_name"] = qualified
	}
	out.Encode(r)
}

// calls type-checks the package in a folder, then again with its tests, and prints what the calls in each file mean. What
// the checker could not make out has no meaning and is left out.
func calls(folder string, importing types.Importer) {
	found, err := build.ImportDir(filepath.Join(root, folder), 0)
	if err != nil {
		return
	}
	check(folder, found.GoFiles, nil, importing)
	check(folder, found.TestGoFiles, found.GoFiles, importing)
	check(folder, found.XTestGoFiles, nil, importing)
}

func check(folder string, judged, others []string, importing types.Importer) {
	if len(judged) == 0 {
		return
	}
	var files []*ast.File
	for _, name := range append(append([]string{}, judged...), others...) {
		file, err := parser.ParseFile(fset, filepath.Join(root, folder, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return
		}
		files = append(files, file)
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{}}
	checker := types.Config{Importer: importing, FakeImportC: true, Error: func(error) {}}
	checker.Check(path.Join(prefix, folder), fset, files, info)
	for _, file := range files[:len(judged)] {
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && !info.Types[call.Fun].IsType() {
				called(call.Fun, info)
			}
			return true
		})
	}
}

func called(fun ast.Expr, info *types.Info) {
	form := "name"
	for {
		switch f := fun.(type) {
		case *ast.ParenExpr:
			fun = f.X
			continue
		case *ast.IndexExpr:
			fun = f.X
			continue
		case *ast.IndexListExpr:
			fun = f.X
			continue
		case *ast.SelectorExpr:
			form = "attribute"
			if ident, ok := f.X.(*ast.Ident); ok {
				if _, ok := info.Uses[ident].(*types.PkgName); ok {
					form = "package"
				}
			}
			fun = f.Sel
			continue
		}
		break
	}
	ident, ok := fun.(*ast.Ident)
	if !ok || info.Uses[ident] == nil {
		return
	}
	object := info.Uses[ident]
	if object.Pkg() == types.Unsafe {
		return // The compiler's own; its source is there to be read, not used.
	}
	if variable, ok := object.(*types.Var); ok && !variable.IsField() && variable.Parent() != variable.Pkg().Scope() {
		return // A local or a parameter.
	}
	if function, ok := object.(*types.Func); ok {
		object = function.Origin() // The generic function that an instance was made of.
	}
	r := place(ident.Pos())
	r["call"], r["form"], r["targets"] = ident.Name, form, []record{}
	if object.Pos().IsValid() {
		if target := place(object.Pos()); target["path"] != "" {
			r["targets"] = []record{{"path": target["path"], "line": target["line"]}}
			if name := path.Dir(target["path"].(string)) + "." + ident.Name; sortOf(object) == "function" && len(variants[name]) > 1 {
				r["targets"] = variants[name]
			}
			r["sort"] = sortOf(object)
		}
	}
	out.Encode(r)
}

func sortOf(object types.Object) string {
	switch o := object.(type) {
	case *types.Func:
		if o.Type().(*types.Signature).Recv() == nil {
			return "function"
		}
		if types.IsInterface(o.Type().(*types.Signature).Recv().Type()) {
			return "interface method"
		}
		return "method"
	}
	return "variable"
}

func place(pos token.Pos) record {
	at := fset.PositionFor(pos, false)
	relative, err := filepath.Rel(root, at.Filename)
	if err != nil || strings.HasPrefix(relative, "..") {
		relative = ""
	}
	return record{"path": filepath.ToSlash(relative), "line": at.Line, "column": at.Column - 1}
}
