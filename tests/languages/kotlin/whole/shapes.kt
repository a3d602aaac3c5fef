@file:JvmName("Shapes")
//    ^ decorates external
package shapes.inner

import other.Side
//     ^ imports unresolved
//           ^ imports other.Side import
import other.*
//     ^ imports unresolved
import other.measure as scale
//     ^ imports unresolved
//           ^ imports other.measure import
import java.util.List
//          ^ imports external
//               ^ imports external

/** Marks what is drawn. */
@Target(CLASS) @Retention annotation class Marked(val level: String)
 // <- decorates external
//      ^ references unresolved
//              ^ decorates external
//                                         ^ definition.class shapes.inner.Marked exported doc=Marks_what_is_drawn.
//                                                    ^ definition.property shapes.inner.Marked.level exported
//                                                           ^ uses external

/**
 * What is drawn.
 */
@Marked("x") abstract class Shape<T : Side, out U>(val side: Side, private var length: Int = scale(1), given: Side) : Base<T>(side), Named, Drawn by given where T : Comparable<T> {
 // <- decorates shapes.inner.Marked scope
//                          ^ definition.class shapes.inner.Shape exported abstract doc=What_is_drawn.
//                                    ^ uses other.Side import
//                                                     ^ definition.property shapes.inner.Shape.side exported
//                                                           ^ uses other.Side import
//                                                                             ^ definition.property shapes.inner.Shape.length visibility=private
//                                                                                     ^ uses external
//                                                                                           ^ calls other.measure import
//                                                                                                            ^ uses other.Side import
//                                                                                                                    ^ extends shapes.inner.Base scope
//                                                                                                                            ^ references shapes.inner.Shape.side scope
//                                                                                                                                   ^ implements shapes.inner.Named scope
//                                                                                                                                          ^ implements shapes.inner.Drawn scope
//                                                                                                                                                                   ^ uses external
  const val MAX = 1
//          ^ definition.constant shapes.inner.Shape.MAX exported
  val width: Int get() = length
//    ^ definition.property shapes.inner.Shape.width exported
//           ^ uses external
//                       ^ references shapes.inner.Shape.length scope
  var next: Side? = null
//    ^ definition.property shapes.inner.Shape.next exported
//          ^ uses other.Side import
    set(value) { field = value }
    get() { return field.longer() }
//                       ^ calls unresolved
  val late by lazy { Side(1) }
//    ^ definition.property shapes.inner.Shape.late exported
//            ^ calls external
//                   ^ calls other.Side import
  private val (first, second) = given
//             ^ definition.property shapes.inner.Shape.first visibility=private
//                    ^ definition.property shapes.inner.Shape.second visibility=private
  init { start() }
//       ^ calls shapes.inner.Shape.start self
  protected constructor(a: Int) : this(Side(1), a, Side(2)) { start() }
//          ^ definition.constructor shapes.inner.Shape.constructor visibility=protected
//                         ^ uses external
//                                     ^ calls other.Side import
//                                                 ^ calls other.Side import
//                                                            ^ calls shapes.inner.Shape.start self
  companion object { fun of(): Side = Side(1); const val MOST = 1 }
//                       ^ definition.method shapes.inner.Shape.of exported
//                             ^ uses other.Side import
//                                    ^ calls other.Side import
//                                                       ^ definition.constant shapes.inner.Shape.MOST exported
  object Single : Base<Side>(null), Named { fun single() {} }
//       ^ definition.object shapes.inner.Shape.Single exported
//                ^ extends shapes.inner.Base scope
//                     ^ uses other.Side import
//                                  ^ implements shapes.inner.Named scope
//                                              ^ definition.method shapes.inner.Shape.Single.single exported
  inner class Inner { fun outer() = this@Shape.side.longer() }
//            ^ definition.class shapes.inner.Shape.Inner exported
//                        ^ definition.method shapes.inner.Shape.Inner.outer exported
//                                       ^ uses shapes.inner.Shape scope
//                                             ^ references shapes.inner.Shape.side type
//                                                  ^ calls other.Side.longer type
  fun go(a: Int, vararg rest: String, f: (Side) -> Side = { it }): Side { return Side(a) }
//    ^ definition.method shapes.inner.Shape.go exported
//          ^ uses external
//                            ^ uses external
//                                        ^ uses other.Side import
//                                                 ^ uses other.Side import
//                                                                 ^ uses other.Side import
//                                                                               ^ calls other.Side import
  suspend fun <K : Named> generic(k: K): K? = k
//                 ^ uses shapes.inner.Named scope
//                        ^ definition.method shapes.inner.Shape.generic exported async
  override fun name() = "x $length ${side.longer()}"
//             ^ definition.method shapes.inner.Shape.name exported
//                          ^ references shapes.inner.Shape.length scope
//                                   ^ references shapes.inner.Shape.side scope
//                                        ^ calls other.Side.longer type
  infix fun Side.beside(n: Int): Int = this.length + n
//          ^ uses other.Side import
//               ^ definition.method shapes.inner.Shape.beside exported
//                         ^ uses external
//                               ^ uses external
//                                          ^ references other.Side.length type
  val Side.twice: Int get() = length
//    ^ uses other.Side import
//         ^ definition.property shapes.inner.Shape.twice exported
//                ^ uses external
//                            ^ references shapes.inner.Shape.length scope
  abstract fun abs(): Shape<*, *>
//             ^ definition.method shapes.inner.Shape.abs exported abstract
//                    ^ uses shapes.inner.Shape scope
  fun start() { Single.single() }
//    ^ definition.method shapes.inner.Shape.start exported
//              ^ references shapes.inner.Shape.Single scope
//                     ^ calls shapes.inner.Shape.Single.single module
  fun start(more: Int) = of().longer()
//    ^ definition.method shapes.inner.Shape.start exported
//                ^ uses external
//                       ^ calls shapes.inner.Shape.of self
//                            ^ calls other.Side.longer type
  fun locals() {
//    ^ definition.method shapes.inner.Shape.locals exported
    val made = Side(1)
//             ^ calls other.Side import
    made.longer()
//       ^ calls other.Side.longer inferred
    var again: Side = made.next()
//             ^ uses other.Side import
//                         ^ calls other.Side.next inferred
    again.longer()
//        ^ calls other.Side.longer type
    for (one in sides()) one.longer()
//              ^ calls shapes.inner.Shape.sides self
//                           ^ calls other.Side.longer type
    for (two: Side in sides()) two.longer()
//            ^ uses other.Side import
//                    ^ calls shapes.inner.Shape.sides self
//                                 ^ calls other.Side.longer type
    for ((k, v) in sides()) k.longer()
//                 ^ calls shapes.inner.Shape.sides self
//                            ^ calls unresolved
    val f = { a: Side, b -> a.longer() }
//               ^ uses other.Side import
//                            ^ calls other.Side.longer type
    val g = { (c, d) -> c }
    sides().map { it.longer() }.filter { x -> x.ok }
//  ^ calls shapes.inner.Shape.sides self
//          ^ calls external
//                   ^ calls unresolved
//                              ^ calls external
//                                              ^ references unresolved
    when (val s = made) { is Side -> s.longer(); in 1..2 -> {} }
//                           ^ uses other.Side import
//                                     ^ calls other.Side.longer inferred
    try { start() } catch (e: Failure) { e.why() }
//        ^ calls shapes.inner.Shape.start self
//                            ^ uses unresolved
//                                         ^ calls unresolved
    made?.longer()?.longer(); made!!.longer(); (other as Side).longer(); next.longer(); late.longer()
//        ^ calls other.Side.longer inferred
//                  ^ calls other.Side.longer type
//                                   ^ calls other.Side.longer inferred
//                                              ^ references unresolved
//                                                       ^ uses other.Side import
//                                                             ^ calls other.Side.longer type
//                                                                       ^ references shapes.inner.Shape.next scope
//                                                                            ^ calls other.Side.longer type
//                                                                                      ^ references shapes.inner.Shape.late scope
//                                                                                           ^ calls other.Side.longer inferred
    val o = object : Base<Side>(made), Named { override fun name() = based() }
//                   ^ extends shapes.inner.Base scope
//                        ^ uses other.Side import
//                                     ^ implements shapes.inner.Named scope
//                                                          ^ definition.method shapes.inner.Shape.locals.name exported
//                                                                   ^ calls shapes.inner.Base.based type
    fun local(z: Int) = made
//      ^ definition.function shapes.inner.Shape.locals.local exported
//               ^ uses external
    local(1).longer(); Shape.of().longer(); Side::longer; ::local; ::start
//  ^ calls shapes.inner.Shape.locals.local scope
//           ^ calls other.Side.longer inferred
//                     ^ references shapes.inner.Shape scope
//                           ^ calls shapes.inner.Shape.of module
//                                ^ calls other.Side.longer type
//                                          ^ uses other.Side import
//                                                ^ references other.Side.longer module
//                                                          ^ references shapes.inner.Shape.locals.local scope
//                                                                   ^ references unresolved
    super.based(); this.go(1) { it }; go(1, f = { it }).longer(); start(MAX); start(2).longer()
//        ^ calls shapes.inner.Base.based inheritance
//                      ^ calls shapes.inner.Shape.go self
//                                    ^ calls shapes.inner.Shape.go self
//                                                      ^ calls other.Side.longer type
//                                                                ^ calls shapes.inner.Shape.start self
//                                                                      ^ references shapes.inner.Shape.MAX scope
//                                                                            ^ calls shapes.inner.Shape.start self
//                                                                                     ^ calls other.Side.longer inferred
    sides()[0].longer(); listed[0].longer()
//  ^ calls shapes.inner.Shape.sides self
//             ^ calls other.Side.longer type
//                       ^ references shapes.inner.Shape.listed scope
//                                 ^ calls other.Side.longer type
    val (d1, d2) = made
    start(); (made ?: again).longer(); (if (MAX > 1) made else again).longer()
//  ^ calls shapes.inner.Shape.start self
//                           ^ calls other.Side.longer inferred
//                                          ^ references shapes.inner.Shape.MAX scope
//                                                                    ^ calls other.Side.longer inferred
    made.grown(1).longer(); made.shown(); made.missing(); made beside 1; made.beside(2)
//       ^ calls shapes.inner.grown inferred
//                ^ calls other.Side.longer type
//                               ^ calls shapes.inner.shown inferred
//                                             ^ calls unresolved
//                                                             ^ calls unresolved
//                                                                            ^ calls unresolved
    val fn: (Side) -> Unit = fun(x: Side) { x.longer() }
//           ^ uses other.Side import
//                    ^ uses external
//                                  ^ uses other.Side import
//                                            ^ calls other.Side.longer type
    Shape.MOST; Color.RED.paint(); Color.RED.code; measure(2); measure(1, 2)
//  ^ references shapes.inner.Shape scope
//        ^ references shapes.inner.Shape.MOST module
//              ^ references shapes.inner.Color scope
//                    ^ references shapes.inner.Color.RED module
//                        ^ calls shapes.inner.Color.paint module
//                                 ^ references shapes.inner.Color scope
//                                       ^ references shapes.inner.Color.RED module
//                                           ^ references shapes.inner.Color.code module
//                                                 ^ calls other.measure import
//                                                             ^ calls other.measure import
    "text $made".length
//               ^ references external
    val typed: Entry.Key = unknown
//             ^ uses unresolved
//                   ^ uses unresolved
//                         ^ references unresolved
  }
  fun odd(): (Side) = Side(3)
//    ^ definition.method shapes.inner.Shape.odd exported
//            ^ uses other.Side import
//                    ^ calls other.Side import
  fun sides(): List<Side> = TODO()
//    ^ definition.method shapes.inner.Shape.sides exported
//             ^ uses external
//                  ^ uses other.Side import
//                          ^ calls external
  val listed: List<Side>
//    ^ definition.property shapes.inner.Shape.listed exported
//            ^ uses external
//                 ^ uses other.Side import
  fun `in-backticks`() {}
//     ^ definition.method shapes.inner.Shape.in-backticks exported
}
interface Named : Drawn { fun name(): String; val title: Int }
//        ^ definition.interface shapes.inner.Named exported
//                ^ extends shapes.inner.Drawn scope
//                            ^ definition.method shapes.inner.Named.name exported
//                                    ^ uses external
//                                                ^ definition.property shapes.inner.Named.title exported
//                                                       ^ uses external
interface Drawn
//        ^ definition.interface shapes.inner.Drawn exported
fun interface Maker { fun make(): Side }
//            ^ definition.interface shapes.inner.Maker exported
//                        ^ definition.method shapes.inner.Maker.make exported
//                                ^ uses other.Side import
abstract class Base<T>(val base: T) { fun based(): String = "" }
//             ^ definition.class shapes.inner.Base exported abstract
//                         ^ definition.property shapes.inner.Base.base exported
//                                        ^ definition.method shapes.inner.Base.based exported
//                                                 ^ uses external
enum class Color(val code: Int) : Named { RED(1) { override fun name() = "" }, BLUE(2); fun paint() {}
//         ^ definition.enum shapes.inner.Color exported
//                   ^ definition.property shapes.inner.Color.code exported
//                         ^ uses external
//                                ^ implements shapes.inner.Named scope
//                                        ^ definition.enum_member shapes.inner.Color.RED exported
//                                                              ^ definition.method shapes.inner.Color.RED.name exported
//                                                                             ^ definition.enum_member shapes.inner.Color.BLUE exported
//                                                                                          ^ definition.method shapes.inner.Color.paint exported
  val shade: Int = 1 }
//    ^ definition.property shapes.inner.Color.shade exported
//           ^ uses external
data class Point(val x: Int, val y: Side)
//         ^ definition.class shapes.inner.Point exported
//                   ^ definition.property shapes.inner.Point.x exported
//                      ^ uses external
//                               ^ definition.property shapes.inner.Point.y exported
//                                  ^ uses other.Side import
sealed class Kind { class One : Kind(); object Two : Kind(); data object Three : Kind() }
//           ^ definition.class shapes.inner.Kind exported
//                        ^ definition.class shapes.inner.Kind.One exported
//                              ^ extends shapes.inner.Kind scope
//                                             ^ definition.object shapes.inner.Kind.Two exported
//                                                   ^ extends shapes.inner.Kind scope
//                                                                       ^ definition.object shapes.inner.Kind.Three exported
//                                                                               ^ extends shapes.inner.Kind scope
class Host {
//    ^ definition.class shapes.inner.Host exported
  companion object Named : Base<Int>(1), Drawn { fun made() = Plain() }
//                 ^ definition.object shapes.inner.Host.Named exported
//                         ^ extends shapes.inner.Base scope
//                              ^ uses external
//                                       ^ implements shapes.inner.Drawn scope
//                                                   ^ definition.method shapes.inner.Host.Named.made exported
//                                                            ^ calls shapes.inner.Plain scope
}
internal typealias Sides<T> = Map<String, T>
//                 ^ definition.type shapes.inner.Sides visibility=internal
//                            ^ uses external
//                                ^ uses external
private val topmost: Side = top()
//          ^ definition.property shapes.inner.topmost visibility=private
//                   ^ uses other.Side import
//                          ^ calls shapes.inner.top scope
fun top(x: Int = 1): Side = Side(x)
//  ^ definition.function shapes.inner.top exported
//         ^ uses external
//                   ^ uses other.Side import
//                          ^ calls other.Side import
fun Side.grown(by: Int): Side = this
//  ^ uses other.Side import
//       ^ definition.function shapes.inner.grown exported
//                 ^ uses external
//                       ^ uses other.Side import
fun <T> T.shown() = top().longer()
//        ^ definition.function shapes.inner.shown exported
//                  ^ calls shapes.inner.top scope
//                        ^ calls other.Side.longer type
val <T> List<T>.second: T
//      ^ uses external
//              ^ definition.property shapes.inner.second exported
  get() = this[1]
object Alone
//     ^ definition.object shapes.inner.Alone exported
enum class Empty
//         ^ definition.enum shapes.inner.Empty exported
class Plain
//    ^ definition.class shapes.inner.Plain exported
