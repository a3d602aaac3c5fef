import { helper } from "./a.js";
//       ^ imports lib/a.helper import
//                        ^ imports lib/a import
export default helper();
//     ^ definition.constant lib/called.default exported
//             ^ calls lib/a.helper import
