export default class { method() {} }
//     ^ definition.class lib/defaults.default exported
//                     ^ definition.method lib/defaults.default.method exported
