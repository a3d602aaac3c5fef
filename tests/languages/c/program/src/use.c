#include "../include/net/point.h"
//                       ^ imports include/net/point.h import

static int helper(enum color c) { return c; }
//         ^ definition.function helper static visibility=private
//                     ^ uses color import
int main(int argc, char **argv)
//  ^ definition.function main
{
  point_make()->x = helper(GREEN);
  // <- calls point_make import
//              ^ references point::x type
//                  ^ calls helper scope
//                         ^ references color::GREEN import
  point_ref made = point_make();
  // <- uses point_ref import
//                 ^ calls point_make import
  made->next->moved(made, 1);
//      ^ references point::next type
//            ^ calls point::moved type
  DECLARE_ALL(made)
  number n;
  // <- uses number import
  n.i = shared;
//  ^ references number::i type
//      ^ references shared import
  union either e;
//      ^ uses either import
  e.b = 1;
//  ^ references either::b type
  void (*local)(int) = 0;
  int prototype(void (*cb)(int a));
//    ^ definition.function main::prototype
  old(1, 2);
  // <- calls old import
  LIST_FOREACH(made)
  return point_x(made) + outside(ONE);
//       ^ calls point_x import
//                       ^ calls external
//                               ^ references count::ONE import
}
static struct { int level; } state, *states = 0, first = { 1 };
//                  ^ definition.field first::level
//                           ^ definition.variable state static visibility=private
//                                   ^ definition.variable states static visibility=private
//                                               ^ definition.variable first static visibility=private
typedef struct { int deep; } *deep_ref;
//                   ^ definition.field deep_ref::deep
//                            ^ definition.struct deep_ref
static int uses_state(struct { int a; } *given, int (*)(int b))
//         ^ definition.function uses_state static visibility=private
{
  struct { int inside; } local;
  local.inside = state.level;
//      ^ references unresolved
//               ^ references state scope
//                     ^ references unresolved
  return states->level;
//       ^ references states scope
//               ^ references unresolved
}
typedef STRUCT_OF(int) made_t;
//      ^ references external
//                     ^ definition.typedef made_t
