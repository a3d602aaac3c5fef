#include "geo/shape.h"
//            ^ imports include/geo/shape.h import

namespace geo {
//        ^ definition.namespace geo
namespace {
// <- definition.namespace geo::(anonymous)
int secret = 1;
//  ^ definition.variable geo::(anonymous)::secret
void helper(Shape& shape) { shape.draw(*new Canvas(), secret); }
//   ^ definition.function geo::(anonymous)::helper
//          ^ uses geo::Shape import
//                                ^ calls geo::Shape::draw type
//                                          ^ uses external
//                                                    ^ references geo::(anonymous)::secret scope
}  // namespace

Shape::~Shape() {}
// <- references geo::Shape import
//     ^ definition.method geo::Shape::~Shape
Shape& Shape::operator=(const Shape& other) { return *this; }
// <- uses geo::Shape import
//     ^ references geo::Shape import
//            ^ definition.method geo::Shape::operator=
//                            ^ uses geo::Shape import
Shape::operator bool() const { return sides_ > 0; }
// <- references geo::Shape import
//                                    ^ references geo::Shape::sides_ type
void Shape::draw(Canvas& canvas, int times) {
//   ^ references geo::Shape import
//          ^ definition.method geo::Shape::draw
//               ^ uses external
  helper(*this);
  // <- calls geo::(anonymous)::helper scope
  sides_ = times;
  // <- references geo::Shape::sides_ type
  this->draw(canvas, area());
//      ^ calls geo::Shape::draw type
//                   ^ calls geo::Shape::area type
  outside(*this);
  // <- calls geo::outside scope
  Shape local(times);
  // <- uses geo::Shape import
  Shape other{2};
  // <- uses geo::Shape import
  auto made = new Square();
//                ^ uses geo::Square import
  made->draw(canvas, 1);
//      ^ calls geo::Shape::draw type
  made->Shape::draw(canvas, 2);
//      ^ references geo::Shape import
//             ^ calls geo::Shape::draw type
  auto smart = std::make_unique<Square>();
//             ^ references external
//                  ^ calls external
//                              ^ uses geo::Square import
  smart->area();
//       ^ calls geo::Square::area type
  Ptr owned;
  // <- uses geo::Shape::Ptr type
  owned->area();
//       ^ calls external
  auto near = make_unique<Square>();
//            ^ calls external
//                        ^ uses geo::Square import
  near->side;
//      ^ references geo::Square::side type
  static_cast<Square*>(&local)->area();
  // <- calls external
//            ^ uses geo::Square import
//                              ^ calls geo::Square::area type
  auto closure = [this, &times, kept = made](int by) mutable -> int { return kept->side + by; };
//                                                                                 ^ references unresolved
  closure(1);
  for (auto& each : list) each.draw();
//                  ^ references external
//                             ^ calls external
  for (Square& each : list) each.area();
//     ^ uses geo::Square import
//                    ^ references external
//                               ^ calls geo::Square::area type
  for (int i = 0; i < 3; i++) local.next().draw(canvas, i);
//                                  ^ calls geo::Shape::next type
//                                         ^ calls geo::Shape::draw type
  try { throw local; } catch (const Shape& caught) { caught.area(); }
//                                  ^ uses geo::Shape import
//                                                          ^ calls geo::Shape::area type
  if (auto found = make(Round)) found->area();
//                 ^ calls geo::Shape::make type
//                      ^ references geo::Shape::Kind::Round type
//                                     ^ calls geo::Shape::area type
  while (auto more = make(Kind::Flat)) more->area();
//                   ^ calls geo::Shape::make type
//                        ^ references geo::Shape::Kind type
//                              ^ references geo::Shape::Kind::Flat type
//                                           ^ calls geo::Shape::area type
  auto [left, right] = pair;
//                     ^ references external
  Corner c;
  // <- uses geo::Shape::Corner type
  c.x = corner.x;
//  ^ references geo::Shape::Corner::x type
//      ^ references geo::Shape::corner type
//             ^ references geo::Shape::Corner::x type
  Box<Square> box;
  // <- uses geo::Box import
//    ^ uses geo::Square import
  box.get();
//    ^ calls geo::Box::get type
  box.value;
//    ^ references geo::Box::value type
  box.put<int>(1, 2);
//    ^ calls geo::Shape::put type
  ::free_one();
//  ^ calls free_one scope
  detail::hidden();
  // <- references geo::detail import
//        ^ calls geo::detail::hidden import
  geo::detail::hidden();
  // <- references geo scope
//     ^ references geo::detail import
//             ^ calls geo::detail::hidden import
  versioned();
  // <- calls external
  Sides s = Sides::Four;
  // <- uses geo::Sides import
//          ^ references geo::Sides import
//                 ^ references geo::Sides::Four module
  Mode m = Fancy;
  // <- uses geo::Mode import
//         ^ references geo::Mode::Fancy import
  put<int>(1, 2);
  // <- calls geo::Shape::put type
  geo::outside(local);
  // <- references geo scope
//     ^ calls geo::outside import
  Shape::make(Flat)->area();
  // <- references geo::Shape import
//       ^ calls geo::Shape::make module
//            ^ references geo::Shape::Kind::Flat type
//                   ^ calls geo::Shape::area type
  geo::Shape::make(Flat);
  // <- references geo scope
//     ^ references geo::Shape import
//            ^ calls geo::Shape::make module
//                 ^ references geo::Shape::Kind::Flat type
  Square local_function(other);
  // <- uses geo::Square import
  Box<int>::missing<int>(1);
  // <- uses geo::Box import
//          ^ calls external
  geo::Box<Square>::make(Flat);
  // <- references geo scope
//     ^ uses geo::Box import
//         ^ uses geo::Square import
//                  ^ calls geo::Shape::make module
//                       ^ references geo::Shape::Kind::Flat type
  std::function<int(int)> f;
  // <- references external
//     ^ uses external
  all(left, right);
  // <- calls geo::Shape::all type
}
Shape* Shape::make(Kind kind) { return kind == Round ? nullptr : new Square; }
// <- uses geo::Shape import
//     ^ references geo::Shape import
//            ^ definition.method geo::Shape::make
//                 ^ uses geo::Shape::Kind type
//                                             ^ references geo::Shape::Kind::Round type
//                                                                   ^ uses geo::Square import
int Shape::count = 0;
//  ^ references geo::Shape import
//         ^ references geo::Shape::count module
Shape& Shape::next() { return *this; }
// <- uses geo::Shape import
//     ^ references geo::Shape import
//            ^ definition.method geo::Shape::next
void outside(const Shape& shape) {}
//   ^ definition.function geo::outside
//                 ^ uses geo::Shape import
template <> void special<int>(int x) {}
//               ^ definition.function geo::special
template <> void Shape::put<int>(int&& value, int other) {}
//               ^ references geo::Shape import
//                      ^ definition.method geo::Shape::put
}  // namespace geo
void geo::detail::hidden() {}
//   ^ references geo scope
//        ^ references geo::detail import
//                ^ definition.method geo::detail::hidden
void geo::v2::Deep::far() {}
//   ^ references geo scope
//        ^ references geo::v2 import
//            ^ references unresolved
//                  ^ definition.method geo::v2::Deep::far
const geo::Shape& geo::first() { return *static_cast<geo::Shape*>(0); }
//    ^ references geo scope
//         ^ uses geo::Shape import
//                ^ references geo scope
//                     ^ definition.method geo::first
//                                       ^ calls external
//                                                   ^ references geo scope
//                                                        ^ uses geo::Shape import
void free_one() {}
//   ^ definition.function free_one
typedef geo::Box<int> IntBox;
//      ^ references geo scope
//           ^ uses geo::Box import
//                    ^ definition.typedef IntBox
