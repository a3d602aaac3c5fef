#include <stdarg.h>
int total(int count, ...) {
//  ^ definition.function total
  va_list rest;
  const char *word = va_arg(rest, char *);
  struct held *next = held_cast(held *, word);
  return after(next);
//       ^ calls external
}
static int after_all(void) { return 1; }
//         ^ definition.function after_all visibility=private
HELD_API const char *(held_word)(struct held *h);
//                    ^ definition.function held_word
//                                      ^ uses external
HELD_TYPE(int, int_type);
// <- calls external
HELD_TYPE(long, long_type);
// <- calls external
