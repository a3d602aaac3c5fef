package other

class Side(val length: Int) {
//    ^ definition.class other.Side exported
//             ^ definition.field other.Side.length exported
//                     ^ uses external
  def longer(): Side = this
//    ^ definition.method other.Side.longer exported
//              ^ uses other.Side scope
  def next(): Side = Side(length)
//    ^ definition.method other.Side.next exported
//            ^ uses other.Side scope
//                   ^ calls other.Side scope
//                        ^ references other.Side.length scope
  def beside(n: Int): Side = this
//    ^ definition.method other.Side.beside exported
//              ^ uses external
//                    ^ uses other.Side scope
}
object Side { def apply(a: Int): Side = new Side(a) }
//     ^ definition.object other.Side exported
//                ^ definition.method other.Side.apply exported
//                         ^ uses external
//                               ^ uses other.Side scope
//                                          ^ calls other.Side scope
object Kept { def kept() = 1 }
//     ^ definition.object other.Kept exported
//                ^ definition.method other.Kept.kept exported
object Tools {
//     ^ definition.object other.Tools exported
  def measure(a: Int): Int = a
//    ^ definition.method other.Tools.measure exported
//               ^ uses external
//                     ^ uses external
  def measure(a: Int, b: Int): Int = a
//    ^ definition.method other.Tools.measure exported
//               ^ uses external
//                       ^ uses external
//                             ^ uses external
}
