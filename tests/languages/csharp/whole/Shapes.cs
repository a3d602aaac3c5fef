using System;
//    ^ imports external
using static Other.Tools;
//                 ^ imports Other.Tools import
using Alias = Other.Tools;
//                  ^ imports Other.Tools import
using Other;
//    ^ imports unresolved
[assembly: AssemblyTitle("x")]
//         ^ decorates unresolved
namespace Shapes.Inner {
//        ^ definition.namespace Shapes.Inner visibility=internal
  /// <summary>What is <see cref="T:Drawn"/> &amp; shown.</summary>
  /// <param name="x">Where.</param>
  [Marked(Level = 1), Obsolete("x")]
// ^ decorates Shapes.Inner.MarkedAttribute import
//                    ^ decorates external
  public abstract partial class Shape<T, U> : Base<T>, INamed where T : struct, INamed where U : new() {
//                              ^ definition.class Shapes.Inner.Shape exported abstract doc=What_is_Drawn_&_shown.
//                                            ^ extends Shapes.Inner.Base import
//                                                     ^ implements Shapes.Inner.INamed scope
//                                                                              ^ uses Shapes.Inner.INamed scope
    private const int Max = 1, Min = 2;
//                    ^ definition.constant Shapes.Inner.Shape.Max visibility=private
//                             ^ definition.constant Shapes.Inner.Shape.Min visibility=private
    public static readonly Side[] sides = new Side[3];
//                         ^ uses Shapes.Inner.Side import
//                                ^ definition.field Shapes.Inner.Shape.sides exported static
//                                            ^ uses Shapes.Inner.Side import
    public event EventHandler Changed;
//               ^ uses external
//                            ^ definition.field Shapes.Inner.Shape.Changed exported
    public event EventHandler Raised { add { Max.X(); } remove { } }
//               ^ uses external
//                            ^ definition.property Shapes.Inner.Shape.Raised exported
//                                           ^ references Shapes.Inner.Shape.Max scope
//                                               ^ calls external
    public Color Color { get; set; } = Color.Red;
//         ^ uses Shapes.Inner.Color import
//               ^ definition.property Shapes.Inner.Shape.Color exported
//                                     ^ references Shapes.Inner.Shape.Color scope
//                                           ^ references Shapes.Inner.Color.Red type
    public int Calc => Max + sides.Length;
//             ^ definition.property Shapes.Inner.Shape.Calc exported
//                     ^ references Shapes.Inner.Shape.Max scope
//                           ^ references Shapes.Inner.Shape.sides scope
//                                 ^ references external
    Side Full { get { return sides[0]; } private set { Start(value); } }
//  ^ uses Shapes.Inner.Side import
//       ^ definition.property Shapes.Inner.Shape.Full visibility=private
//                           ^ references Shapes.Inner.Shape.sides scope
//                                                     ^ calls Shapes.Inner.Shape.Start self
//                                                           ^ references external
    public int this[int i, string s] { get => i; }
//             ^ definition.property Shapes.Inner.Shape.this exported
    public Shape(int a, params string[] rest) : base(a) { this.side = Full; }
//         ^ definition.constructor Shapes.Inner.Shape.Shape exported
//                                                             ^ references Shapes.Inner.Base.side inheritance
//                                                                    ^ references Shapes.Inner.Shape.Full scope
    static Shape() { }
//         ^ definition.constructor Shapes.Inner.Shape.Shape static visibility=private
    extern Shape(Side a, int b);
//         ^ definition.constructor Shapes.Inner.Shape.Shape visibility=private
//               ^ uses Shapes.Inner.Side import
    ~Shape() { }
//   ^ definition.method Shapes.Inner.Shape.Shape visibility=private
    public static Shape<T, U> operator +(Shape<T, U> a, Shape<T, U> b) => a;
//                ^ uses Shapes.Inner.Shape scope
//                                     ^ definition.method Shapes.Inner.Shape.+ exported static
//                                       ^ uses Shapes.Inner.Shape scope
//                                                      ^ uses Shapes.Inner.Shape scope
    extern public static Shape<T, U> operator -(Shape<T, U> a);
//                       ^ uses Shapes.Inner.Shape scope
//                                            ^ definition.method Shapes.Inner.Shape.- exported static
//                                              ^ uses Shapes.Inner.Shape scope
    public static implicit operator int(Shape<T, U> c) { return 1; }
//                         ^ definition.method Shapes.Inner.Shape.operator exported static
//                                      ^ uses Shapes.Inner.Shape scope
    extern public static explicit operator Side(Shape<T, U> c);
//                                ^ definition.method Shapes.Inner.Shape.operator exported static
//                                         ^ uses Shapes.Inner.Side import
//                                              ^ uses Shapes.Inner.Shape scope
    public async Task<Side> Go<K>(ref int x, out int y, K k = default) where K : class {
//               ^ uses external
//                    ^ uses Shapes.Inner.Side import
//                          ^ definition.method Shapes.Inner.Shape.Go exported async
      var made = new Side(1) { Length = 2 };
//                   ^ calls Shapes.Inner.Side import
      made.Longer();
//         ^ calls Shapes.Inner.Side.Longer inferred
      Shape<int, int>? other = new();
//    ^ uses Shapes.Inner.Shape scope
      other.Start();
//          ^ calls Shapes.Inner.Shape.Start type
      (await Go(x, y)).Longer();
//           ^ calls Shapes.Inner.Shape.Go self
//                     ^ calls Shapes.Inner.Side.Longer type
      foreach (var (k1, v1) in sides) { }
//                             ^ references Shapes.Inner.Shape.sides scope
      foreach (Side one in sides) one.Longer();
//             ^ uses Shapes.Inner.Side import
//                         ^ references Shapes.Inner.Shape.sides scope
//                                    ^ calls Shapes.Inner.Side.Longer type
      foreach (var two in sides) two.Longer();
//                        ^ references Shapes.Inner.Shape.sides scope
//                                   ^ calls Shapes.Inner.Side.Longer type
      using (var open = Open()) { open.Longer(); }
//                      ^ calls Shapes.Inner.Shape.Open self
//                                     ^ calls Shapes.Inner.Side.Longer type
      using var again = Open();
//                      ^ calls Shapes.Inner.Shape.Open self
      again.Longer();
//          ^ calls Shapes.Inner.Side.Longer type
      Side Local(int z) => z > 1 ? Open() : again;
//    ^ uses Shapes.Inner.Side import
//         ^ definition.function Shapes.Inner.Shape.Go.Local visibility=internal
//                                 ^ calls Shapes.Inner.Shape.Open self
      Local(1).Longer();
//    ^ calls Shapes.Inner.Shape.Go.Local scope
//             ^ calls Shapes.Inner.Side.Longer type
      Func<int, int> fn = q => q + 1;
//    ^ uses external
      Func<int, int, int> fn2 = (q, w) => { return q; };
//    ^ uses external
      Delegate fn3 = delegate(int h) { return h; };
//    ^ uses external
      if (made is Side found && found.Length is { Value: 3 } bar) { found.Longer(); }
//                ^ uses Shapes.Inner.Side import
//                                    ^ references Shapes.Inner.Side.Length type
//                                                                        ^ calls Shapes.Inner.Side.Longer type
      if (made is Point { X: 3 } point) { point.Go(); }
//                ^ uses Shapes.Inner.Point scope
//                                              ^ calls Shapes.Inner.Point.Go type
      if (made is [1, var item, ..]) { }
      switch (made) { case Side f2 when f2.Length > 1: f2.Longer(); break; case 3: goto case 4; default: break; }
//                         ^ uses Shapes.Inner.Side import
//                                         ^ references Shapes.Inner.Side.Length type
//                                                        ^ calls Shapes.Inner.Side.Longer type
      var r = made switch { Side f3 => f3.Length, _ => 0 };
//                          ^ uses Shapes.Inner.Side import
//                                        ^ references Shapes.Inner.Side.Length type
      try { } catch (Exception ex) when (ex.Message != null) { } finally { }
//                   ^ uses external
//                                          ^ references external
      Start(out Side given, named: 3); given.Longer();
//    ^ calls Shapes.Inner.Shape.Start self
//              ^ uses Shapes.Inner.Side import
//                                           ^ calls Shapes.Inner.Side.Longer type
      made?.Next?.Longer(); sides[0].Longer(); base.Based(); var t = typeof(Side);
//          ^ references Shapes.Inner.Side.Next inferred
//                ^ calls Shapes.Inner.Side.Longer type
//                          ^ references Shapes.Inner.Shape.sides scope
//                                   ^ calls Shapes.Inner.Side.Longer type
//                                                  ^ calls Shapes.Inner.Base.Based inheritance
//                                                                          ^ uses Shapes.Inner.Side import
      made!.Longer(); ((Side)x).Longer(); (x as Side).Longer(); made?.As<Side>();
//          ^ calls Shapes.Inner.Side.Longer inferred
//                      ^ uses Shapes.Inner.Side import
//                              ^ calls Shapes.Inner.Side.Longer type
//                                              ^ uses Shapes.Inner.Side import
//                                                    ^ calls Shapes.Inner.Side.Longer type
//                                                                    ^ calls Shapes.Inner.Side.As inferred
//                                                                       ^ uses Shapes.Inner.Side import
      var query = from c in sides where c.Length > 1 let d = c.Length join e in sides on c.Length equals e.Length select new { c.Length, Z = d };
//                          ^ references Shapes.Inner.Shape.sides scope
//                                        ^ references Shapes.Inner.Side.Length type
//                                                             ^ references Shapes.Inner.Side.Length type
//                                                                              ^ references Shapes.Inner.Shape.sides scope
//                                                                                         ^ references Shapes.Inner.Side.Length type
//                                                                                                         ^ references Shapes.Inner.Side.Length type
//                                                                                                                               ^ references Shapes.Inner.Side.Length type
      (int a1, string b1) pair = (1, "a"); var (m1, m2) = pair; Generic<Side>(3); this.Generic<Side>(4);
//                                                              ^ calls Shapes.Inner.Generic scope
//                                                                      ^ uses Shapes.Inner.Side import
//                                                                                     ^ calls Shapes.Inner.Shape.Generic self
//                                                                                             ^ uses Shapes.Inner.Side import
      label: goto label;
      for (int i = 0; i < 3; i++) { i.X(); }
//                                    ^ calls external
      fixed (int* p = &x) { p.X(); }
//                            ^ calls unresolved
      Side unset;
//    ^ uses Shapes.Inner.Side import
      unset.Longer();
//          ^ calls Shapes.Inner.Side.Longer type
      global::Other.Tools.Measure(1);
//            ^ references Other import
//                  ^ references Other.Tools import
//                        ^ calls Other.Tools.Measure module
      Alias.Measure(2); Measure(3); Other.Tools.Measure(4); Tools.Measure(5);
//    ^ references Other.Tools import
//          ^ calls Other.Tools.Measure module
//                      ^ calls Other.Tools.Measure import
//                                  ^ references Other import
//                                        ^ references Other.Tools import
//                                              ^ calls Other.Tools.Measure module
//                                                          ^ references Other.Tools import
//                                                                ^ calls Other.Tools.Measure module
      (made ?? given).Longer(); (made = given).Longer(); (made with { Length = 3 }).Longer();
//                    ^ calls Shapes.Inner.Side.Longer inferred
//                                             ^ calls Shapes.Inner.Side.Longer type
//                                                                                  ^ calls Shapes.Inner.Side.Longer inferred
      var list = new List<Side>(); $"a{made.Next}".Trim(); "a".Trim();
//                   ^ calls external
//                        ^ uses Shapes.Inner.Side import
//                                          ^ references Shapes.Inner.Side.Next inferred
//                                                 ^ calls external
//                                                             ^ calls external
      sides.ForEach(Start); Start(); Start(Open(), 2);
//    ^ references Shapes.Inner.Shape.sides scope
//          ^ calls external
//                  ^ references unresolved
//                          ^ calls Shapes.Inner.Shape.Start self
//                                   ^ calls Shapes.Inner.Shape.Start self
//                                         ^ calls Shapes.Inner.Shape.Open self
      made.Grown(2).Longer(); made.Grown().Grown(); "a".Shown(); made.Missing();
//         ^ calls Other.Tools.Grown inferred
//                  ^ calls Shapes.Inner.Side.Longer type
//                                 ^ calls Other.Tools.Grown inferred
//                                         ^ calls Other.Tools.Grown type
//                                                      ^ calls Other.Tools.Shown inferred
//                                                                    ^ calls external
      throw new InvalidOperationException();
//              ^ calls external
    }
    void INamed.Name() { }
//       ^ uses Shapes.Inner.INamed scope
//              ^ definition.method Shapes.Inner.Shape.Name visibility=private
    V Generic<V>(int x) { return default; }
//    ^ definition.method Shapes.Inner.Shape.Generic visibility=private
    abstract void Start();
//                ^ definition.method Shapes.Inner.Shape.Start abstract visibility=private
    int Start(Side one, int more = 1) { return 1; }
//      ^ definition.method Shapes.Inner.Shape.Start visibility=private
//            ^ uses Shapes.Inner.Side import
    int Start(Side one, Shape<T, U> more, string third) { return 1; }
//      ^ definition.method Shapes.Inner.Shape.Start visibility=private
//            ^ uses Shapes.Inner.Side import
//                      ^ uses Shapes.Inner.Shape scope
    public delegate void Handler(object s, Side e);
//                       ^ definition.type Shapes.Inner.Shape.Handler exported
//                                         ^ uses Shapes.Inner.Side import
    class Nested { void M() { Start(); Max.X(); Elsewhere(); } }
//        ^ definition.class Shapes.Inner.Shape.Nested visibility=private
//                      ^ definition.method Shapes.Inner.Shape.Nested.M visibility=private
//                            ^ calls Shapes.Inner.Shape.Start self
//                                     ^ references Shapes.Inner.Shape.Max scope
//                                         ^ calls external
//                                              ^ calls unresolved
    static Side Open() => null;
//         ^ uses Shapes.Inner.Side import
//              ^ definition.method Shapes.Inner.Shape.Open static visibility=private
  }
  public partial class Parts { void First() { Second(); Second(1); field.Longer(); } }
//                     ^ definition.class Shapes.Inner.Parts exported
//                                  ^ definition.method Shapes.Inner.Parts.First visibility=private
//                                            ^ calls Shapes.Inner.Parts.Second self
//                                                      ^ calls Shapes.Inner.Parts.Second self
//                                                                 ^ references Shapes.Inner.Parts.field self
//                                                                       ^ calls Shapes.Inner.Side.Longer type
  public interface INamed : IBase { int P { get; } void Name(); void Rest() { Name(); } }
//                 ^ definition.interface Shapes.Inner.INamed exported
//                          ^ extends Shapes.Inner.IBase scope
//                                      ^ definition.property Shapes.Inner.INamed.P exported
//                                                      ^ definition.method Shapes.Inner.INamed.Name exported abstract
//                                                                   ^ definition.method Shapes.Inner.INamed.Rest exported
//                                                                            ^ calls Shapes.Inner.INamed.Name self
  public enum Color : byte { Red = 1, [Marked] Green }
//            ^ definition.enum Shapes.Inner.Color exported
//                           ^ definition.enum_member Shapes.Inner.Color.Red exported
//                                     ^ decorates Shapes.Inner.MarkedAttribute import
//                                             ^ definition.enum_member Shapes.Inner.Color.Green exported
  public struct Point : INamed { int X; void Go() { X = 1; } }
//              ^ definition.struct Shapes.Inner.Point exported
//                      ^ implements Shapes.Inner.INamed scope
//                                   ^ definition.field Shapes.Inner.Point.X visibility=private
//                                           ^ definition.method Shapes.Inner.Point.Go visibility=private
//                                                  ^ references Shapes.Inner.Point.X scope
  struct Empty;
//       ^ definition.struct Shapes.Inner.Empty visibility=internal
  interface IBase;
//          ^ definition.interface Shapes.Inner.IBase visibility=internal
  class Nothing : INamed;
//      ^ definition.class Shapes.Inner.Nothing visibility=internal
//                ^ implements Shapes.Inner.INamed scope
  public record Pair(int First, Side Second) : Base<int>(First), INamed;
//              ^ definition.record Shapes.Inner.Pair exported
//                       ^ definition.property Shapes.Inner.Pair.First exported
//                              ^ uses Shapes.Inner.Side import
//                                   ^ definition.property Shapes.Inner.Pair.Second exported
//                                             ^ extends Shapes.Inner.Base import
//                                                       ^ references Shapes.Inner.Pair.First self
//                                                               ^ implements Shapes.Inner.INamed scope
  public readonly record struct One<V>(Side Whole) { Side Twice() => Whole.Longer(); }
//                              ^ definition.record Shapes.Inner.One exported
//                                     ^ uses Shapes.Inner.Side import
//                                          ^ definition.property Shapes.Inner.One.Whole exported
//                                                   ^ uses Shapes.Inner.Side import
//                                                        ^ definition.method Shapes.Inner.One.Twice visibility=private
//                                                                   ^ references Shapes.Inner.One.Whole scope
//                                                                         ^ calls Shapes.Inner.Side.Longer type
  public record Two : INamed { Nullable<Other.Boxes.Box<Side>> box; List<Base<int>> all; Base<int>[] many; Base<int>? maybe; }
//              ^ definition.record Shapes.Inner.Two exported
//                    ^ implements Shapes.Inner.INamed scope
//                             ^ uses external
//                                      ^ uses Other import
//                                            ^ uses unresolved
//                                                  ^ uses unresolved
//                                                      ^ uses Shapes.Inner.Side import
//                                                             ^ definition.field Shapes.Inner.Two.box visibility=private
//                                                                  ^ uses external
//                                                                       ^ uses Shapes.Inner.Base import
//                                                                                  ^ definition.field Shapes.Inner.Two.all visibility=private
//                                                                                       ^ uses Shapes.Inner.Base import
//                                                                                                   ^ definition.field Shapes.Inner.Two.many visibility=private
//                                                                                                         ^ uses Shapes.Inner.Base import
//                                                                                                                    ^ definition.field Shapes.Inner.Two.maybe visibility=private
  public record Three : Side { void M() { var made = new Side { Length = 1 }; ref Side other = ref made; other.Longer(); if (made is (1, var all)) { } } }
//              ^ definition.record Shapes.Inner.Three exported
//                      ^ extends Shapes.Inner.Side import
//                                  ^ definition.method Shapes.Inner.Three.M visibility=private
//                                                       ^ calls Shapes.Inner.Side import
//                                                                                ^ uses Shapes.Inner.Side import
//                                                                                                             ^ calls Shapes.Inner.Side.Longer type
  struct Generic<V> { V value; }
//       ^ definition.struct Shapes.Inner.Generic visibility=internal
//                      ^ definition.field Shapes.Inner.Generic.value visibility=private
  public delegate V Make<in V>(V x);
//                  ^ definition.type Shapes.Inner.Make exported
  class Primary<V>(Side given, string y) : Base<V> { Side z = given.Longer(); }
//      ^ definition.class Shapes.Inner.Primary visibility=internal
//                 ^ uses Shapes.Inner.Side import
//                                         ^ extends Shapes.Inner.Base import
//                                                   ^ uses Shapes.Inner.Side import
//                                                        ^ definition.field Shapes.Inner.Primary.z visibility=private
//                                                                  ^ calls Shapes.Inner.Side.Longer type
  struct Simple(Side given) { Side z = given.Longer(); }
//       ^ definition.struct Shapes.Inner.Simple visibility=internal
//              ^ uses Shapes.Inner.Side import
//                            ^ uses Shapes.Inner.Side import
//                                 ^ definition.field Shapes.Inner.Simple.z visibility=private
//                                           ^ calls Shapes.Inner.Side.Longer type
  class MarkedAttribute : Attribute { public int Level; }
//      ^ definition.class Shapes.Inner.MarkedAttribute visibility=internal
//                        ^ extends external
//                                               ^ definition.field Shapes.Inner.MarkedAttribute.Level exported
}
