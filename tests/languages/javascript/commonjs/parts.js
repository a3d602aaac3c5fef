function one() {}
//       ^ definition.function parts.one exported
function two() {}
//       ^ definition.function parts.two exported
module.exports = { one, second: two, three() {} };
// <- references external
//     ^ references external
//                 ^ references parts.one scope
//                              ^ references parts.two scope
//                                   ^ definition.method parts.three
