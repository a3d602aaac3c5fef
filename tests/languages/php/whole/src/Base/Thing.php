<?php
namespace App\Base;

use App\Models\User;
//      ^ imports unresolved
//             ^ definition.import App\Base\User
//             ^ imports App\Models\User import

class Thing
//    ^ definition.class App\Base\Thing

{
    public function __construct($n) {}
//                  ^ definition.constructor App\Base\Thing::__construct

    public function run(): User {}
//                  ^ definition.method App\Base\Thing::run
//                         ^ uses App\Models\User import

}

class Other { public function other() {} }
//    ^ definition.class App\Base\Other
//                            ^ definition.method App\Base\Other::other

class Third { public static $third; }
//    ^ definition.class App\Base\Third
//                          ^ definition.field App\Base\Third::$third static

class Fourth {}
//    ^ definition.class App\Base\Fourth

function helper($x) {}
//       ^ definition.function App\Base\helper
