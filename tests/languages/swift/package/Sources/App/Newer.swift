struct Unread: Error {}
//     ^ definition.struct Unread
//             ^ implements external
func checked(at place: Place = #_sourceLocation) throws(Unread) -> Int { 1 }
//   ^ definition.function checked
//                     ^ uses unresolved
func taken(by reader: consuming sending Unread) {
//   ^ definition.function taken
//                                      ^ uses Unread scope
    let found = unsafe checked()
//                     ^ calls checked scope
}
nonisolated(unsafe) let sharedWord = 1
//                      ^ definition.variable sharedWord
#warning("Think of a better way")
func last() {}
//   ^ definition.function last
