/* Licence. */
package shapes;

import java.util.List;
//          ^ imports external
//               ^ imports external
import java.util.Map.Entry;
//               ^ imports external
//                   ^ imports external
import java.io.*;
//          ^ imports external
import static other.Tools.measure;
//                  ^ imports other.Tools import
//                        ^ imports other.Tools.measure import
import static other.Tools.*;
//                  ^ imports other.Tools import
import other.Tools;
//     ^ imports unresolved
//           ^ imports other.Tools import
import other.*;
//     ^ imports unresolved
import plain.*;
//     ^ imports unresolved

/**
 * What is drawn.
 */
@Marked(level = 1)
public abstract class Shape<T extends Side & Named> extends Base<T> implements Named, Comparable<Shape<T>> {
//                    ^ definition.class shapes.Shape exported abstract doc=What_is_drawn.
//                                    ^ uses shapes.Side import
//                                           ^ uses shapes.Named import
//                                                          ^ extends shapes.Base import
//                                                                             ^ implements shapes.Named import
//                                                                                    ^ implements external
//                                                                                               ^ uses shapes.Shape scope
  private static final int MAX = 1, MIN = 2;
//                         ^ definition.constant shapes.Shape.MAX static visibility=private
//                                  ^ definition.constant shapes.Shape.MIN static visibility=private
  T side;
//  ^ definition.field shapes.Shape.side visibility=internal
  protected List<Side>[] sides = new ArrayList<>();
//          ^ uses external
//               ^ uses shapes.Side import
//                       ^ definition.field shapes.Shape.sides visibility=protected
//                                   ^ uses external
  static { start(); }
//         ^ calls shapes.Shape.start self

  /** Makes one. */
  public Shape(int a, String... rest) throws IOException { this.side = first(a); }
//       ^ definition.constructor shapes.Shape.Shape exported doc=Makes_one.
//                    ^ uses external
//                                           ^ uses external
//                                                              ^ references shapes.Shape.side self
//                                                                     ^ calls shapes.Shape.first self

  protected <K extends Named> Entry<K, T> draw(final K key, Side[] many) {
//                     ^ uses shapes.Named import
//                            ^ uses external
//                                        ^ definition.method shapes.Shape.draw visibility=protected
//                                                          ^ uses shapes.Side import
    for (Side one : many) one.length();
//       ^ uses shapes.Side import
//                            ^ calls shapes.Side.length type
    for (int i = 0; i < 1; i++) { i++; }
    for (var two : many) { two.length(); }
//                             ^ calls shapes.Side.length type
    var made = new Side(1).longer();
//                 ^ calls shapes.Side import
//                         ^ calls shapes.Side.longer inferred
    Side again = made, unset;
//  ^ uses shapes.Side import
    again.length();
//        ^ calls shapes.Side.length type
    try (Side open = new Side(2)) { open.length(); } catch (RuntimeException | Error failed) { failed.printStackTrace(); }
//       ^ uses shapes.Side import
//                       ^ calls shapes.Side import
//                                       ^ calls shapes.Side.length type
//                                                          ^ uses external
//                                                                             ^ uses external
//                                                                                                    ^ calls external
    Runnable run = () -> start();
//  ^ uses external
//                       ^ calls shapes.Shape.start self
    Worker<Side> work = (one, two) -> one.length(two);
//  ^ uses shapes.Worker scope
//         ^ uses shapes.Side import
//                                        ^ calls unresolved
    Worker<Side> single = one -> one;
//  ^ uses shapes.Worker scope
//         ^ uses shapes.Side import
    Worker<Side> typed = (Side one) -> { return one.longer(); };
//  ^ uses shapes.Worker scope
//         ^ uses shapes.Side import
//                        ^ uses shapes.Side import
//                                                  ^ calls shapes.Side.longer type
    Object object = new Shape<Side>(1) { void inner() { Shape.this.start(); } };
//  ^ uses external
//                      ^ calls shapes.Shape scope
//                            ^ uses shapes.Side import
//                                            ^ definition.method shapes.Shape.draw.inner visibility=internal
//                                                      ^ references shapes.Shape scope
//                                                                 ^ calls shapes.Shape.start type
    if (object instanceof Side found && found.length() > 0) { ((Side) object).longer(); }
//                        ^ uses shapes.Side import
//                                            ^ calls shapes.Side.length type
//                                                              ^ uses shapes.Side import
//                                                                            ^ calls shapes.Side.longer type
    switch (object) { case Side matched -> matched.length(); default -> {} }
//                         ^ uses shapes.Side import
//                                                 ^ calls shapes.Side.length type
    switch (MAX) { case 1: int in = 1; break; }
//          ^ references shapes.Shape.MAX scope
    if (object instanceof Point(int x, Side y)) { y.length(); }
//                        ^ references shapes.Point scope
//                                     ^ uses shapes.Side import
//                                                  ^ calls shapes.Side.length type
    super.draw(key, many);
//        ^ calls shapes.Base.draw inheritance
    this.start();
//       ^ calls shapes.Shape.start self
    Supplier<Side> maker = Side::new;
//  ^ uses external
//           ^ uses shapes.Side import
//                         ^ references shapes.Side import
    Function<Side, Integer> method = Side::length;
//  ^ uses external
//           ^ uses shapes.Side import
//                 ^ uses external
//                                   ^ references shapes.Side import
//                                         ^ references shapes.Side.length module
    other.Tools.measure(1);
//  ^ references unresolved
//        ^ references other.Tools import
//              ^ calls other.Tools.measure module
    Tools.measure();
//  ^ references other.Tools import
//        ^ calls other.Tools.measure module
    many[0].length();
//          ^ calls shapes.Side.length type
    side.length();
//  ^ references shapes.Shape.side scope
//       ^ calls shapes.Side.length type
    name();
//  ^ calls shapes.Named.name inheritance
    based();
//  ^ calls shapes.Base.based inheritance
    length = MAX;
//  ^ references shapes.Base.length inheritance
//           ^ references shapes.Shape.MAX scope
    measure(2);
//  ^ calls other.Tools.measure import
    scale();
//  ^ calls other.Tools.scale import
    size();
//  ^ calls shapes.Shape.size self
    int size = this.size;
//                  ^ references shapes.Shape.size self
    size();
//  ^ calls shapes.Shape.size self
    Color.RED.paint();
//  ^ references shapes.Color scope
//        ^ references shapes.Color.RED module
//            ^ calls shapes.Color.paint module
    (again = made).longer();
//                 ^ calls shapes.Side.longer type
    (size > 1 ? again : made).length();
//                            ^ calls shapes.Side.length type
    "text".length();
//         ^ calls external
    Shape.class.getName();
//  ^ uses shapes.Shape scope
//              ^ calls external
    label: while (true) { if (size > 1) continue label; break label; }
    class Local { void go() { start(); } }
//        ^ definition.class shapes.Shape.draw.Local visibility=internal
//                     ^ definition.method shapes.Shape.draw.Local.go visibility=internal
//                            ^ calls shapes.Shape.start self
    return null;
  }
  int size;
//    ^ definition.field shapes.Shape.size visibility=internal
  int size() { return size; }
//    ^ definition.method shapes.Shape.size visibility=internal
//                    ^ references shapes.Shape.size scope
  int size(int more) { return size() + size(more); }
//    ^ definition.method shapes.Shape.size visibility=internal
//                            ^ calls shapes.Shape.size self
//                                     ^ calls shapes.Shape.size type
  int size(String more) { return size; }
//    ^ definition.method shapes.Shape.size visibility=internal
//         ^ uses external
//                               ^ references shapes.Shape.size scope
  abstract void start();
//              ^ definition.method shapes.Shape.start abstract visibility=internal
  void log(String text, Object... rest) {}
//     ^ definition.method shapes.Shape.log visibility=internal
//         ^ uses external
//                      ^ uses external
  void callsLog() { log("a"); log("a", 1, 2); toString(); }
//     ^ definition.method shapes.Shape.callsLog visibility=internal
//                  ^ calls shapes.Shape.log self
//                            ^ calls shapes.Shape.log self
//                                            ^ calls external
  Side first(int a) { return sides[0].get(a); }
//     ^ definition.method shapes.Shape.first visibility=internal
//                           ^ references shapes.Shape.sides scope
//                                    ^ calls external
}

interface Worker<V> { int LIMIT = 1; V work(V one); default void rest() { work(null); } void quit(); }
//        ^ definition.interface shapes.Worker visibility=internal
//                        ^ definition.constant shapes.Worker.LIMIT exported
//                                     ^ definition.method shapes.Worker.work exported abstract
//                                                               ^ definition.method shapes.Worker.rest exported
//                                                                        ^ calls shapes.Worker.work self
//                                                                                           ^ definition.method shapes.Worker.quit exported abstract

enum Color implements Named {
//   ^ definition.enum shapes.Color visibility=internal
//                    ^ implements shapes.Named import
  RED(1) { void shade() {} }, GREEN;
//              ^ definition.method shapes.Color.RED.shade visibility=internal
//                            ^ definition.enum_member shapes.Color.GREEN exported
  private int code;
//            ^ definition.field shapes.Color.code visibility=private
  Color(int code) { this.code = code; }
//                       ^ references shapes.Color.code self
  void paint() { GREEN.paint(); }
//     ^ definition.method shapes.Color.paint visibility=internal
//               ^ references shapes.Color.GREEN scope
//                     ^ calls shapes.Color.paint module
}

record Point<N>(int x, Side y) implements Named {
//     ^ definition.record shapes.Point visibility=internal
//                  ^ definition.field shapes.Point.x visibility=internal
//                     ^ uses shapes.Side import
//                          ^ definition.field shapes.Point.y visibility=internal
//                                        ^ implements shapes.Named import
  Point { check(x); }
//        ^ calls unresolved
//              ^ references shapes.Point.x scope
  static Point of() { return new Point<String>(1, null); }
//       ^ uses shapes.Point scope
//             ^ definition.method shapes.Point.of static visibility=internal
//                               ^ calls shapes.Point scope
//                                     ^ uses external
  int twice() { return y().length() + x; }
//    ^ definition.method shapes.Point.twice visibility=internal
//                     ^ calls shapes.Point.y self
//                         ^ calls unresolved
//                                    ^ references shapes.Point.x scope
}

@interface Marked { int level() default 1; }
//         ^ definition.interface shapes.Marked visibility=internal
//                      ^ definition.method shapes.Marked.level exported
