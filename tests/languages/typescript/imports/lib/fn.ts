export default function () {}
//     ^ definition.function lib/fn.default exported
