package app

class Calls {
  fun take(text: String) {}
  fun take(n: Int) {}
//    ^ definition.method app.Calls.take
  fun take(n: Long) {}
  fun take(f: Float) {}
  fun take(d: Double) {}
  fun take(c: Char) {}
  fun take(b: Boolean) {}
  fun take(work: () -> Unit) {}
  fun many(name: String, vararg numbers: Int) {}
  fun many(name: String, text: String) {}
  fun later(name: String, n: Int = 1, work: (Int) -> Unit) {}
  fun later(name: String, text: String) {}

  fun run(x: Int, text: String?) {
    take("a")
//  ^ calls calls.kt:4 type
    take(text)
//  ^ calls calls.kt:4 type
    take(0x1F)
//  ^ calls calls.kt:5 type
    take(5L)
//  ^ calls calls.kt:7 type
    take(1.5f)
//  ^ calls calls.kt:8 type
    take(-1.5)
//  ^ calls calls.kt:9 type
    take('c')
//  ^ calls calls.kt:10 type
    take(!(x == 1))
//  ^ calls calls.kt:11 type
    take(x++)
//  ^ calls calls.kt:5 type
    take(2 * x)
//  ^ calls unresolved
    take { }
//  ^ calls calls.kt:12 inferred
    many("a", 1, 2)
//  ^ calls calls.kt:13
    many("a", 1)
//  ^ calls calls.kt:13 type
    many("a", "b")
//  ^ calls calls.kt:14
    later("a") { take(null) }
//  ^ calls calls.kt:15
  }
}
