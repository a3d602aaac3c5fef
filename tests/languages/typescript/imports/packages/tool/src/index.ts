export function tool() {}
//              ^ definition.function packages/tool/src/index.tool exported
