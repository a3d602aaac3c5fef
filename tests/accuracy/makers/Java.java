// Truth for Java from its compiler's own parser and attribution.
//
//   java --add-exports jdk.compiler/com.sun.tools.javac.tree=ALL-UNNAMED Java.java <root> [module]  < paths, one a line
//
// With a module the tree stands for that module's sources. Prints JSON lines as truth.py reads them: callables and types,
// and called names with where they are defined. Columns are UTF-8 bytes.

import com.sun.source.tree.*;
import com.sun.source.util.*;
import com.sun.tools.javac.tree.JCTree;
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import java.util.stream.Collectors;
import javax.lang.model.element.*;
import javax.lang.model.type.TypeMirror;
import javax.tools.*;

public class Java {
    static Path root;
    static final PrintStream out =
        new PrintStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16), false, StandardCharsets.UTF_8);
    static final Map<JavaFileObject, Source> sources = new HashMap<>();

    public static void main(String[] arguments) throws IOException {
        root = Paths.get(arguments[0]).toAbsolutePath();
        List<String> paths = new BufferedReader(new InputStreamReader(System.in)).lines().collect(Collectors.toList());
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        StandardJavaFileManager files = compiler.getStandardFileManager(problems, null, StandardCharsets.UTF_8);
        List<String> options = new ArrayList<>(List.of("-proc:none", "-implicit:none", "-Xmaxerrs", "1000000", "-nowarn"));
        if (arguments.length > 1) options.addAll(List.of("--patch-module", arguments[1] + "=" + root));
        Iterable<? extends JavaFileObject> units =
            files.getJavaFileObjectsFromPaths(paths.stream().map(root::resolve).collect(Collectors.toList()));
        JavacTask task = (JavacTask) compiler.getTask(null, files, problems, options, null, units);
        Map<JavaFileObject, CompilationUnitTree> parsed = new LinkedHashMap<>();
        for (CompilationUnitTree unit : task.parse()) parsed.put(unit.getSourceFile(), unit);
        Set<JavaFileObject> broken = problems.getDiagnostics().stream()
            .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
            .map(Diagnostic::getSource).collect(Collectors.toSet());
        for (CompilationUnitTree unit : parsed.values()) {
            Source source = new Source(unit, task);
            sources.put(unit.getSourceFile(), source);
            out.println("{\"file\": " + quoted(source.path) + ", \"errors\": " + (broken.contains(unit.getSourceFile()) ? 1 : 0) + "}");
            new Symbols(source).scan(unit, null);
        }
        try {
            task.analyze();
        } catch (RuntimeException | AssertionError stopped) {
            System.err.println("attribution stopped: " + stopped);
        }
        for (Source source : sources.values()) new Calls(source, Trees.instance(task)).scan(source.unit, null);
        out.flush();
    }

    /** One file: its text, and offsets as lines and byte columns. */
    static class Source {
        final CompilationUnitTree unit;
        final String path;
        final String text;
        final SourcePositions positions;
        final List<Integer> starts = new ArrayList<>(List.of(0));

        Source(CompilationUnitTree unit, JavacTask task) throws IOException {
            this.unit = unit;
            path = root.relativize(Paths.get(unit.getSourceFile().toUri())).toString().replace('\\', '/');
            text = unit.getSourceFile().getCharContent(true).toString();
            positions = Trees.instance(task).getSourcePositions();
            for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.add(at + 1);
        }

        int line(int offset) {
            int found = Collections.binarySearch(starts, offset);
            return found >= 0 ? found + 1 : -found - 1;
        }

        String place(int offset) {
            int line = line(offset);
            int column = text.substring(starts.get(line - 1), offset).getBytes(StandardCharsets.UTF_8).length;
            return "\"path\": " + quoted(path) + ", \"line\": " + line + ", \"column\": " + column;
        }

        /** Where a whole word stands at or after an offset; -1 where it does not. */
        int word(String word, int from) {
            for (int at = text.indexOf(word, from); at >= 0; at = text.indexOf(word, at + 1)) {
                boolean begins = at == 0 || !Character.isJavaIdentifierPart(text.charAt(at - 1));
                int end = at + word.length();
                if (begins && (end == text.length() || !Character.isJavaIdentifierPart(text.charAt(end)))) return at;
            }
            return -1;
        }

        /** The offset of a class's name: the first whole word of that name after its modifiers and keyword. */
        int nameOf(ClassTree tree) {
            int from = (int) positions.getEndPosition(unit, tree.getModifiers());
            if (from < 0) from = (int) positions.getStartPosition(unit, tree);
            return word(tree.getSimpleName().toString(), from);
        }
    }

    /** Prints callables and types. Those in bodies of methods are optional. */
    static class Symbols extends TreeScanner<Void, Void> {
        final Source source;
        final Deque<String> names = new ArrayDeque<>();
        int depthOfBodies = 0;

        Symbols(Source source) {
            this.source = source;
            String named = source.unit.getPackageName() == null ? "" : source.unit.getPackageName().toString();
            names.push(named);
        }

        @Override public Void visitClass(ClassTree tree, Void nothing) {
            boolean anonymous = tree.getSimpleName().length() == 0;
            if (anonymous) {
                depthOfBodies++;
                super.visitClass(tree, nothing);
                depthOfBodies--;
                return null;
            }
            String kinds = switch (tree.getKind()) {
                case INTERFACE -> "[\"interface\"]";
                case ENUM -> "[\"enum\"]";
                case RECORD -> "[\"record\"]";
                case ANNOTATION_TYPE -> "[\"interface\", \"class\", \"type\"]";
                default -> "[\"class\"]";
            };
            names.push(joined(tree.getSimpleName().toString()));
            print(tree.getSimpleName().toString(), source.nameOf(tree), "type", kinds);
            super.visitClass(tree, nothing);
            names.pop();
            return null;
        }

        @Override public Void visitMethod(MethodTree tree, Void nothing) {
            String name = tree.getName().toString();
            boolean constructor = name.equals("<init>");
            if (constructor) name = names.peek().substring(names.peek().lastIndexOf('.') + 1);
            int at = ((JCTree) tree).pos;
            if (source.text.startsWith(name, at)) {
                names.push(joined(name));
                print(name, at, "callable", constructor ? "[\"constructor\", \"method\"]" : "[\"method\"]");
                names.pop();
            }
            depthOfBodies++;
            super.visitMethod(tree, nothing);
            depthOfBodies--;
            return null;
        }

        String joined(String name) {
            return names.peek().isEmpty() ? name : names.peek() + "." + name;
        }

        void print(String name, int at, String group, String kinds) {
            if (at < 0) return;
            String qualified = depthOfBodies > 0 ? "null" : quoted(names.peek());
            out.println("{\"symbol\": " + quoted(name) + ", " + source.place(at) + ", \"group\": \"" + group + "\", \"kinds\": " + kinds
                + ", \"qualified_name\": " + qualified + ", \"optional\": " + (depthOfBodies > 0) + "}");
        }
    }

    /** Prints called names and what attribution says that they mean; a new object means its class. */
    static class Calls extends TreePathScanner<Void, Void> {
        final Source source;
        final Trees trees;

        Calls(Source source, Trees trees) {
            this.source = source;
            this.trees = trees;
        }

        @Override public Void visitMethodInvocation(MethodInvocationTree tree, Void nothing) {
            ExpressionTree select = tree.getMethodSelect();
            Element element = trees.getElement(new TreePath(getCurrentPath(), select));
            String form = "name";
            String name = null;
            if (select instanceof IdentifierTree identifier) {
                name = identifier.getName().toString();
            } else if (select instanceof MemberSelectTree member) {
                name = member.getIdentifier().toString();
                String receiver = member.getExpression().toString();
                form = receiver.equals("this") || receiver.equals("super") ? receiver : "attribute";
            }
            if (name != null && !name.equals("this") && !name.equals("super")) print(select, name, form, element);
            return super.visitMethodInvocation(tree, nothing);
        }

        @Override public Void visitNewClass(NewClassTree tree, Void nothing) {
            Tree named = tree.getIdentifier();
            while (true) {
                if (named instanceof ParameterizedTypeTree generic) named = generic.getType();
                else if (named instanceof AnnotatedTypeTree annotated) named = annotated.getUnderlyingType();
                else break;
            }
            Element element = trees.getElement(new TreePath(getCurrentPath(), named));
            String text = named.toString();
            print(named, text.substring(text.lastIndexOf('.') + 1), "new", element);
            return super.visitNewClass(tree, nothing);
        }

        void print(Tree written, String name, String form, Element element) {
            int end = (int) source.positions.getEndPosition(source.unit, written);
            int at = end - name.length();
            if (element == null || at < 0 || !source.text.startsWith(name, at)) return;
            TypeMirror type = element.asType();
            if (type != null && type.getKind() == javax.lang.model.type.TypeKind.ERROR) return;
            String targets = target(element);
            if (targets == null) return;
            String sort = element.getKind().toString().toLowerCase(Locale.ROOT);
            out.println("{\"call\": " + quoted(name) + ", " + source.place(at) + ", \"form\": \"" + form + "\", \"sort\": \"" + sort
                + "\", \"targets\": " + targets + "}");
        }

        /** Where an element is written; nothing outside the tree, null where it is written nowhere. */
        String target(Element element) {
            TreePath path = trees.getPath(element);
            if (path == null) return "[]";
            Source where = sources.get(path.getCompilationUnit().getSourceFile());
            if (where == null) return null;
            int at = path.getLeaf() instanceof ClassTree type ? where.nameOf(type) : ((JCTree) path.getLeaf()).pos;
            // What the compiler adds (values() of an enum, accessors of a record) stands at what it is added to.
            if (at < 0 || !where.text.startsWith(element.getSimpleName().toString(), at)) return null;
            return "[{\"path\": " + quoted(where.path) + ", \"line\": " + where.line(at) + "}]";
        }
    }

    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') quoted.append('\\').append(c);
            else if (c < ' ') quoted.append(String.format("\\u%04x", (int) c));
            else quoted.append(c);
        }
        return quoted.append('"').toString();
    }
}
