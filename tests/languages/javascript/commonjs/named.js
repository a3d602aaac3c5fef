function helper() {}
//       ^ definition.function named.helper exported
exports.named = function () { return helper; };
// <- references external
//      ^ definition.function named.named
//                                   ^ references named.helper scope
exports.arrow = () => helper;
// <- references external
//      ^ definition.function named.arrow
//                    ^ references named.helper scope
module.exports.again = helper;
// <- references external
//     ^ references external
//             ^ references external
//                     ^ references named.helper scope
exports.called = helper();
// <- references external
//      ^ references external
//               ^ calls named.helper scope
