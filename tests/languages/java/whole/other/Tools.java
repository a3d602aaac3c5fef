package other;

public final class Tools {
//                 ^ definition.class other.Tools exported
  public static int measure() { return 0; }
//                  ^ definition.method other.Tools.measure exported static
  public static int measure(int a) { return a; }
//                  ^ definition.method other.Tools.measure exported static
  public static int scale() { return 1; }
//                  ^ definition.method other.Tools.scale exported static
}
public interface Open {}
//               ^ definition.interface other.Open exported
@Deprecated public enum Kind {}
//                      ^ definition.enum other.Kind exported
public record Rec(int a) { public Rec {} }
//            ^ definition.record other.Rec exported
//                    ^ definition.field other.Rec.a visibility=internal
//                                ^ definition.constructor other.Rec.Rec exported
public @interface Mark {}
//                ^ definition.interface other.Mark exported
