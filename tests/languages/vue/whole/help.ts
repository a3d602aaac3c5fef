export function help(): string { return "" }
//              ^ definition.function help.help
