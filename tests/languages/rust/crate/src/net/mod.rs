pub mod server;
//      ^ definition.import crate::net::server visibility=private
//      ^ imports crate::net::server import
pub struct Client { pub n: u8 }
//         ^ definition.struct crate::net::Client
//                      ^ definition.field crate::net::Client::n
impl Client {
//   ^ uses crate::net::Client scope
    pub fn open() -> Client { Client { n: 1 } }
//         ^ definition.method crate::net::Client::open static
//                   ^ uses crate::net::Client scope
//                            ^ uses crate::net::Client scope
//                                     ^ references crate::net::Client::n module
    pub fn send(&self) { self.extra(); }
//         ^ definition.method crate::net::Client::send
//                            ^ calls crate::net::server::Client::extra self
}
pub fn all() -> Vec<Client> { vec![] }
//     ^ definition.function crate::net::all
//              ^ uses external
//                  ^ uses crate::net::Client scope
//                            ^ calls external
pub fn top() {
//     ^ definition.function crate::net::top
    super::helper();
//         ^ calls crate::util::helper module
    self::server::run();
//        ^ references crate::net::server import
//                ^ calls crate::net::server::run module
    shared!(2);
//  ^ calls crate::util::shared import
}
