#pragma once
#include <string>
//       ^ imports external
#include <memory>
//       ^ imports external

namespace geo {
//        ^ definition.namespace geo

class Canvas;
//    ^ uses external

/// How many sides.
enum class Sides : int { Three, Four = 4 };
//         ^ definition.enum geo::Sides doc=How_many_sides.
//                       ^ definition.enum_member geo::Sides::Three
//                              ^ definition.enum_member geo::Sides::Four
enum Mode { Plain, Fancy };
//   ^ definition.enum geo::Mode
//          ^ definition.enum_member geo::Mode::Plain
//                 ^ definition.enum_member geo::Mode::Fancy

/// Anything with an area.
class Shape {
//    ^ definition.class geo::Shape doc=Anything_with_an_area.
 public:
  enum Kind { Round, Flat };
//     ^ definition.enum geo::Shape::Kind
//            ^ definition.enum_member geo::Shape::Kind::Round
//                   ^ definition.enum_member geo::Shape::Kind::Flat
  using Ptr = std::unique_ptr<Shape>;
//      ^ definition.type geo::Shape::Ptr
//            ^ references external
//                 ^ uses external
//                            ^ uses geo::Shape scope
  typedef std::string Name;
//        ^ references external
//             ^ uses external
//                    ^ definition.typedef geo::Shape::Name
  typedef decltype(sizeof(int)) Size;
//                              ^ definition.typedef geo::Shape::Size
  Shape() = default;
  // <- definition.constructor geo::Shape::Shape
  explicit Shape(int sides) : sides_(sides), name_{"x"} {}
//         ^ definition.constructor geo::Shape::Shape
//                            ^ references geo::Shape::sides_ self
//                                           ^ references geo::Shape::name_ self
  Shape(const Shape&) = delete;
  // <- definition.constructor geo::Shape::Shape
//            ^ uses geo::Shape scope
  Shape& operator=(const Shape& other);
  // <- uses geo::Shape scope
//       ^ definition.method geo::Shape::operator=
//                       ^ uses geo::Shape scope
  virtual ~Shape();
//        ^ definition.method geo::Shape::~Shape
  virtual double area() const = 0;
//               ^ definition.method geo::Shape::area abstract
  virtual void draw(Canvas& canvas, int times = 1);
//             ^ definition.method geo::Shape::draw
//                  ^ uses external
  static Shape* make(Kind kind);
//       ^ uses geo::Shape scope
//              ^ definition.method geo::Shape::make static
//                   ^ uses geo::Shape::Kind scope
  bool operator()(int x) const { return x > sides_; }
//     ^ definition.method geo::Shape::operator()
//                                          ^ references geo::Shape::sides_ scope
  operator bool() const;
  Shape& next();
  // <- uses geo::Shape scope
//       ^ definition.method geo::Shape::next
  template <typename T, class U = int, int N = 3> void put(T&& value, U other);
//                                                     ^ definition.method geo::Shape::put
//                                                         ^ uses external
//                                                                    ^ uses external
  template <class... Rest> void all(Rest... rest) { draw(rest...); }
//                              ^ definition.method geo::Shape::all
//                                                  ^ calls geo::Shape::draw scope
  friend class Canvas;
//             ^ uses external
  friend void swap(Shape& a, Shape& b);
//                 ^ uses geo::Shape scope
//                           ^ uses geo::Shape scope
  friend Shape& pick(Shape& a);
//       ^ uses geo::Shape scope
//                   ^ uses geo::Shape scope
  friend bool operator<(const Shape& a, const Shape& b);
//                            ^ uses geo::Shape scope
//                                            ^ uses geo::Shape scope
  friend Shape& operator+=(Shape& a, int b);
//       ^ uses geo::Shape scope
//                         ^ uses geo::Shape scope
  struct Corner { int x; };
//       ^ definition.struct geo::Shape::Corner
//                    ^ definition.field geo::Shape::Corner::x
  Corner corner;
  // <- uses geo::Shape::Corner scope
//       ^ definition.field geo::Shape::corner

 protected:
  int sides_ = 0, *extra_;
//    ^ definition.field geo::Shape::sides_
//                 ^ definition.field geo::Shape::extra_

 private:
  std::string name_;
  // <- references external
//     ^ uses external
//            ^ definition.field geo::Shape::name_
  static int count;
//           ^ definition.field geo::Shape::count static
};

template <typename T>
class Box : public Shape, private Base<T> {
//    ^ definition.class geo::Box
//                 ^ extends geo::Shape scope
//                                ^ extends external
 public:
  T get() const;
//  ^ definition.method geo::Box::get
  T& ref();
//   ^ definition.method geo::Box::ref
  Shape* operator->();
  // <- uses geo::Shape scope
//       ^ definition.method geo::Box::operator->
  T value;
//  ^ definition.field geo::Box::value
};
template <>
class Box<int> {};
//    ^ definition.class geo::Box
template <> struct Holder<int> {};
//                 ^ definition.struct geo::Holder
template <typename T> T Box<T>::get() const { return value; }
//                      ^ uses geo::Box scope
//                              ^ definition.method geo::Box::get
//                                                   ^ references geo::Box::value type
template <typename T> concept Small = sizeof(T) < 8;
//                            ^ definition.type geo::Small
//                                           ^ references external
template <typename T> using Alias = Box<T>;
//                          ^ definition.type geo::Alias
//                                  ^ uses geo::Box scope
//                                      ^ uses external
template <template <typename> class C, typename... R> void nested(C<R...> c);
//                                                         ^ definition.function geo::nested
//                                                                ^ uses external
//                                                                  ^ uses external
template <typename T> requires requires(T t) { t.draw(); } void constrained(T t);
//                                      ^ uses external
//                                               ^ calls external
//                                                              ^ definition.function geo::constrained
//                                                                          ^ uses external

struct Square final : Shape, virtual Other {
//     ^ definition.struct geo::Square
//                    ^ extends geo::Shape scope
//                                   ^ extends external
  double area() const override { return side * Shape::sides_; }
//       ^ definition.method geo::Square::area
//                                      ^ references geo::Square::side scope
//                                             ^ references geo::Shape scope
//                                                    ^ references geo::Shape::sides_ module
  double side;
//       ^ definition.field geo::Square::side
  struct Inner;
//       ^ uses geo::Square::Inner scope
};
inline namespace v2 { int versioned(); }
//               ^ definition.namespace geo::v2
//                        ^ definition.function geo::v2::versioned
void outside(const Shape& shape);
//   ^ definition.function geo::outside
//                 ^ uses geo::Shape scope
const Shape& first();
//    ^ uses geo::Shape scope
//           ^ definition.function geo::first
}  // namespace geo
namespace geo::detail { void hidden(); }
//        ^ definition.namespace geo::detail
//                           ^ definition.function geo::detail::hidden
struct geo::Square::Inner { int deep; };
//     ^ references geo scope
//          ^ references geo::Square import
//                  ^ definition.struct geo::Square::Inner
//                              ^ definition.field geo::Square::Inner::deep
class Global {};
//    ^ definition.class Global
class geo::Later { int soon; };
//    ^ references geo scope
//         ^ definition.class geo::Later
//                     ^ definition.field geo::Later::soon
struct geo::Sooner { int soon; };
//     ^ references geo scope
//          ^ definition.struct geo::Sooner
//                       ^ definition.field geo::Sooner::soon
template <typename T> Global convert(T value);
//                    ^ uses Global scope
//                           ^ definition.function convert
//                                   ^ uses external
