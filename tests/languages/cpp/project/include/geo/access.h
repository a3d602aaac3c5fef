#pragma once

namespace geo {

class Guarded {
  int first_;
//    ^ definition.field geo::Guarded::first_ visibility=private
  void before();
//     ^ definition.method geo::Guarded::before visibility=private
 public:
  Guarded() {}
  // <- definition.constructor geo::Guarded::Guarded exported visibility=public
  int open;
//    ^ definition.field geo::Guarded::open visibility=public
  struct Part { int free; private: int shut; };
//       ^ definition.struct geo::Guarded::Part visibility=public
//                  ^ definition.field geo::Guarded::Part::free visibility=public
//                                     ^ definition.field geo::Guarded::Part::shut visibility=private
  template <typename T> T get() const;
//                        ^ definition.method geo::Guarded::get visibility=public
 protected:
  enum Kind { Here };
//     ^ definition.enum geo::Guarded::Kind visibility=protected
//            ^ definition.enum_member geo::Guarded::Kind::Here visibility=public
  static void shared();
//            ^ definition.method geo::Guarded::shared static visibility=protected
 private:
  using Text = char*;
//      ^ definition.type geo::Guarded::Text visibility=private
};

void Guarded::before() {}
//            ^ definition.method geo::Guarded::before visibility=private
template <typename T> T Guarded::get() const { return T(); }
//                               ^ definition.method geo::Guarded::get visibility=public
void Elsewhere::made() {}
//              ^ definition.method geo::Elsewhere::made visibility=public

}
