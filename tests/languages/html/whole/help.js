export function help(a) {}
//              ^ definition.function help.help
