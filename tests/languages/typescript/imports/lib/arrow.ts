export default (value: number) => value;
//     ^ definition.function lib/arrow.default exported
