package shapes;

public class Side extends Base<Side> implements Named {
//           ^ definition.class shapes.Side exported
//                        ^ extends shapes.Base scope
//                             ^ uses shapes.Side scope
//                                              ^ implements shapes.Named scope
  Side(int a) {}
  public int length() { return based().length(); }
//           ^ definition.method shapes.Side.length exported
//                             ^ calls shapes.Base.based inheritance
//                                     ^ calls shapes.Base.length type
  Side longer() { return this; }
//     ^ definition.method shapes.Side.longer visibility=internal
  class Inner { Inner() { longer(); } }
//      ^ definition.class shapes.Side.Inner visibility=internal
//              ^ definition.constructor shapes.Side.Inner.Inner visibility=internal
//                        ^ calls shapes.Side.longer self
  Side.Inner nested;
//     ^ uses shapes.Side.Inner module
//           ^ definition.field shapes.Side.nested visibility=internal
  void uses() { nested.equals(nested); new Side.Inner(); }
//     ^ definition.method shapes.Side.uses visibility=internal
//              ^ references shapes.Side.nested scope
//                     ^ calls external
//                            ^ references shapes.Side.nested scope
//                                         ^ uses shapes.Side scope
//                                              ^ calls shapes.Side.Inner module
}
interface Named extends Whole { String name(); }
//        ^ definition.interface shapes.Named visibility=internal
//                      ^ extends shapes.Whole scope
//                              ^ uses external
//                                     ^ definition.method shapes.Named.name exported abstract
interface Whole {}
//        ^ definition.interface shapes.Whole visibility=internal
abstract class Base<T> {
//             ^ definition.class shapes.Base abstract visibility=internal
  int length;
//    ^ definition.field shapes.Base.length visibility=internal
  Base<T> based() { return this; }
//        ^ definition.method shapes.Base.based visibility=internal
  void draw(Object key, Object many) {}
//     ^ definition.method shapes.Base.draw visibility=internal
//          ^ uses external
//                      ^ uses external
  <T> Base() {}
//    ^ definition.constructor shapes.Base.Base visibility=internal
}
