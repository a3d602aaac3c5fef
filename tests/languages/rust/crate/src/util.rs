pub mod deep {
//      ^ definition.namespace crate::util::deep
    pub struct Inner { pub depth: u8 }
//             ^ definition.struct crate::util::deep::Inner
//                         ^ definition.field crate::util::deep::Inner::depth
}
pub fn helper() {}
//     ^ definition.function crate::util::helper
macro_rules! shared { () => {} }
//           ^ definition.macro crate::util::shared visibility=private
