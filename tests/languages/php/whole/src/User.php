<?php
namespace App\Models;

use App\Base\Thing;
//      ^ imports unresolved
//           ^ definition.import App\Models\Thing
//           ^ imports App\Base\Thing import

use App\Base\{Other, Third as T3, Deep\Inner};
//      ^ imports unresolved
//            ^ definition.import App\Models\Other
//            ^ imports App\Base\Other import
//                   ^ imports App\Base\Third import
//                            ^ definition.import App\Models\T3
//                                ^ imports unresolved
//                                     ^ definition.import App\Models\Inner
//                                     ^ imports App\Base\Deep\Inner import

use App\Base\Fourth as T4;
//      ^ imports unresolved
//           ^ imports App\Base\Fourth import
//                     ^ definition.import App\Models\T4

use Countable;
//  ^ definition.import App\Models\Countable
//  ^ imports external

use Iterator as It;
//  ^ imports external
//              ^ definition.import App\Models\It

use function App\Base\helper;
//               ^ imports unresolved
//                    ^ definition.import App\Models\helper
//                    ^ imports App\Base\helper import

require_once __DIR__ . '/../lib/plain.php';
//           ^ references unresolved
//                      ^ imports lib/plain import

include 'gone.php';
//       ^ imports external

const LIMIT = 3;
//    ^ definition.constant App\Models\LIMIT

define('DEFINED', 2);
// <- calls external
//      ^ definition.constant App\Models\DEFINED

/** Who buys. */
#[Marked(1)]
  // <- decorates unresolved

abstract class User extends Thing implements Countable, \IteratorAggregate
//             ^ definition.class App\Models\User abstract doc=Who_buys.
//                          ^ extends App\Base\Thing import
//                                           ^ implements external
//                                                       ^ implements external

{
    use Greets;
//      ^ implements App\Models\Greets scope

    public const A = 1;
//               ^ definition.constant App\Models\User::A

    private ?Thing $thing = null;
//           ^ uses App\Base\Thing import
//                 ^ definition.field App\Models\User::$thing visibility=private

    public static $count = 0;
//                ^ definition.field App\Models\User::$count static

    public function __construct(private readonly Thing $dep, protected $n = 0)
//                  ^ definition.constructor App\Models\User::__construct
//                                               ^ uses App\Base\Thing import
//                                                     ^ definition.field App\Models\User::$dep visibility=private
//                                                                     ^ definition.field App\Models\User::$n visibility=protected

    {
        $this->made = new Other();
//             ^ definition.field App\Models\User::made
//                        ^ calls App\Base\Other import

        $this->made->other();
//             ^ references App\Models\User::made self
//                   ^ calls unresolved

        $this->dep->run();
//             ^ references App\Models\User::$dep self
//                  ^ calls App\Base\Thing::run type

        $this?->thing?->run();
//              ^ references App\Models\User::$thing self
//                      ^ calls App\Base\Thing::run type

        parent::__construct($n);
//              ^ calls App\Base\Thing::__construct inheritance

        self::make(1);
//            ^ calls App\Models\User::make self

        static::$count++;
//              ^ references App\Models\User::$count self

        User::A;
//      ^ uses App\Models\User scope
//            ^ references App\Models\User::A module

        User::class;
//      ^ uses App\Models\User scope

        T3::$third;
//      ^ uses App\Base\Third import
//          ^ references App\Base\Third::$third module

        helper(LIMIT);
//      ^ calls App\Base\helper import
//             ^ references App\Models\LIMIT scope

        strlen("x");
//      ^ calls external

        \App\Base\helper(1);
//                ^ calls App\Base\helper import

        Inner::deep();
//      ^ uses App\Base\Deep\Inner import
//             ^ calls App\Base\Deep\Inner::deep module

        Base\Late::late();
//           ^ references App\Models\Base\Late import
//                 ^ calls App\Models\Base\Late::late module

        echo self::A;
//                 ^ references App\Models\User::A self

    }

    public static function make(int|string $q, self $s = null, ?T3 $u = null, ...$rest): static
//                         ^ definition.method App\Models\User::make static
//                                                              ^ uses App\Base\Third import

    {
        $all = [];
        $text = "x";
        $either = $q ? $u : $s;
        $other = $u ?? $s;
        $copy = clone $s;
        $copy->hello();
//             ^ calls App\Models\Greets::hello type

        ($s)->hello();
//            ^ calls App\Models\Greets::hello type

        $all[0]->x();
//               ^ calls external

        [$a, $b] = $all;
        foreach ($all as $one) { $one; }
        foreach ($all as $key => $value) { $value; }
        try { $a; } catch (Problem | \Exception $e) { $e->what(); }
//                         ^ uses App\Models\Problem scope
//                                    ^ uses external
//                                                        ^ calls App\Models\Problem::what type

        static $kept;
        $f = fn(Thing $t) => $t->run();
//              ^ uses App\Base\Thing import
//                               ^ calls App\Base\Thing::run type

        $g = function ($t) { return $t; };
        $undefined;
        $q instanceof User;
//                    ^ uses App\Models\User scope

        $kept = $text = "y";
        return new static($all);
    }

    abstract protected function hidden(): void;
//                              ^ definition.method App\Models\User::hidden visibility=protected abstract

    public function count(): int
//                  ^ definition.method App\Models\User::count

    {
        return $this->hello()->run();
//                    ^ calls App\Models\Greets::hello inheritance
//                             ^ calls App\Base\Thing::run type

    }
}

interface Named extends Countable
//        ^ definition.interface App\Models\Named
//                      ^ extends external

{
    public function name(): \App\Base\Thing;
//                  ^ definition.method App\Models\Named::name abstract
//                                    ^ uses App\Base\Thing import

}

trait Greets
//    ^ definition.trait App\Models\Greets

{
    use Shouts;
//      ^ implements App\Models\Shouts scope

    public $greeting;
//         ^ definition.field App\Models\Greets::$greeting

    public function hello(): Thing
//                  ^ definition.method App\Models\Greets::hello
//                           ^ uses App\Base\Thing import

    {
        return $this->shout();
//                    ^ calls App\Models\Shouts::shout inheritance

    }
}

trait Shouts
//    ^ definition.trait App\Models\Shouts

{
    public function shout() { return new Thing; }
//                  ^ definition.method App\Models\Shouts::shout
//                                       ^ calls App\Base\Thing import

}

enum Suit: string implements Named
//   ^ definition.enum App\Models\Suit
//                           ^ implements App\Models\Named scope

{
    use Greets;
//      ^ implements App\Models\Greets scope

    case Hearts = 'H';
//       ^ definition.enum_member App\Models\Suit::Hearts

    public function name(): Thing
//                  ^ definition.method App\Models\Suit::name
//                          ^ uses App\Base\Thing import

    {
        return self::Hearts->hello();
//                   ^ references App\Models\Suit::Hearts self
//                           ^ calls App\Models\Greets::hello inheritance

    }
}

class Problem extends \Exception
//    ^ definition.class App\Models\Problem
//                     ^ extends external

{
    public function what() {}
//                  ^ definition.method App\Models\Problem::what

}

function top(Thing $a): ?Thing
//       ^ definition.function App\Models\top
//           ^ uses App\Base\Thing import
//                       ^ uses App\Base\Thing import

{
    return $a;
}

top(new Thing)->run();
// <- calls App\Models\top scope
//      ^ calls App\Base\Thing import
//              ^ calls App\Base\Thing::run type
