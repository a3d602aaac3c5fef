mod hidden;
//  ^ definition.import crate::hidden visibility=private
//  ^ imports crate::hidden import
pub use hidden::Thing as Exported;
//      ^ imports crate::hidden import
//              ^ imports crate::hidden::Thing import
//                       ^ definition.import crate::Exported visibility=private
pub fn first() {}
//     ^ definition.function crate::first
