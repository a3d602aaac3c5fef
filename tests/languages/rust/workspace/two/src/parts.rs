pub mod inner { pub fn deep() { crate::parts::other(); } }
//      ^ definition.namespace crate::parts::inner
//                     ^ definition.function crate::parts::inner::deep
//                                     ^ references crate::parts import
//                                            ^ calls crate::parts::other module
pub fn other() {}
//     ^ definition.function crate::parts::other
