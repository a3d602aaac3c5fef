#!/usr/bin/env node
const Whole = require("./whole");
//            ^ calls external
//                       ^ imports whole import
const { one, second: renamed } = require("./parts");
//      ^ imports parts.one import
//           ^ imports parts.two import
//                               ^ calls external
//                                          ^ imports parts import
const named = require("./named");
//            ^ calls external
//                       ^ imports named import
const fs = require("fs");
//         ^ calls external
//                  ^ imports external
require("./whole").method;
// <- calls external
//         ^ imports whole import
//                 ^ references whole.Whole.method module
new Whole().method();
//  ^ calls whole.Whole import
//          ^ calls whole.Whole.method inferred
one();
// <- calls parts.one import
renamed();
// <- calls parts.two import
named.named();
// <- references named import
//    ^ calls named.named module
named.arrow();
// <- references named import
//    ^ calls named.arrow module
named.again();
// <- references named import
//    ^ calls named.helper module
fs.readFileSync("x");
// <- references external
// ^ calls external
