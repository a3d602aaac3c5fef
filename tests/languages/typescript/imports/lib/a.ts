export default function main() {}
//                      ^ definition.function lib/a.main exported
export function helper() {}
//              ^ definition.function lib/a.helper exported
function inner() {}
//       ^ definition.function lib/a.inner exported
export { inner as outer };
//       ^ references lib/a.inner scope
export { inner as default2 };
//       ^ references lib/a.inner scope
export const value = { run() {}, stop: () => {} };
//           ^ definition.constant lib/a.value exported
//                     ^ definition.method lib/a.value.run
//                               ^ definition.property lib/a.value.stop
export class Shape { draw() {} }
//           ^ definition.class lib/a.Shape exported
//                   ^ definition.method lib/a.Shape.draw exported
export interface Shape2 { side: number }
//               ^ definition.interface lib/a.Shape2 exported
//                        ^ definition.field lib/a.Shape2.side exported
export const Shape2 = 1;
//           ^ references lib/a.Shape2 scope
class Unnamed {}
//    ^ definition.class lib/a.Unnamed exported
export { Unnamed };
//       ^ references lib/a.Unnamed scope
import { helper as again } from "./types";
//       ^ imports lib/types.helper import
//                                 ^ imports lib/types import
export { again };
//       ^ references lib/types.helper import
