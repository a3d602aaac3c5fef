import main, { helper, outer, Shape as Form, type Shape2 } from "./lib/a";
//     ^ imports lib/a.main import
//             ^ imports lib/a.helper import
//                     ^ imports lib/a.inner import
//                            ^ imports lib/a.Shape import
//                                                ^ imports lib/a.Shape2 import
//                                                                     ^ imports lib/a import
import * as all from "./lib/a.js";
//                          ^ imports lib/a import
import dflt from "./lib/defaults";
//     ^ imports lib/defaults.default import
//                      ^ imports lib/defaults import
import arrow from "./lib/arrow";
//     ^ imports lib/arrow.default import
//                       ^ imports lib/arrow import
import object from "./lib/object";
//     ^ imports lib/object.default import
//                        ^ imports lib/object import
import named from "./lib/named";
//     ^ imports lib/named.named import
//                       ^ imports lib/named import
import fn from "./lib/fn";
//     ^ imports lib/fn.default import
//                    ^ imports lib/fn import
import whole = require("./lib/legacy");
//                            ^ imports lib/legacy import
import { renamed, everything, Shape, value } from "./lib";
//       ^ imports lib/a.helper import
//                ^ imports lib/a import
//                            ^ imports lib/a.Shape import
//                                   ^ imports lib/a.value import
//                                                   ^ imports lib/index import
import indexed from "./lib";
//     ^ imports lib/a.main import
//                     ^ imports lib/index import
import { Unnamed, again } from "@/a";
//       ^ imports lib/a.Unnamed import
//                ^ imports lib/types.helper import
//                                ^ imports lib/a import
import { Options } from "exact";
//       ^ imports lib/types.Options import
//                       ^ imports lib/types import
import { extra } from "@scope/tool/extra";
//       ^ imports packages/tool/src/extra.extra import
//                                 ^ imports packages/tool/src/extra import
import { tool } from "@scope/tool";
//       ^ imports packages/tool/src/index.tool import
//                           ^ imports packages/tool/src/index import
import { extra as deep } from "@scope/tool/deep/extra";
//       ^ imports packages/tool/src/extra.extra import
//                                              ^ imports packages/tool/src/extra import
import { based } from "lib/a";
//       ^ imports unresolved
//                         ^ imports lib/a import
import express from "express";
//     ^ imports external
//                   ^ imports external
import "./lib/a";
//            ^ imports lib/a import

main();
// <- calls lib/a.main import
helper();
// <- calls lib/a.helper import
outer();
// <- calls lib/a.inner import
new Form().draw();
//  ^ calls lib/a.Shape import
//         ^ calls lib/a.Shape.draw inferred
let side: Shape2 = Shape2;
//  ^ definition.variable use.side
//        ^ uses lib/a.Shape2 import
//                 ^ references lib/a.Shape2 import
all.helper();
// <- references lib/a import
//  ^ calls lib/a.helper module
all.value.run();
// <- references lib/a import
//  ^ references lib/a.value module
//        ^ calls lib/a.value.run module
all.value.stop();
// <- references lib/a import
//  ^ references lib/a.value module
//        ^ calls lib/a.value.stop module
new dflt().method();
//  ^ calls lib/defaults.default import
//         ^ calls lib/defaults.default.method inferred
arrow();
// <- calls lib/arrow.default import
object.start();
// <- references lib/object.default import
//     ^ calls lib/object.default.start module
named();
// <- calls lib/named.named import
fn();
// <- calls lib/fn.default import
whole();
// <- calls lib/legacy.whole import
renamed();
// <- calls lib/a.helper import
everything.outer();
// <- references lib/a import
//         ^ calls lib/a.inner module
new Shape().draw();
//  ^ calls lib/a.Shape import
//          ^ calls lib/a.Shape.draw inferred
value.run();
// <- references lib/a.value import
//    ^ calls lib/a.value.run module
indexed();
// <- calls lib/a.main import
new Unnamed();
//  ^ calls lib/a.Unnamed import
again();
// <- calls lib/types.helper import
let o: Options;
//  ^ definition.variable use.o
//     ^ uses lib/types.Options import
o.deep;
// <- references use.o scope
extra();
// <- calls packages/tool/src/extra.extra import
tool();
// <- calls packages/tool/src/index.tool import
deep();
// <- calls packages/tool/src/extra.extra import
express().use();
// <- calls external
//        ^ calls external
import("./lib/a").then(m => m);
//            ^ imports lib/a import
//                ^ calls unresolved
const lazy = await import("./lib/a");
//    ^ definition.constant use.lazy
//                               ^ imports lib/a import
lazy.helper();
// <- references use.lazy scope
//   ^ calls lib/a.helper module
{
  const helper = 1;
  helper;
}
try { fail(); } catch (helper) { helper(); } finally { const outer = 1; outer; }
//    ^ calls unresolved
for (const outer of []) outer();
for (let i = 0; i < 3; i++) { i; }
if (side) { const main = 1; main; } else { let main = 2; main; }
//  ^ references use.side scope
while (side) { let main = 3; main; }
//     ^ references use.side scope
do { let main = 4; main; } while (side);
//                                ^ references use.side scope
switch (side) { case 1: let main = 5; main; }
//      ^ references use.side scope
function nested() { { const main = 1; main; } return main(); }
//       ^ definition.function use.nested
//                                                   ^ calls lib/a.main import
