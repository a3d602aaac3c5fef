extension Shape: Printable where T: Drawable {
//        ^ uses Shape import
//               ^ implements unresolved
//                                  ^ uses Drawable import
    func extend() -> Inner {
//       ^ definition.method Shape.extend visibility=internal
//                   ^ uses Shape.Inner type
        draw(on: canvas)
//      ^ calls Shape.draw type
//               ^ references Shape.canvas type
        self.extend()
//           ^ calls Shape.extend type
        self.name
//           ^ references Shape.name type
        global.extend()
//      ^ references global import
//             ^ calls Shape.extend inferred
        return Inner(z: Shape.count)
//             ^ calls Shape.Inner type
//                      ^ references Shape import
//                            ^ references Shape.count module
    }
    var doubled: Double { width * 2 }
//      ^ definition.accessor Shape.doubled visibility=internal
//               ^ uses external
//                        ^ references Shape.width type
    static let shared = Shape(name: "s")
//             ^ definition.property Shape.shared static visibility=internal
//                      ^ calls Shape import
}
public struct Canvas {
//            ^ definition.struct Canvas
    func line() -> Canvas { self }
//       ^ definition.method Canvas.line visibility=internal
//                 ^ uses Canvas scope
    func close() { helper(Shape.shared.doubled) }
//       ^ definition.method Canvas.close visibility=internal
//                 ^ calls helper scope
//                        ^ references Shape import
//                              ^ references Shape.shared module
//                                     ^ references unresolved
}
private func helper(_ x: Any) {}
//           ^ definition.function helper visibility=private
//                       ^ uses external
