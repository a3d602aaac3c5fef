/** Says a word. */
export function say(word, { loud = true, tone: pitch = 1, inner: { deep } }, [first, second = say], ...rest) {
//              ^ definition.function all.say exported doc=Says_a_word.
//                                                                                            ^ references all.say scope
  if (loud) { const word = "x"; word.trim(); } else { let pitch = 2; pitch; }
//                                   ^ calls external
  return first || second ?? deep;
}
export async function later() { await say("x"); }
//                    ^ definition.function all.later exported async
//                                    ^ calls all.say scope
export function* count() { yield say; }
//               ^ definition.function all.count exported generator
//                               ^ references all.say scope
export const arrow = async (a) => say(a), single = b => arrow(b);
//           ^ definition.function all.arrow exported async
//                                ^ calls all.say scope
//                                        ^ definition.function all.single exported
//                                                      ^ calls all.arrow scope
export const named = function inner() { return inner; };
//           ^ definition.function all.named exported
//                            ^ definition.function all.named.inner
//                                             ^ references all.named.inner scope
const generator = function* () {};
//    ^ definition.function all.generator generator
const named2 = function* inside() {};
//    ^ definition.function all.named2 generator
//                       ^ definition.function all.named2.inside generator
function outer() { function nested() { return outer; } return nested(); }
//       ^ definition.function all.outer
//                          ^ definition.function all.outer.nested
//                                            ^ references all.outer scope
//                                                            ^ calls all.outer.nested scope
var old = say, older;
//  ^ definition.variable all.old
//        ^ references all.say scope
//             ^ definition.variable all.older
let changing;
//  ^ definition.variable all.changing
function hoists() { { var old = 1; } old; }
//       ^ definition.function all.hoists

// What holds things.
class Holder extends say.Base {
//    ^ definition.class all.Holder doc=What_holds_things.
//                   ^ references all.say scope
//                       ^ extends unresolved
  static count = 0;
//       ^ definition.field all.Holder.count static
  #hidden = new Holder();
//              ^ calls all.Holder scope
  empty;
  act = () => { this.held = say; };
//                   ^ definition.field all.Holder.held
//                          ^ references all.say scope
  react = async function () {};
  constructor() { super(); this.held = 1; }
//                              ^ references all.Holder.held self
  get size() { return this.held; }
//    ^ definition.accessor all.Holder.size
//                         ^ references all.Holder.held self
  set size(value) {}
//    ^ definition.accessor all.Holder.size
  static make() { return new Holder(); }
//       ^ definition.method all.Holder.make static
//                           ^ calls all.Holder scope
  async run() { super.run(); return this.#hidden.size; }
//      ^ definition.method all.Holder.run async
//                    ^ calls external
//                                       ^ references all.Holder.#hidden self
//                                               ^ references all.Holder.size inferred
  *each() {}
// ^ definition.method all.Holder.each generator
  #own() { return this.#own(); }
//                     ^ calls all.Holder.#own self
}
const Sub = class extends Holder { more() { this.run(); Holder.make().run(); } };
//    ^ definition.class all.Sub
//                        ^ extends all.Holder scope
//                                 ^ definition.method all.Sub.more
//                                               ^ calls all.Holder.run inheritance
//                                                      ^ references all.Holder scope
//                                                             ^ calls all.Holder.make module
//                                                                    ^ calls all.Holder.run inferred
const Sub2 = class Inner extends Holder {};
//    ^ definition.constant all.Sub2
//                 ^ definition.class all.Inner
//                               ^ extends all.Holder scope
@decorate class Marked { @decorate method() {} @decorate field = 1; }
//              ^ definition.class all.Marked
//                        ^ decorates all.decorate scope
//                                 ^ definition.method all.Marked.method
//                                              ^ decorates all.decorate scope
//                                                       ^ definition.field all.Marked.field
@decorate
export class Marked2 {}
//           ^ definition.class all.Marked2 exported
function decorate(target = api) {}
//       ^ definition.function all.decorate
//                         ^ references all.api scope

const api = { get() { return this.post(); }, post: () => say, put: function () {}, get size() { return 1; }, say };
//    ^ definition.constant all.api
//            ^ definition.method all.api.get
//                                ^ calls all.api.post self
//                                           ^ definition.property all.api.post
//                                                       ^ references all.say scope
//                                                            ^ definition.property all.api.put
//                                                                                     ^ definition.accessor all.api.size
//                                                                                                           ^ references all.say scope
export const shared = { run() {}, stop: () => 1 };
//           ^ definition.constant all.shared exported
//                      ^ definition.method all.shared.run
//                                ^ definition.property all.shared.stop
api.get();
// <- references all.api scope
//  ^ calls all.api.get module
api.post();
// <- references all.api scope
//  ^ calls all.api.post module
shared.stop();
// <- references all.shared scope
//     ^ calls all.shared.stop module

const text = "a", template = `b`, list = [1];
//    ^ definition.constant all.text
//                ^ definition.constant all.template
//                                ^ definition.constant all.list
text.trim();
// <- references all.text scope
//   ^ calls external
template.trim();
// <- references all.template scope
//       ^ calls external
list.map(say);
// <- references all.list scope
//   ^ calls external
//       ^ references all.say scope
"x".trim();
//  ^ calls external
`y`.trim();
//  ^ calls external
[say].map(arrow);
//    ^ calls external
//        ^ references all.arrow scope
/z/.test("z");
//  ^ calls external
(say)("x");
(changing = say)("x");
//          ^ calls all.say scope
const chosen = changing ? say : arrow;
//    ^ definition.constant all.chosen
//             ^ references all.changing scope
//                        ^ references all.say scope
//                              ^ references all.arrow scope
const either = changing && say;
//    ^ definition.constant all.either
//             ^ references all.changing scope
//                         ^ references all.say scope
const { call: called, other } = api;
//            ^ definition.constant all.called
//                    ^ definition.constant all.other
//                              ^ references all.api scope
const [head, [tail], { member }] = list;
//     ^ definition.constant all.head
//            ^ definition.constant all.tail
//                     ^ definition.constant all.member
//                                 ^ references all.list scope
called();
// <- calls all.called scope
list[0]();
// <- calls all.list scope
import.meta.url;
//          ^ references unresolved

for (let i = 0; i < 1; i++) { i; }
for (const item of list) { item; }
//                 ^ references all.list scope
while (chosen) { const say = 1; say; }
//     ^ references all.chosen scope
do { const say = 2; say; } while (either);
//                                ^ references all.either scope
try { const say = 3; say; } catch (error) { error; } finally { const say = 4; say; }
switch (text) { case 1: const say = 5; say; }
//      ^ references all.text scope
{ const say = 6; say; }
function blocks() { { const say = 7; say; } label: for (;;) { continue label; } }
//       ^ definition.function all.blocks
function view() { return <Holder.Part title={text}><div>{say("x")}</div><Sub /><p /></Holder.Part>; }
//       ^ definition.function all.view
//                        ^ references all.Holder scope
//                               ^ references external
//                                           ^ references all.text scope
//                                                       ^ calls all.say scope
//                                                                       ^ references all.Sub scope
//                                                                                    ^ references all.Holder scope
//                                                                                           ^ references external
