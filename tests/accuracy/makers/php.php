<?php
// Truth for PHP from PHP-Parser (https://github.com/nikic/PHP-Parser), on PHP's own tokenizer.
//
//   php php.php PARSER_FOLDER ROOT < paths
//
// Prints JSON lines as truth.py reads them: functions, methods, classes, interfaces, traits and enums. Columns are bytes.

[, $library, $root] = $argv;
require "$library/autoload.php";

use PhpParser\Node;
use PhpParser\Node\Stmt;

final class Definitions extends PhpParser\NodeVisitorAbstract
{
    /** @var string[] what the definitions that are open are called, '' for an anonymous class */
    private array $open = [];
    private string $namespace = '';
    private int $bodies = 0;

    public function __construct(private string $path, private string $source)
    {
    }

    public function enterNode(Node $node)
    {
        if ($node instanceof Stmt\Namespace_) {
            $this->namespace = $node->name ? $node->name->toString() . '\\' : '';
        } elseif ($node instanceof Stmt\ClassLike) {
            $kind = match (true) {
                $node instanceof Stmt\Interface_ => 'interface',
                $node instanceof Stmt\Trait_ => 'trait',
                $node instanceof Stmt\Enum_ => 'enum',
                default => 'class',
            };
            $name = $node->name ? $this->namespace . $node->name->toString() : '';
            if ($node->name) {
                $this->symbol($node->name, 'type', [$kind], $name);
            }
            $this->open[] = $name;
        } elseif ($node instanceof Stmt\ClassMethod) {
            $around = end($this->open);
            $kinds = strtolower($node->name->toString()) === '__construct' ? ['constructor', 'method'] : ['method'];
            $this->symbol($node->name, 'callable', $kinds, $around === '' ? null : "$around::{$node->name}", $around === '');
            $this->bodies++;
        } elseif ($node instanceof Stmt\Function_) {
            $this->symbol($node->name, 'callable', ['function'], $this->namespace . $node->name, $this->bodies > 0);
            $this->bodies++;
        }
        return null;
    }

    public function leaveNode(Node $node)
    {
        if ($node instanceof Stmt\ClassLike) {
            array_pop($this->open);
        } elseif ($node instanceof Stmt\ClassMethod || $node instanceof Stmt\Function_) {
            $this->bodies--;
        }
        return null;
    }

    private function symbol(Node $name, string $group, array $kinds, ?string $qualified, bool $optional = false): void
    {
        $at = $name->getStartFilePos();
        $lineStart = strrpos(substr($this->source, 0, $at), "\n");
        $place = ['line' => substr_count($this->source, "\n", 0, $at) + 1, 'column' => $at - ($lineStart === false ? 0 : $lineStart + 1)];
        show(['symbol' => $name->toString(), 'path' => $this->path] + $place + [
            'group' => $group, 'kinds' => $kinds, 'qualified_name' => $qualified, 'optional' => $optional,
        ]);
    }
}

function show(array $record): void
{
    echo json_encode($record, JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE), "\n";
}

$lexer = new PhpParser\Lexer(['usedAttributes' => ['startLine', 'endLine', 'startFilePos', 'endFilePos']]);
$parser = (new PhpParser\ParserFactory())->create(PhpParser\ParserFactory::PREFER_PHP7, $lexer);
while (($path = fgets(STDIN)) !== false) {
    $path = rtrim($path, "\n");
    $source = file_get_contents("$root/$path");
    try {
        $tree = $parser->parse($source);
    } catch (PhpParser\Error) {
        $tree = null;
    }
    show(['file' => $path, 'errors' => $tree === null ? 1 : 0]);
    if ($tree !== null) {
        $traverser = new PhpParser\NodeTraverser();
        $traverser->addVisitor(new Definitions($path, $source));
        $traverser->traverse($tree);
    }
}
