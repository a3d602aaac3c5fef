package shapes
package inner

import other.Side
//     ^ imports unresolved
//           ^ imports other.Side import
import other.{Tools, Kept => Held, _}
//     ^ imports unresolved
//            ^ imports other.Tools import
//                   ^ imports other.Kept import
import other.Tools._
//           ^ imports other.Tools import
import scala.collection.mutable.*
//                      ^ imports external
import Color.Red
//     ^ imports shapes.inner.Color import
//           ^ imports shapes.inner.Color.Red import

/** What is drawn. */
@marked("x") abstract class Shape[T <: Side, +U, -V](val side: Side, private var length: Int = 1, given: Side)(implicit context: Side) extends Base[T](side) with Named with Drawn {
 // <- decorates unresolved
//                          ^ definition.class shapes.inner.Shape exported abstract doc=What_is_drawn.
//                                     ^ uses other.Side import
//                                                       ^ definition.field shapes.inner.Shape.side exported
//                                                             ^ uses other.Side import
//                                                                               ^ definition.field shapes.inner.Shape.length visibility=private
//                                                                                       ^ uses external
//                                                                                                       ^ uses other.Side import
//                                                                                                                               ^ uses other.Side import
//                                                                                                                                             ^ extends shapes.inner.Base scope
//                                                                                                                                                     ^ references shapes.inner.Shape.side scope
//                                                                                                                                                                ^ implements shapes.inner.Named scope
//                                                                                                                                                                           ^ implements shapes.inner.Drawn scope
  val width: Int = length
//    ^ definition.field shapes.inner.Shape.width exported
//           ^ uses external
//                 ^ references shapes.inner.Shape.length scope
  var next: Side = new Side(1)
//    ^ definition.field shapes.inner.Shape.next exported
//          ^ uses other.Side import
//                     ^ calls other.Side import
  lazy val late = Side(3)
//         ^ definition.field shapes.inner.Shape.late exported
//                ^ calls other.Side import
  val (first, second) = given
//     ^ definition.field shapes.inner.Shape.first exported
//            ^ definition.field shapes.inner.Shape.second exported
  val many, more = 3
//    ^ definition.field shapes.inner.Shape.many exported
//          ^ definition.field shapes.inner.Shape.more exported
  val abstracted: Side
//    ^ definition.field shapes.inner.Shape.abstracted exported
//                ^ uses other.Side import
  var changing: Side
//    ^ definition.field shapes.inner.Shape.changing exported
//              ^ uses other.Side import
  protected[shapes] val shared = 1
//                      ^ definition.field shapes.inner.Shape.shared visibility=internal
  private[this] val hidden = 1
//                  ^ definition.field shapes.inner.Shape.hidden visibility=private
  protected def go[K <: Named](a: Int, f: Side => Side, rest: String*)(implicit k: K): Side = { val made = new Side(a); made.longer() }
//              ^ definition.method shapes.inner.Shape.go visibility=protected
//                      ^ uses shapes.inner.Named scope
//                                ^ uses external
//                                        ^ uses other.Side import
//                                                ^ uses other.Side import
//                                                            ^ uses external
//                                                                                     ^ uses other.Side import
//                                                                                                             ^ calls other.Side import
//                                                                                                                           ^ calls other.Side.longer inferred
  def this(a: Int) = this(a, null, null)
//    ^ definition.constructor shapes.inner.Shape.this exported
//            ^ uses external
  override def name = s"x $length ${side.longer()}"
//             ^ definition.method shapes.inner.Shape.name exported
//                         ^ references shapes.inner.Shape.length scope
//                                  ^ references shapes.inner.Shape.side scope
//                                       ^ calls other.Side.longer type
  def +(o: Side): Side = o.longer
//    ^ definition.method shapes.inner.Shape.+ exported
//         ^ uses other.Side import
//                ^ uses other.Side import
//                         ^ references other.Side.longer type
  def abs[A](a: A): Shape[T, U, V]
//    ^ definition.method shapes.inner.Shape.abs exported abstract
//                  ^ uses shapes.inner.Shape scope
  type Alias[A] = Side
//     ^ definition.type shapes.inner.Shape.Alias exported
//                ^ uses other.Side import
  type Bound <: Named
//     ^ definition.type shapes.inner.Shape.Bound exported
//              ^ uses shapes.inner.Named scope
  def start() = go(1, x => x)
//    ^ definition.method shapes.inner.Shape.start exported
//              ^ calls shapes.inner.Shape.go self
  def start(more: Int): Side = this.side
//    ^ definition.method shapes.inner.Shape.start exported
//                ^ uses external
//                      ^ uses other.Side import
//                                  ^ references shapes.inner.Shape.side self
  def locals() = {
//    ^ definition.method shapes.inner.Shape.locals exported
    for (i <- sides; j = i.longer(); if j.longer() > 1) yield i.longer()
//            ^ references shapes.inner.Shape.sides self
//                         ^ calls unresolved
//                                        ^ calls unresolved
//                                                              ^ calls unresolved
    sides.map(_.longer()).filter { x => x.longer() }.foreach { case (a, b) => a.longer() }
//  ^ references shapes.inner.Shape.sides self
//        ^ calls external
//              ^ calls unresolved
//                        ^ calls external
//                                        ^ calls unresolved
//                                                   ^ calls external
//                                                                              ^ calls unresolved
    side match { case Side(a, b) => a; case f: Side => f.longer(); case x @ Kept(_) if x.kept => x; case head :: tail => head; case other => other; case _ => }
//  ^ references shapes.inner.Shape.side scope
//                    ^ uses other.Side import
//                                             ^ uses other.Side import
//                                                       ^ calls other.Side.longer type
//                                                                          ^ uses other.Kept import
//                                                                                       ^ references unresolved
    try { start() } catch { case e: Failure => e.why() } finally { }
//        ^ calls shapes.inner.Shape.start self
//                                  ^ uses unresolved
//                                               ^ calls unresolved
    val made = new Side(1)
//                 ^ calls other.Side import
    var again: Side = made.next()
//             ^ uses other.Side import
//                         ^ calls other.Side.next inferred
    def local(z: Int) = made
//      ^ definition.function shapes.inner.Shape.locals.local exported
//               ^ uses external
    local(1).longer(); Shape.of().longer(); this.go(1, null).longer(); super.based; start(2).longer(); made beside 1; made.longer
//  ^ calls shapes.inner.Shape.locals.local scope
//           ^ calls other.Side.longer inferred
//                     ^ references shapes.inner.Shape scope
//                           ^ calls shapes.inner.Shape.of module
//                                ^ calls other.Side.longer type
//                                               ^ calls shapes.inner.Shape.go self
//                                                           ^ calls other.Side.longer type
//                                                                           ^ references shapes.inner.Base.based inheritance
//                                                                                  ^ calls shapes.inner.Shape.start self
//                                                                                           ^ calls other.Side.longer type
//                                                                                                          ^ calls other.Side.beside inferred
//                                                                                                                         ^ references other.Side.longer inferred
    (made: Side).longer(); (if (length > 1) made else again).longer(); late.longer(); sides(0).longer()
//         ^ uses other.Side import
//               ^ calls other.Side.longer type
//                              ^ references shapes.inner.Shape.length scope
//                                                           ^ calls other.Side.longer inferred
//                                                                     ^ references shapes.inner.Shape.late scope
//                                                                          ^ calls other.Side.longer inferred
//                                                                                    ^ calls shapes.inner.Shape.sides self
//                                                                                             ^ calls external
    val fn = (x: Side) => x.longer()
//               ^ uses other.Side import
//                          ^ calls other.Side.longer type
    new Box[Side](made).content; convert[Side](made); new other.Box[Int](1); made.grown(1).longer()
//      ^ calls shapes.inner.Box scope
//          ^ uses other.Side import
//                      ^ references unresolved
//                               ^ calls shapes.inner.Shape.convert self
//                                       ^ uses other.Side import
//                                                        ^ references unresolved
//                                                              ^ calls unresolved
//                                                                  ^ uses external
//                                                                                ^ calls shapes.inner.grown inferred
//                                                                                         ^ calls other.Side.longer type
    val typed: other.Side = { made }
//             ^ references unresolved
//                   ^ uses other.Side import
    typed.longer(); measure(2); Tools.measure(1); measure(1, 2); Held.kept(); Red.paint(); Color.Green.code; "a".trim; f"b".trim
//        ^ calls other.Side.longer type
//                  ^ calls other.Tools.measure import
//                              ^ references other.Tools import
//                                    ^ calls other.Tools.measure module
//                                                ^ calls other.Tools.measure import
//                                                               ^ references other.Kept import
//                                                                    ^ calls other.Kept.kept module
//                                                                            ^ references shapes.inner.Color.Red import
//                                                                                ^ calls shapes.inner.Color.paint module
//                                                                                         ^ references shapes.inner.Color scope
//                                                                                               ^ references shapes.inner.Color.Green module
//                                                                                                     ^ references shapes.inner.Color.code module
//                                                                                                               ^ references external
//                                                                                                                          ^ references external
    convert[Side](made) { made.longer() }
//  ^ calls shapes.inner.Shape.convert self
//          ^ uses other.Side import
//                             ^ calls other.Side.longer inferred
  }
  def sides: List[Side]
//    ^ definition.method shapes.inner.Shape.sides exported abstract
//           ^ uses external
//                ^ uses other.Side import
  def around: Side = sides
//    ^ definition.method shapes.inner.Shape.around exported
//            ^ uses other.Side import
//                   ^ references shapes.inner.Shape.sides self
  val deep: shapes.inner.Named = around.longer().longer
//    ^ definition.field shapes.inner.Shape.deep exported
//          ^ references unresolved
//                 ^ references unresolved
//                       ^ uses shapes.inner.Named import
//                               ^ references shapes.inner.Shape.around self
//                                      ^ calls other.Side.longer type
//                                               ^ references other.Side.longer type
  def convert[A](a: A): A = a
//    ^ definition.method shapes.inner.Shape.convert exported
  def `in-backticks`(): Unit = ()
//     ^ definition.method shapes.inner.Shape.in-backticks exported
//                      ^ uses external
}
object Shape extends Base[Int](null) { def of(): Side = Side(1); val Most = 1; case class Inner(x: Int) }
//     ^ definition.object shapes.inner.Shape exported
//                   ^ extends shapes.inner.Base scope
//                        ^ uses external
//                                         ^ definition.method shapes.inner.Shape.of exported
//                                               ^ uses other.Side import
//                                                      ^ calls other.Side import
//                                                                   ^ definition.field shapes.inner.Shape.Most exported
//                                                                                        ^ definition.class shapes.inner.Shape.Inner exported
//                                                                                              ^ definition.field shapes.inner.Shape.Inner.x exported
//                                                                                                 ^ uses external
trait Named extends Drawn { self: Other => def name: String }
//    ^ definition.trait shapes.inner.Named exported
//                  ^ extends shapes.inner.Drawn scope
//                                ^ uses unresolved
//                                             ^ definition.method shapes.inner.Named.name exported abstract
//                                                   ^ uses external
trait Drawn
//    ^ definition.trait shapes.inner.Drawn exported
abstract class Base[T](val base: T) { def based: String = "" }
//             ^ definition.class shapes.inner.Base exported abstract
//                         ^ definition.field shapes.inner.Base.base exported
//                                        ^ definition.method shapes.inner.Base.based exported
//                                               ^ uses external
trait Pair[A, +B, -C]
//    ^ definition.trait shapes.inner.Pair exported
case class Point(x: Int, y: Side) extends Drawn { def twice = y.longer() }
//         ^ definition.class shapes.inner.Point exported
//               ^ definition.field shapes.inner.Point.x exported
//                  ^ uses external
//                       ^ definition.field shapes.inner.Point.y exported
//                          ^ uses other.Side import
//                                        ^ extends shapes.inner.Drawn scope
//                                                    ^ definition.method shapes.inner.Point.twice exported
//                                                            ^ references shapes.inner.Point.y scope
//                                                              ^ calls other.Side.longer type
case object Alone
//          ^ definition.object shapes.inner.Alone exported
sealed class Plain
//           ^ definition.class shapes.inner.Plain exported
class Box[A](content: A) { val kept: A = content }
//    ^ definition.class shapes.inner.Box exported
//                             ^ definition.field shapes.inner.Box.kept exported
package object tools { def tool() = 1 }
//             ^ definition.object shapes.inner.tools exported
//                         ^ definition.method shapes.inner.tools.tool exported
package object empty extends Drawn
//             ^ definition.object shapes.inner.empty exported
//                           ^ extends shapes.inner.Drawn scope
package nested { class Deep { val up: Named = null } }
//      ^ definition.namespace shapes.inner.nested exported
//                     ^ definition.class shapes.inner.nested.Deep exported
//                                ^ definition.field shapes.inner.nested.Deep.up exported
//                                    ^ uses shapes.inner.Named scope
enum Color[A](val code: Int) extends Drawn { case Red extends Color(1); case Green, Blue; case Mixed[B](a: Side) extends Color(2)
//   ^ definition.enum shapes.inner.Color exported
//                ^ definition.field shapes.inner.Color.code exported
//                      ^ uses external
//                                   ^ extends shapes.inner.Drawn scope
//                                                ^ definition.enum_member shapes.inner.Color.Red exported
//                                                            ^ extends shapes.inner.Color scope
//                                                                           ^ definition.enum_member shapes.inner.Color.Green exported
//                                                                                  ^ definition.enum_member shapes.inner.Color.Blue exported
//                                                                                             ^ definition.enum_member shapes.inner.Color.Mixed exported
//                                                                                                         ^ uses other.Side import
//                                                                                                                       ^ extends shapes.inner.Color scope
  val shade = 1
//    ^ definition.field shapes.inner.Color.shade exported
  def paint() = code }
//    ^ definition.method shapes.inner.Color.paint exported
//              ^ references shapes.inner.Color.code scope
extension (side: Side) def grown(by: Int): Side = side.longer()
//               ^ uses other.Side import
//                         ^ definition.function shapes.inner.grown exported
//                                   ^ uses external
//                                         ^ uses other.Side import
//                                                     ^ calls other.Side.longer type
extension [A](side: Box[A])
//                  ^ uses shapes.inner.Box scope
  def first: A = side.kept
//    ^ definition.function shapes.inner.first exported
//                    ^ references shapes.inner.Box.kept type
  def second(n: Int): A = side.kept
//    ^ definition.function shapes.inner.second exported
//              ^ uses external
//                             ^ references shapes.inner.Box.kept type
given ordering: Ordering[Side] = null
//    ^ definition.variable shapes.inner.ordering exported
//              ^ uses external
//                       ^ uses other.Side import
given listing[A]: Ordering[A] = null
//    ^ definition.variable shapes.inner.listing exported
//                ^ uses external
def top(x: Int): Side = Side(x)
//  ^ definition.function shapes.inner.top exported
//         ^ uses external
//               ^ uses other.Side import
//                      ^ calls other.Side import
val topmost: Side = top(1)
//  ^ definition.variable shapes.inner.topmost exported
//           ^ uses other.Side import
//                  ^ calls shapes.inner.top scope
var changing = 1
//  ^ definition.variable shapes.inner.changing exported
class Indented(a: Int):
//    ^ definition.class shapes.inner.Indented exported
//                ^ uses external
  def f(): Side =
//    ^ definition.method shapes.inner.Indented.f exported
//         ^ uses other.Side import
    val x: Side = Side(a)
//         ^ uses other.Side import
//                ^ calls other.Side import
    var y = x
    y.longer()
//    ^ calls other.Side.longer type
opaque type Hidden = Int
//          ^ definition.type shapes.inner.Hidden exported
//                   ^ uses external
@main def run() = top(1).longer()
 // <- decorates unresolved
//        ^ definition.function shapes.inner.run exported
//                ^ calls shapes.inner.top scope
//                       ^ calls other.Side.longer type
