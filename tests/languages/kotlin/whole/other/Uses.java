package other;

class Uses {
//    ^ definition.class other.Uses visibility=internal
  Side side;
//^ uses other.Side import
//     ^ definition.field other.Uses.side visibility=internal
  void use() { side.longer(); }
//     ^ definition.method other.Uses.use visibility=internal
//             ^ references other.Uses.side scope
//                  ^ calls other.Side.longer type
}
