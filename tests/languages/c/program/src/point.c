#include "net/point.h"
//            ^ imports include/net/point.h import
#include "missing.h"
//        ^ imports external
#if defined(__linux__)
int only_here(void) { return 1; }
//  ^ definition.function only_here
#else
int only_here(void) { return 2; }
//  ^ definition.function only_here
#endif

struct hidden { int secret; };
//     ^ definition.struct hidden
//                  ^ definition.field hidden::secret
int shared = 1;
//  ^ definition.variable shared
static const char *names[] = { "a", "b" };
//                 ^ definition.variable names static visibility=private
static struct point origin = { .x = 1, .next = NULL }, many[] = { { .x = 2 } };
//            ^ uses point import
//                  ^ definition.variable origin static visibility=private
//                              ^ references point::x module
//                                      ^ references point::next module
//                                                     ^ definition.variable many static visibility=private
//                                                                   ^ references point::x module
static int helper(int by);
//         ^ definition.function helper static visibility=private
static void cleanup(void) __attribute__((noreturn, cleanup(done)));
//          ^ definition.function cleanup static visibility=private
//                                                         ^ references external

/* Moves. */
int point_move(point *p, int by)
//  ^ definition.function point_move doc=Moves.
//             ^ uses point import
{
  point_t *other = p->next;
  // <- uses point_t import
//                    ^ references point::next type
  size s = { .width = 3 };
  // <- uses size import
//            ^ references size::width module
  other->next->x = LIMIT;
//       ^ references point::next type
//             ^ references point::x type
//                 ^ references LIMIT import
  s.own->secret = TWICE(by);
//  ^ references size::own type
//       ^ references hidden::secret type
//                ^ calls TWICE import
  p->moved(p, 1);
//   ^ calls point::moved type
  (*other).next = &origin;
//         ^ references point::next type
//                 ^ references origin scope
  many[0].x = 1;
  // <- references many scope
//        ^ references point::x type
  for (int i = 0; i < by; i++) {
    point *p = other ? other : &origin;
//  ^ uses point import
//                              ^ references origin scope
    p->y = helper(i);
//     ^ references point::y type
//         ^ calls helper scope
  }
  ((struct point *) by)->x = (point){ .x = RED }.x;
//         ^ uses point import
//                       ^ references point::x type
//                            ^ uses point import
//                                     ^ references point::x module
//                                         ^ references color::RED import
//                                               ^ references point::x type
  printf("%d", names[0]);
  // <- calls external
//             ^ references names scope
  callback function = by ? helper : point_move;
  // <- uses callback import
//                         ^ references helper scope
//                                  ^ references point_move scope
  function(1);
  (function)(2);
  struct point copy = *p;
//       ^ uses point import
  copy.x = by = helper(2);
//     ^ references point::x type
//              ^ calls helper scope
  only_here();
  // <- calls only_here scope
  usual_name();
  // <- calls external
  return shared + sizeof(point_t);
//       ^ references shared scope
//                       ^ references point_t import
}

static int helper(int by)
//         ^ definition.function helper static visibility=private
{
#if FEATURE
  if (by) {
#else
  if (!by) {
#endif
    return point_x(&origin);
//         ^ calls point_x import
//                  ^ references origin scope
  }
  return old(by, 1);
//       ^ calls old scope
}
int old(first, second)
//  ^ definition.function old
  int first;
  char second;
{
  return first;
}
point *point_make(void) { return &origin; }
// <- uses point import
//     ^ definition.function point_make
//                                ^ references origin scope
point **point_all(size_t n) { return 0; }
// <- uses point import
//      ^ definition.function point_all
int (*choose(int which))(int by) { return helper; }
//    ^ definition.function choose
//                                        ^ references helper scope
#if 0
int never(void) { return 1; }
#endif
