package app

class Calls {
  def take(text: String): Unit = {}
  def take(n: Int): Unit = {}
//    ^ definition.method app.Calls.take
  def take(n: Long): Unit = {}
  def take(f: Float): Unit = {}
  def take(d: Double): Unit = {}
  def take(c: Char): Unit = {}
  def take(b: Boolean): Unit = {}
  def take(work: Int => Unit): Unit = {}
  def many(name: String, numbers: Int*): Unit = {}
  def many(name: String, text: String): Unit

  def run(x: Int): Unit = {
    take("a")
//  ^ calls calls.scala:4 type
    take(5)
//  ^ calls calls.scala:5 type
    take(5L)
//  ^ calls calls.scala:7 type
    take(1.5f)
//  ^ calls calls.scala:8 type
    take(1.5)
//  ^ calls calls.scala:9 type
    take('c')
//  ^ calls calls.scala:10 type
    take(true)
//  ^ calls calls.scala:11 type
    take(y => ())
//  ^ calls calls.scala:12 inferred
    many("a", 1)
//  ^ calls calls.scala:13 type
    new Listener[Int] { def heard(): Unit = inherited() }
//                                          ^ calls app.Listener.inherited
    take(null)
//  ^ calls unresolved
  }
}

abstract class Listener[T] { def inherited(): Unit = {} }
