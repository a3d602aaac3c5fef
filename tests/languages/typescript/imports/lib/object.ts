export default { start() {}, halt: () => {} };
//     ^ definition.constant lib/object.default exported
//               ^ definition.method lib/object.default.start
//                           ^ definition.property lib/object.default.halt
