export declare function helper(): void;
//                      ^ definition.function lib/types.helper exported
export type Options = { deep: boolean };
//          ^ definition.type lib/types.Options exported
//                      ^ definition.field lib/types.Options.deep
