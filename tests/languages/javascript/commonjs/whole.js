class Whole { method() {} }
//    ^ definition.class whole.Whole exported
//            ^ definition.method whole.Whole.method exported
module.exports = Whole;
// <- references external
//     ^ references external
//               ^ references whole.Whole scope
