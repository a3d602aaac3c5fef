#include "geo/shape.h"
//            ^ imports include/geo/shape.h import
using namespace geo;
//              ^ imports unresolved
using geo::outside;
//    ^ imports unresolved
//         ^ definition.import outside
//         ^ imports geo::outside import
using geo::detail::hidden;
//    ^ references geo import
//         ^ references geo::detail import
//                 ^ references geo::detail::hidden import
namespace alias = geo::detail;
//                ^ references geo import
//                     ^ references geo::detail import

class ShapeTest {
//    ^ definition.class ShapeTest
 public:
  void prepare();
//     ^ definition.method ShapeTest::prepare
  Square square;
  // <- uses geo::Square import
//       ^ definition.field ShapeTest::square
};
TEST(ShapeTest, Draws) {
//   ^ uses ShapeTest scope
//              ^ uses external
  prepare();
  // <- calls ShapeTest::prepare self
  square.area();
  // <- references ShapeTest::square self
//       ^ calls geo::Square::area type
  outside(square);
  // <- calls geo::outside import
//        ^ references ShapeTest::square self
  hidden();
  // <- calls external
  Canvas canvas;
  // <- uses external
  int (*pointer)(int) = 0;
}
namespace inner { CAPS(x) { free_one(); } }
//        ^ definition.namespace inner
//                     ^ uses external
//                          ^ calls free_one import
bool operator==(const ShapeTest& a, const ShapeTest& b) { return a.square == b.square; }
//   ^ definition.function operator==
//                    ^ uses ShapeTest scope
//                                        ^ uses ShapeTest scope
//                                                                 ^ references ShapeTest::square type
//                                                                             ^ references ShapeTest::square type
