import a = require("./a");
//                    ^ imports lib/a import
function whole() {}
//       ^ definition.function lib/legacy.whole exported
export = whole;
//       ^ references lib/legacy.whole scope
