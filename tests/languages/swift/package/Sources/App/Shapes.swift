import Foundation
//     ^ imports external
import struct Foundation.Date
//                       ^ imports external
@testable import Other
 // <- uses external
//               ^ imports external

/// Anything that is drawn.
public protocol Drawable: AnyObject {
//              ^ definition.protocol Drawable doc=Anything_that_is_drawn.
//                        ^ extends external
    associatedtype Item: Equatable
//                 ^ definition.type Drawable.Item
//                       ^ uses external
    var size: Int { get }
//      ^ definition.property Drawable.size abstract
//            ^ uses external
    func draw(on canvas: Canvas) -> Canvas
//       ^ definition.method Drawable.draw abstract
//                       ^ uses Canvas import
//                                  ^ uses Canvas import
    func maybe() -> Canvas?
//       ^ definition.method Drawable.maybe abstract
//                  ^ uses Canvas import
    init(x: Int)
//  ^ definition.constructor Drawable.init
//          ^ uses external
    static func == (l: Self, r: Self) -> Bool
//              ^ definition.method Drawable.== abstract static
//                                       ^ uses external
}

/// A shape.
open class Shape: Base, Drawable {
//         ^ definition.class Shape doc=A_shape.
//                ^ extends unresolved
//                      ^ extends Drawable scope
    static let count: Int = 0
//             ^ definition.property Shape.count static visibility=internal
//                    ^ uses external
    private(set) var name: String = "x" { didSet { print(oldValue) } }
//                   ^ definition.property Shape.name visibility=internal
//                         ^ uses external
//                                                 ^ calls external
//                                                       ^ references external
    var area: Double { get { return self.width * 2 } set { width = newValue } }
//      ^ definition.accessor Shape.area visibility=internal
//            ^ uses external
//                                       ^ references Shape.width self
//                                                         ^ references Shape.width scope
//                                                                 ^ references external
    var twin: Shape { Shape(name: "t") }
//      ^ definition.accessor Shape.twin visibility=internal
//            ^ uses Shape scope
//                    ^ calls Shape scope
    lazy var canvas = Canvas()
//           ^ definition.property Shape.canvas visibility=internal
//                    ^ calls Canvas import
    var width = 1.0, extra: Int
//      ^ definition.property Shape.width visibility=internal
//                   ^ definition.property Shape.extra visibility=internal
//                          ^ uses external
    let nothing
//      ^ definition.property Shape.nothing visibility=internal
    public init(name: String, _ age: Int = 1) { super.init(); self.name = name }
//         ^ definition.constructor Shape.init
//                    ^ uses external
//                                   ^ uses external
//                                                    ^ calls Drawable.init inheritance
//                                                                 ^ references Shape.name self
    required init(x: Int) { }
//           ^ definition.constructor Shape.init visibility=internal
//                   ^ uses external
    deinit { canvas.close() }
//  ^ definition.method Shape.deinit visibility=internal
//           ^ references Shape.canvas scope
//                  ^ calls Canvas.close inferred
    #if canImport(Darwin)
    let lock = Canvas()
//      ^ definition.property Shape.lock visibility=internal
//             ^ calls Canvas import
    #elseif os(Linux)
    let lock = Canvas()
//      ^ definition.property Shape.lock visibility=internal
//             ^ calls Canvas import
    func onLinux() { lock.close() }
//       ^ definition.method Shape.onLinux visibility=internal
//                   ^ references Shape.lock scope
//                        ^ calls Canvas.close inferred
    #else
    let lock = Other()
//      ^ definition.property Shape.lock visibility=internal
//             ^ calls external
    #endif
    func draw<T: Drawable, U>(on canvas: Canvas, times n: Int...) async throws -> [T]? where T: Equatable {
//       ^ definition.method Shape.draw async visibility=internal
//               ^ uses Drawable scope
//                                       ^ uses Canvas import
//                                                        ^ uses external
//                                                                                              ^ uses external
        canvas.line().close()
//             ^ calls Canvas.line type
//                    ^ calls Canvas.close type
        helper(n)
//      ^ calls helper import
        Shape(name: "y").draw(on: canvas)
//      ^ calls Shape scope
//                       ^ calls Shape.draw inferred
        twin.draw(on: canvas)
//      ^ references Shape.twin scope
//           ^ calls Shape.draw type
        self.canvas.line()
//           ^ references Shape.canvas self
//                  ^ calls Canvas.line inferred
        return nil
    }
    subscript(i: Int) -> Int { return i }
//  ^ definition.method Shape.subscript visibility=internal
//               ^ uses external
//                       ^ uses external
    class func make() -> Shape { Self.count; return .init(name: "a") }
//             ^ definition.method Shape.make static visibility=internal
//                       ^ uses Shape scope
//                                    ^ references Shape.count self
    fileprivate static func == (l: Shape, r: Shape) -> Bool { l.name == r.name }
//                          ^ definition.method Shape.== static visibility=private
//                                 ^ uses Shape scope
//                                           ^ uses Shape scope
//                                                     ^ uses external
//                                                              ^ references Shape.name type
//                                                                        ^ references Shape.name type
    enum Kind: String, CaseIterable {
//       ^ definition.enum Shape.Kind visibility=internal
//             ^ implements external
//                     ^ implements external
        case one, two = "2"
//           ^ definition.enum_member Shape.Kind.one
//                ^ definition.enum_member Shape.Kind.two
        case three(Int, label: String)
//           ^ definition.enum_member Shape.Kind.three
//                 ^ uses external
//                             ^ uses external
        var title: String { rawValue }
//          ^ definition.accessor Shape.Kind.title visibility=internal
//                 ^ uses external
//                          ^ references external
        static let first: Kind = Kind.one
//                 ^ definition.property Shape.Kind.first static visibility=internal
//                        ^ uses Shape.Kind scope
//                               ^ references Shape.Kind scope
//                                    ^ references Shape.Kind.one module
    }
    struct Inner { var z: Int }
//         ^ definition.struct Shape.Inner visibility=internal
//                     ^ definition.property Shape.Inner.z visibility=internal
//                        ^ uses external
    typealias Alias = [String: Inner]
//            ^ definition.type Shape.Alias visibility=internal
//                     ^ uses external
//                             ^ uses Shape.Inner scope
    func nested(kind: Shape.Kind, list: [Inner], table: [String: Inner]) -> (Int, Inner) {
//       ^ definition.method Shape.nested visibility=internal
//                    ^ uses Shape scope
//                          ^ uses Shape.Kind module
//                                       ^ uses Shape.Inner scope
//                                                       ^ uses external
//                                                               ^ uses Shape.Inner scope
//                                                                           ^ uses external
//                                                                                ^ uses Shape.Inner scope
        for item in list { item.z }
//                              ^ references Shape.Inner.z type
        list[0].z
//              ^ references Shape.Inner.z type
        let found: Kind = .two
//                 ^ uses Shape.Kind scope
        if case .one = found { }
//               ^ references external
        switch kind {
        case .one: break
        case let .three(n, label: m): print(n, m)
//                         ^ references external
//                                    ^ calls external
        default: break
        }
        let (left, right) = pair()
//                          ^ calls external
        if let given = maybe() { given.close() }
//                     ^ calls Drawable.maybe inheritance
//                                     ^ calls Canvas.close type
        guard let other = maybe() else { return (1, list[0]) }
//                        ^ calls Drawable.maybe inheritance
        while let more = maybe() { more.close() }
//                       ^ calls Drawable.maybe inheritance
//                                      ^ calls Canvas.close type
        other.line()
//            ^ calls Canvas.line type
        let cast = other as! Shape
//                           ^ uses Shape scope
        cast.area
//           ^ references Shape.area type
        let closure = { [weak self] (canvas: Canvas, n) -> Canvas in self?.extend(); canvas.close(); return canvas }
//                                           ^ uses Canvas import
//                                                         ^ uses Canvas import
//                                                                         ^ calls Shape.extend self
//                                                                                          ^ calls Canvas.close type
        list.map { $0.z }
//           ^ calls external
//                 ^ references external
//                    ^ references external
        do { try work() } catch let failure as Failure { print(failure) }
//               ^ calls external
//                                             ^ uses external
//                                                       ^ calls external
        (maybe() ?? Canvas()).line()
//       ^ calls Drawable.maybe inheritance
//                  ^ calls Canvas import
//                            ^ calls Canvas.line type
        maybe()!.close()
//      ^ calls Drawable.maybe inheritance
//               ^ calls Canvas.close type
        await other.line()
//                  ^ calls Canvas.line type
        callback?(\.width)
//      ^ calls external
//                  ^ references unresolved
        return (left, right)
    }
}
actor Worker { nonisolated func work() {} }
//    ^ definition.class Worker visibility=internal
//                              ^ definition.method Worker.work visibility=internal
infix operator +++ : AdditionPrecedence
func +++ (l: Shape, r: Shape) -> some Drawable { l }
//   ^ definition.function +++ visibility=internal
//           ^ uses Shape scope
//                     ^ uses Shape scope
//                                    ^ uses Drawable scope
func takes(any: any Drawable, box: Box<Shape>, inner: Shape.Inner, done: @escaping (Int) -> Void) { any.draw(on: Canvas()); inner.z; box.value.twin }
//   ^ definition.function takes visibility=internal
//                  ^ uses Drawable scope
//                                 ^ uses Box scope
//                                     ^ uses Shape scope
//                                                    ^ uses Shape scope
//                                                          ^ uses Shape.Inner module
//                                                                                  ^ uses external
//                                                                                          ^ uses external
//                                                                                                      ^ calls Drawable.draw type
//                                                                                                               ^ calls Canvas import
//                                                                                                                                ^ references Shape.Inner.z type
//                                                                                                                                       ^ references Box.value type
//                                                                                                                                             ^ references external
struct Box<T: Drawable> { var value: T; func get() -> T { value.draw(on: Canvas()); return value } }
//     ^ definition.struct Box visibility=internal
//            ^ uses Drawable scope
//                            ^ definition.property Box.value visibility=internal
//                                           ^ definition.method Box.get visibility=internal
//                                                        ^ references Box.value scope
//                                                              ^ calls Drawable.draw type
//                                                                       ^ calls Canvas import
//                                                                                         ^ references Box.value scope
let global = Shape(name: "g")
//  ^ definition.variable global visibility=internal
//           ^ calls Shape scope
@freestanding(expression) macro Checked() = #externalMacro(module: "a", type: "b")
 // <- uses unresolved
//            ^ references unresolved
//                              ^ definition.macro Checked visibility=internal
#if os(Linux)
func system() {}
//   ^ definition.function system visibility=internal
#endif
