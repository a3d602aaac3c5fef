using Shapes.Inner;
//           ^ imports unresolved
namespace Other {
//        ^ definition.namespace Other visibility=internal
  public static class Tools {
//                    ^ definition.class Other.Tools exported static
    public static int Measure(int one) => one;
//                    ^ definition.method Other.Tools.Measure exported static
    public static Side Grown(this Side side, int by = 1) => side;
//                ^ uses Shapes.Inner.Side import
//                     ^ definition.method Other.Tools.Grown exported static
//                                ^ uses Shapes.Inner.Side import
    public static string Shown(this string text) => text;
//                       ^ definition.method Other.Tools.Shown exported static
  }
}
