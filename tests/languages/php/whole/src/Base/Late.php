<?php
namespace App\Models\Base {
//        ^ definition.namespace App\Models\Base

    class Late { static function late() {} }
//        ^ definition.class App\Models\Base\Late
//                               ^ definition.method App\Models\Base\Late::late static

}
