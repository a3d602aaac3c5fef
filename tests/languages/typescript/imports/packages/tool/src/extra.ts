export function extra() {}
//              ^ definition.function packages/tool/src/extra.extra exported
