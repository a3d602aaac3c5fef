<?php
namespace App\Base\Deep;

class Inner { static function deep() {} }
//    ^ definition.class App\Base\Deep\Inner
//                            ^ definition.method App\Base\Deep\Inner::deep static
