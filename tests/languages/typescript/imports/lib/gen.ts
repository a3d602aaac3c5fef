export default function* () {}
//     ^ definition.function lib/gen.default exported generator
