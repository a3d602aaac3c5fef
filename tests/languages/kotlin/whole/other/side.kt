package other

class Side(val length: Int) {
//    ^ definition.class other.Side exported
//             ^ definition.property other.Side.length exported
//                     ^ uses external
  fun longer(): Side = this
//    ^ definition.method other.Side.longer exported
//              ^ uses other.Side scope
  fun next() = Side(length)
//    ^ definition.method other.Side.next exported
//             ^ calls other.Side scope
//                  ^ references other.Side.length scope
}
fun measure(a: Int): Int = a
//  ^ definition.function other.measure exported
//             ^ uses external
//                   ^ uses external
fun measure(a: Int, b: Int): Int = a
//  ^ definition.function other.measure exported
//             ^ uses external
//                     ^ uses external
//                           ^ uses external
