function Stack(size) { this.size = size; }
//       ^ definition.function prototypes.Stack
Stack.prototype.push = function (item) { return this; };
//              ^ definition.method prototypes.Stack.push not-static
Stack.prototype = {
  pop() {},
//^ definition.method prototypes.Stack.pop
  peek: function () {},
//^ definition.method prototypes.Stack.peek
};
Object.assign(Stack.prototype, { clear() {}, each: () => 1 });
//                               ^ definition.method prototypes.Stack.clear
//                                           ^ definition.method prototypes.Stack.each
Stack.of = function named() { return new Stack(1); };
//    ^ definition.method prototypes.Stack.of static
//                  ^ definition.function prototypes.Stack.of.named
//                                       ^ calls prototypes.Stack scope
elsewhere.later = () => {};
// <- references unresolved
//        ^ definition.method prototypes.elsewhere.later static
var held = { start: function () {}, stop() {} };
//  ^ definition.variable prototypes.held
//           ^ definition.property prototypes.held.start
//                                  ^ definition.method prototypes.held.stop
module.exports = { inline: function () {}, Stack };
//                 ^ definition.property prototypes.inline
exports.made = function maker() {};
//      ^ definition.function prototypes.made
class Odd { 'quoted'() {}    [Symbol.iterator]() {} }
//           ^ definition.method prototypes.Odd.quoted
//                           ^ definition.method prototypes.Odd.[Symbol.iterator]
//                            ^ references external
