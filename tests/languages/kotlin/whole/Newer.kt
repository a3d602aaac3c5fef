package whole.newer

annotation class Marked

private const val KEY = $$"$ref${"
//                ^ definition.constant whole.newer.KEY visibility=private
interface Held { fun held(): Int }
//        ^ definition.interface whole.newer.Held
//                   ^ definition.method whole.newer.Held.held
class Given(private val inner: Held) : Held by inner {
//    ^ definition.class whole.newer.Given
//                      ^ definition.property whole.newer.Given.inner visibility=private
//                             ^ uses whole.newer.Held scope
//                                     ^ implements whole.newer.Held scope
    companion object { fun made() = 1 }
//                         ^ definition.method whole.newer.Given.made
    context(marked: Marked)
    fun contextual(limit: Int) { for (index in 0..<limit) { } }
//      ^ definition.method whole.newer.Given.contextual
    fun guarded(it: Any) = when (it) { is Given if it.held() > 1 -> 1; else -> 2 }
//      ^ definition.method whole.newer.Given.guarded
//                                        ^ uses whole.newer.Given scope
}
expect fun platform(): Int
//         ^ definition.function whole.newer.platform
public actual class Actual(public actual val size: Int)
//                  ^ definition.class whole.newer.Actual
//                                           ^ definition.property whole.newer.Actual.size
