export * from "./a";
//               ^ imports lib/a import
export * as everything from "./a";
//          ^ definition.export lib/index.everything
//                             ^ imports lib/a import
export { helper as renamed, Shape } from "./a";
//       ^ imports lib/a.helper import
//                 ^ definition.export lib/index.renamed
//                          ^ definition.export lib/index.Shape
//                          ^ imports lib/a.Shape import
//                                          ^ imports lib/a import
export { default } from "./a";
//       ^ definition.export lib/index.default
//       ^ imports lib/a.main import
//                         ^ imports lib/a import
