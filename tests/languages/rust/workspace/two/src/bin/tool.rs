fn main() { two::gone(); crate::helper(); }
// ^ definition.function crate::bin::tool::main visibility=private
//          ^ references crate import
//               ^ calls unresolved
//                              ^ calls crate::bin::tool::helper module
fn helper() {}
// ^ definition.function crate::bin::tool::helper visibility=private
