namespace Shapes.Inner;

class Base<T> : Missing.Root { protected void Based() { } protected Side side; }
//    ^ definition.class Shapes.Inner.Base visibility=internal
//              ^ uses unresolved
//                      ^ extends unresolved
//                                            ^ definition.method Shapes.Inner.Base.Based visibility=protected
//                                                                  ^ uses Shapes.Inner.Side scope
//                                                                       ^ definition.field Shapes.Inner.Base.side visibility=protected
public class Side : IOther {
//           ^ definition.class Shapes.Inner.Side exported
//                  ^ implements unresolved
  public Side(int a) { }
//       ^ definition.constructor Shapes.Inner.Side.Side exported
  public int Length;
//           ^ definition.field Shapes.Inner.Side.Length exported
  public Side Next { get; }
//       ^ uses Shapes.Inner.Side scope
//            ^ definition.property Shapes.Inner.Side.Next exported
  public Side Longer() { return this; }
//       ^ uses Shapes.Inner.Side scope
//            ^ definition.method Shapes.Inner.Side.Longer exported
  public V As<V>() => default;
//         ^ definition.method Shapes.Inner.Side.As exported
}
public partial class Parts { Side field; void Second() { } int Second(int one) => one; }
//                   ^ definition.class Shapes.Inner.Parts exported
//                           ^ uses Shapes.Inner.Side scope
//                                ^ definition.field Shapes.Inner.Parts.field visibility=private
//                                            ^ definition.method Shapes.Inner.Parts.Second visibility=private
//                                                             ^ definition.method Shapes.Inner.Parts.Second visibility=private
