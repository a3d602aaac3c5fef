use one_lib::{first, Exported};
//  ^ imports crate import
//            ^ definition.import crate::tests::check::first visibility=private
//            ^ imports crate::first import
//                   ^ definition.import crate::tests::check::Exported visibility=private
//                   ^ imports crate::hidden::Thing import
fn check(given: &Exported) { first(); given.act(); }
// ^ definition.function crate::tests::check::check visibility=private
//               ^ uses crate::hidden::Thing import
//                           ^ calls crate::first import
//                                          ^ calls crate::hidden::Thing::act type
