pub struct Thing;
//         ^ definition.struct crate::hidden::Thing
impl Thing { pub fn act(&self) -> Thing { Thing } }
//   ^ uses crate::hidden::Thing scope
//                  ^ definition.method crate::hidden::Thing::act
//                                ^ uses crate::hidden::Thing scope
//                                        ^ references crate::hidden::Thing scope
