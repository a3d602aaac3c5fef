namespace Other {
//        ^ definition.namespace Other visibility=internal
  public static class Tools {
//                    ^ definition.class Other.Tools exported static
    public static int Measure(int one) => one;
//                    ^ definition.method Other.Tools.Measure exported static
  }
}
