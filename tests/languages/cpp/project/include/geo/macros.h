#pragma once

GEO_BEGIN_NAMESPACE
GEO_DISABLE_WARNINGS_PUSH_(4251)  // a compiler's
namespace geo {

class [[nodiscard]] GEO_API Marked {
//                          ^ definition.class geo::Marked visibility=public
 public:
  GEO_CONSTEXPR Marked(int size) : size_(size) {}
  //            ^ definition.constructor geo::Marked::Marked
  GEO_API std::vector<int> made() const;
//        ^ references external
//                         ^ definition.method geo::Marked::made
 private:
  int size_;
//    ^ definition.field geo::Marked::size_ visibility=private
};
GEO_API extern const int kMarked;
//                       ^ definition.variable geo::kMarked

}
GEO_END_NAMESPACE
int (guarded)(int size);
//   ^ definition.function guarded
GEO_TYPE(int, int_type);
// <- nothing
GEO_TYPE(long, long_type);
// <- calls unresolved
