// Truth for Kotlin from its compiler's own parser.
//
//   java -cp <the compiler's jars> Kotlin.java ROOT < paths
//
// Prints JSON lines as truth.py reads them: functions, constructors, classes, interfaces, objects and type aliases. Columns are
// UTF-8 bytes.

import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import org.jetbrains.kotlin.cli.FrontendConfigurationKeysKt;
import org.jetbrains.kotlin.cli.jvm.compiler.*;
import org.jetbrains.kotlin.compiler.plugin.CompilerPluginRegistrar;
import com.intellij.openapi.util.Disposer;
import com.intellij.psi.PsiElement;
import com.intellij.psi.PsiErrorElement;
import com.intellij.psi.util.PsiTreeUtil;
import org.jetbrains.kotlin.config.CompilerConfiguration;
import org.jetbrains.kotlin.psi.*;

public class Kotlin {
    static String path;
    static String text;

    public static void main(String[] arguments) throws IOException {
        var settings = new CompilerConfiguration();
        FrontendConfigurationKeysKt.setExtensionsStorage(settings, new CompilerPluginRegistrar.ExtensionStorage());
        var environment = KotlinCoreEnvironment.createForProduction(
            Disposer.newDisposable(), settings, EnvironmentConfigFiles.JVM_CONFIG_FILES);
        var parser = new KtPsiFactory(environment.getProject(), false);
        for (String line : new BufferedReader(new InputStreamReader(System.in)).lines().toList()) {
            path = line;
            text = Files.readString(Paths.get(arguments[0], path)).replace("\r\n", "\n");
            KtFile file = parser.createFile(text);
            int errors = PsiTreeUtil.collectElementsOfType(file, PsiErrorElement.class).size();
            System.out.println("{\"file\": " + quoted(path) + ", \"errors\": " + errors + "}");
            for (var found : PsiTreeUtil.collectElementsOfType(file, KtNamedDeclaration.class)) print(found);
            for (var found : PsiTreeUtil.collectElementsOfType(file, KtSecondaryConstructor.class)) constructor(found);
        }
    }

    static void print(KtNamedDeclaration found) {
        PsiElement name = found.getNameIdentifier();
        if (name == null || found instanceof KtConstructor) return;
        boolean optional = PsiTreeUtil.getParentOfType(found, KtBlockExpression.class, KtObjectLiteralExpression.class) != null;
        String qualified = found.getFqName() == null || optional ? null : found.getFqName().asString();
        // What stands in a companion without a name is called by its class's.
        var around = PsiTreeUtil.getParentOfType(found, KtObjectDeclaration.class);
        boolean unnamed = around != null && around.isCompanion() && around.getNameIdentifier() == null;
        if (qualified != null && unnamed) qualified = qualified.replace(".Companion.", ".");
        if (found instanceof KtNamedFunction) {
            String kinds = found.getParent() instanceof KtClassBody ? "[\"method\"]" : "[\"function\", \"method\"]";
            symbol(name, found.getName(), "callable", kinds, qualified, optional);
        } else if (found instanceof KtEnumEntry) {
            return;
        } else if (found instanceof KtClass type) {
            String kinds = type.isInterface() ? "[\"interface\"]" : type.isEnum() ? "[\"enum\"]" : "[\"class\", \"record\"]";
            symbol(name, found.getName(), "type", kinds, qualified, optional);
        } else if (found instanceof KtObjectDeclaration) {
            symbol(name, found.getName(), "type", "[\"object\", \"class\"]", qualified, optional);
        } else if (found instanceof KtTypeAlias) {
            symbol(name, found.getName(), "type", "[\"type\", \"typedef\"]", qualified, optional);
        }
    }

    /** A secondary constructor has no name but its keyword; what it is called there is left open. */
    static void constructor(KtSecondaryConstructor found) {
        PsiElement keyword = found.getConstructorKeyword();
        symbol(keyword, "constructor", "callable", "[\"constructor\", \"method\"]", null, true);
    }

    static void symbol(PsiElement at, String name, String group, String kinds, String qualified, boolean optional) {
        int offset = at.getTextRange().getStartOffset();
        // A name in backticks begins behind them.
        if (text.charAt(offset) == '`') offset++;
        int start = text.lastIndexOf('\n', offset - 1) + 1;
        long line = text.substring(0, offset).chars().filter(c -> c == '\n').count() + 1;
        int column = text.substring(start, offset).getBytes(StandardCharsets.UTF_8).length;
        System.out.println("{\"symbol\": " + quoted(name) + ", \"path\": " + quoted(path) + ", \"line\": " + line + ", \"column\": " + column
            + ", \"group\": \"" + group + "\", \"kinds\": " + kinds + ", \"qualified_name\": " + (qualified == null ? "null" : quoted(qualified))
            + ", \"optional\": " + optional + "}");
    }

    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\t", "\\t") + '"';
    }
}
