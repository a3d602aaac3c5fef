/** How things are told apart. */
export interface Named {
//               ^ definition.interface shapes.Named exported doc=How_things_are_told_apart.
  readonly name: string;
//         ^ definition.field shapes.Named.name exported
  rename?(to: string): Named;
//                     ^ uses shapes.Named scope
  untyped;
}

export abstract class Shape<T extends Named> implements Named, Iterable<T> {
//                    ^ definition.class shapes.Shape exported abstract
//                                    ^ uses shapes.Named scope
//                                                      ^ implements shapes.Named scope
//                                                             ^ implements external
  static count = 0;
//       ^ definition.field shapes.Shape.count exported static
  static readonly limit: number = 10;
//                ^ definition.field shapes.Shape.limit exported static
  protected declare kind: string;
//                  ^ definition.field shapes.Shape.kind exported visibility=protected
  #secret;
  /** What it is called. */
  name = "shape";
  onChange = () => this.area();
//                      ^ calls shapes.Shape.area self
  handler = function () {};
  later: () => void = (): void => {};

  constructor(private readonly owner: Owner, public plain?: string) {}
//                             ^ definition.field shapes.Shape.owner visibility=private
//                                    ^ uses shapes.Owner scope

  abstract area(): number;
//         ^ definition.method shapes.Shape.area exported abstract
  protected abstract get size(): number;
//                       ^ definition.accessor shapes.Shape.size abstract visibility=protected
  rename(to: string): Named;
//                    ^ uses shapes.Named scope
  private static async loose(): Promise<void>;
//                     ^ definition.method shapes.Shape.loose async static visibility=private
//                              ^ uses external
  private static async loose(): Promise<void> {}
//                     ^ definition.method shapes.Shape.loose async static visibility=private
//                              ^ uses external
  private rename(to: any): Named {
//        ^ definition.method shapes.Shape.rename visibility=private
//                         ^ uses shapes.Named scope
    this.name = to;
//       ^ references shapes.Shape.name self
    this.fresh = this.owner.describe(to);
//       ^ definition.field shapes.Shape.fresh exported
//                    ^ references shapes.Shape.owner self
//                          ^ calls shapes.Owner.describe type
    return this;
  }
  get label(): string { return this.name; }
//    ^ definition.accessor shapes.Shape.label exported
//                                  ^ references shapes.Shape.name self
  set label(value: string) { this.name = value; }
//    ^ definition.accessor shapes.Shape.label exported
//                                ^ references shapes.Shape.name self
  private static async make(): Promise<Owner> { return new Owner(); }
//                     ^ definition.method shapes.Shape.make async static visibility=private
//                             ^ uses external
//                                     ^ uses shapes.Owner scope
//                                                         ^ calls shapes.Owner scope
  *[Symbol.iterator]() { yield this.owner; }
//  ^ references external
//         ^ references external
//                                  ^ references shapes.Shape.owner self
  *each() { yield* this.all; }
// ^ definition.method shapes.Shape.each exported generator
//                      ^ references external
  static { Shape.count += 1; }
//         ^ references shapes.Shape scope
//               ^ references shapes.Shape.count module
}

class Owner {
//    ^ definition.class shapes.Owner
  parts: Part[] = [];
//       ^ uses shapes.Part scope
  describe(to: string): string { return to; }
  first(): Part { return this.parts[0].self(); }
//         ^ uses shapes.Part scope
//                            ^ references shapes.Owner.parts self
//                                     ^ calls shapes.Part.self type
  all() { for (const part of this.parts) { part.self(); } }
//                                ^ references shapes.Owner.parts self
//                                              ^ calls shapes.Part.self type
  async later() { (await Shape.make()).first(); }
//      ^ definition.method shapes.Owner.later async
//                       ^ references shapes.Shape scope
//                             ^ calls shapes.Shape.make module
//                                     ^ calls shapes.Owner.first type
}
interface Part extends Named, Base.Other<string> { self(): Part }
//        ^ definition.interface shapes.Part
//                     ^ extends shapes.Named scope
//                            ^ references unresolved
//                                 ^ extends unresolved
//                                                 ^ definition.method shapes.Part.self abstract
//                                                         ^ uses shapes.Part scope

class Square extends Shape<Part> {
//    ^ definition.class shapes.Square
//                   ^ extends shapes.Shape scope
//                         ^ uses shapes.Part scope
  area() { return super.rename("x").name.length + this.owner.first().self().name.length; }
//                      ^ calls shapes.Shape.rename inheritance
//                                  ^ references shapes.Named.name type
//                                       ^ references unresolved
//                                                     ^ references shapes.Shape.owner inheritance
//                                                           ^ calls shapes.Owner.first type
//                                                                   ^ calls shapes.Part.self type
//                                                                          ^ references shapes.Named.name type
//                                                                               ^ references unresolved
}
const Circle = class extends Square { radius() { return this.area(); } };
//    ^ definition.class shapes.Circle
//                           ^ extends shapes.Square scope
//                                    ^ definition.method shapes.Circle.radius
//                                                           ^ calls shapes.Square.area inheritance
const Named2 = class Inner extends Base.Square implements Named {};
//    ^ definition.constant shapes.Named2
//                   ^ definition.class shapes.Inner
//                                 ^ references unresolved
//                                      ^ extends unresolved
//                                                        ^ implements shapes.Named scope
function loose(bare, other: Point) { other.y(); }
//       ^ definition.function shapes.loose
//                          ^ uses shapes.Point scope
//                                         ^ calls shapes.Point.y type
class Both implements Named, Part {}
//    ^ definition.class shapes.Both
//                    ^ implements shapes.Named scope
//                           ^ implements shapes.Part scope
const told = function (): Point { return origin; };
//    ^ definition.function shapes.told
//                        ^ uses shapes.Point scope
//                                       ^ references shapes.origin scope
told().y();
// <- calls shapes.told scope
//     ^ calls shapes.Point.y type
abstract class Half extends Shape<Part> implements Named {}
//             ^ definition.class shapes.Half abstract
//                          ^ extends shapes.Shape scope
//                                ^ uses shapes.Part scope
//                                                 ^ implements shapes.Named scope

@register({ name: "x" })
class Decorated {
//    ^ definition.class shapes.Decorated
  @input() field = 1;
// ^ decorates unresolved
//         ^ definition.field shapes.Decorated.field
  @listen("a") handle() {}
// ^ decorates unresolved
//             ^ definition.method shapes.Decorated.handle
}
function register(options: object) { return (target: any) => target; }
//       ^ definition.function shapes.register

type Pair<A, B = A> = [A, B];
//   ^ definition.type shapes.Pair
type Point = { x: number; y(): number };
//   ^ definition.type shapes.Point
//             ^ definition.field shapes.Point.x
//                        ^ definition.method shapes.Point.y
type Reader = (source: Point) => typeof origin;
//   ^ definition.type shapes.Reader
//                     ^ uses shapes.Point scope
//                                      ^ uses shapes.origin scope
type Maker = new (from: Point) => Shape<Part>;
//   ^ definition.type shapes.Maker
//                      ^ uses shapes.Point scope
//                                ^ uses shapes.Shape scope
//                                      ^ uses shapes.Part scope
type Either = Point | (Reader) & readonly string[];
//   ^ definition.type shapes.Either
//            ^ uses shapes.Point scope
//                     ^ uses shapes.Reader scope
type Mapped = { [K in keyof Point]: Point[K] };
//   ^ definition.type shapes.Mapped
//                          ^ uses shapes.Point scope
//                                  ^ uses shapes.Point scope
type Index = { [key: string]: Point; (call: Point): void; new (made: Point): Point };
//   ^ definition.type shapes.Index
//                            ^ uses shapes.Point scope
//                                          ^ uses shapes.Point scope
//                                                                   ^ uses shapes.Point scope
//                                                                           ^ uses shapes.Point scope
type Inferred<T> = T extends Array<infer U> ? U : never;
//   ^ definition.type shapes.Inferred
//                           ^ uses external
//                                            ^ uses unresolved
declare const origin: Point;
//            ^ definition.constant shapes.origin exported
//                    ^ uses shapes.Point scope
let unset: Point, unset2;
//  ^ definition.variable shapes.unset
//         ^ uses shapes.Point scope
//                ^ definition.variable shapes.unset2
origin.y();
// <- references shapes.origin scope
//     ^ calls shapes.Point.y type
unset.y();
// <- references shapes.unset scope
//    ^ calls shapes.Point.y type

enum Color { Red, Green = 2, "blue" }
//   ^ definition.enum shapes.Color
//           ^ definition.enum_member shapes.Color.Red
//                ^ definition.enum_member shapes.Color.Green
const enum Flags { On = 1 << 0 }
//         ^ definition.enum shapes.Flags
//                 ^ definition.enum_member shapes.Flags.On
Color.Red;
// <- references shapes.Color scope
//    ^ references shapes.Color.Red module

namespace Outer.Inner { export const deep = 1; function hidden() { return deep; } }
//        ^ definition.namespace shapes.Outer.Inner
//                                   ^ definition.constant shapes.Outer.Inner.deep exported
//                                                      ^ definition.function shapes.Outer.Inner.hidden
//                                                                        ^ references shapes.Outer.Inner.deep scope
declare module "other" { export function given(): void; }
//              ^ definition.namespace shapes.other exported
//                                       ^ definition.function shapes.other.given exported
declare module global2 { let x: number; }
//             ^ definition.namespace shapes.global2 exported
//                           ^ definition.variable shapes.global2.x
declare function ambient(value: string): Point;
//               ^ definition.function shapes.ambient exported
//                                       ^ uses shapes.Point scope
export function over(value: string): Point;
//              ^ definition.function shapes.over exported
//                                   ^ uses shapes.Point scope
export function over(value: number): Point;
//              ^ definition.function shapes.over exported
//                                   ^ uses shapes.Point scope
export function over(value: any): Point { return ambient(value)!; }
//              ^ definition.function shapes.over exported
//                                ^ uses shapes.Point scope
//                                               ^ calls shapes.ambient scope
export async function* stream() { yield 1; }
//                     ^ definition.function shapes.stream exported async generator
function* plain() {}
//        ^ definition.function shapes.plain generator
async function later() { const { x } = await over(1) as Point; return x; }
//             ^ definition.function shapes.later async
//                                           ^ calls shapes.over scope
//                                                      ^ uses shapes.Point scope
over<string>("x").y();
// <- calls shapes.over scope
//                ^ calls shapes.Point.y type
(over satisfies object)("x");
(over)("x");
const made = over<number>;
//    ^ definition.constant shapes.made
//           ^ references shapes.over scope
import short = Outer.Inner;
//     ^ definition.constant shapes.short
//             ^ references unresolved
//                   ^ references unresolved
function generic<T>(this: Point, ...rest: T[]): T { return rest[0]; }
//       ^ definition.function shapes.generic
//                        ^ uses shapes.Point scope
const value = <Point>origin;
//    ^ definition.constant shapes.value
//             ^ uses shapes.Point scope
//                   ^ references shapes.origin scope
function optional(a?: Point, b?, { x: renamed, y = 1 }: Point = origin, [first]: Point[] = []) { a.y(); renamed; first.y(); }
//       ^ definition.function shapes.optional
//                    ^ uses shapes.Point scope
//                                                      ^ uses shapes.Point scope
//                                                              ^ references shapes.origin scope
//                                                                               ^ uses shapes.Point scope
//                                                                                                 ^ calls shapes.Point.y type
//                                                                                                                     ^ calls shapes.Point.y type
const arrow = async (point: Point): Promise<Point> => point;
//    ^ definition.function shapes.arrow async
//                          ^ uses shapes.Point scope
//                                  ^ uses external
//                                          ^ uses shapes.Point scope
