mod parts;
//  ^ definition.import crate::parts visibility=private
//  ^ imports crate::parts import
use one_lib::Exported;
//  ^ imports crate import
//           ^ definition.import crate::Exported visibility=private
//           ^ imports crate::hidden::Thing import
fn main() {
// ^ definition.function crate::main visibility=private
    one_lib::first();
//  ^ references crate import
//           ^ calls crate::first module
    let made = Exported;
//             ^ references crate::hidden::Thing import
    made.act().act();
//       ^ calls crate::hidden::Thing::act module
//             ^ calls crate::hidden::Thing::act type
    parts::inner::deep();
//  ^ references crate::parts import
//         ^ references crate::parts::inner module
//                ^ calls crate::parts::inner::deep module
}
