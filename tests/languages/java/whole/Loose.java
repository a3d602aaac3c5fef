class Loose { void loose() {} }
//    ^ definition.class Loose visibility=internal
//                 ^ definition.method Loose.loose visibility=internal
