#ifndef POINT_H
#define POINT_H
//      ^ definition.constant POINT_H
#include <stddef.h>
//       ^ imports external

#ifdef __cplusplus
extern "C" {
#endif

/* The largest. */
#define LIMIT 10
//      ^ definition.constant LIMIT doc=The_largest.
/** Doubles. */
#define TWICE(x) ((x) * 2)
//      ^ definition.macro TWICE doc=Doubles.
#ifdef _WIN32
# define usual_name other_name
//       ^ definition.constant usual_name
#endif

/* A place
 * on a plane. */
typedef struct point {
//             ^ definition.struct point doc=A_place
  FIELDS_OF_ALL
  int x, *y;
//    ^ definition.field point::x
//        ^ definition.field point::y
  struct { int z; } inner;
//             ^ definition.field point::z
//                  ^ definition.field point::inner
  unsigned flag : 1;
//         ^ definition.field point::flag
  void (*moved)(struct point *self, int by);
//       ^ definition.field point::moved
//                     ^ uses point scope
  struct point *next;
//       ^ uses point scope
//              ^ definition.field point::next
} point, *point_ref;
  // <- definition.typedef point doc=A_place
//        ^ definition.typedef point_ref doc=A_place
typedef struct point point_t;
//             ^ uses point scope
//                   ^ definition.typedef point_t
typedef struct hidden hidden;
//             ^ uses hidden import
//                    ^ definition.struct hidden
typedef struct { int width; hidden *own; } size;
//                   ^ definition.field size::width
//                          ^ uses hidden import
//                                  ^ definition.field size::own
//                                         ^ definition.struct size
typedef union { int i; float f; } *number_ref;
//                  ^ definition.field number_ref::i
//                           ^ definition.field number_ref::f
//                                 ^ definition.union number_ref
typedef union { int i; float f; } number;
//                  ^ definition.field number::i
//                           ^ definition.field number::f
//                                ^ definition.union number
typedef enum { ONE, TWO = 2 } count;
//             ^ definition.enum_member count::ONE
//                  ^ definition.enum_member count::TWO
//                            ^ definition.enum count
enum color { RED, GREEN = TWO };
//   ^ definition.enum color
//           ^ definition.enum_member color::RED
//                ^ definition.enum_member color::GREEN
//                        ^ references count::TWO scope
union either { int a; float b; };
//    ^ definition.union either
//                 ^ definition.field either::a
//                          ^ definition.field either::b
typedef int (*callback)(int first, point *second);
//            ^ definition.typedef callback
//                                 ^ uses point scope
typedef unsigned long word;
//                    ^ definition.typedef word
typedef word words[4];
//      ^ uses word scope
//           ^ definition.typedef words

extern int shared;
//         ^ definition.variable shared
API_EXPORT int point_move(point *p, int by);
//             ^ definition.function point_move
//                        ^ uses point scope
point *point_make(void);
// <- uses point scope
//     ^ definition.function point_make
point **point_all(size_t n);
// <- uses point scope
//      ^ definition.function point_all
static inline int point_x(const point *p) { return p->x; }
//                ^ definition.function point_x static visibility=private
//                              ^ uses point scope
//                                                    ^ references point::x type

#ifdef __cplusplus
}
#endif
#endif
