export interface Keyed { 'content-type'(): string; [Symbol.iterator](): number }
//                        ^ definition.method named.Keyed.content-type abstract
//                                                 ^ definition.method named.Keyed.[Symbol.iterator] abstract
//                                                  ^ references external
export class Held { 'quoted'() { return 1; } [Symbol.dispose]() {} }
//                   ^ definition.method named.Held.quoted
//                                           ^ definition.method named.Held.[Symbol.dispose]
