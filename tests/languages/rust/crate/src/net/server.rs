use super::Client;
//         ^ definition.import crate::net::server::Client visibility=private
//         ^ imports crate::net::Client import
pub struct Server;
//         ^ definition.struct crate::net::server::Server
impl Server { pub fn start(&self) {} }
//   ^ uses crate::net::server::Server scope
//                   ^ definition.method crate::net::server::Server::start
impl Client {
//   ^ uses crate::net::Client import
    fn extra(&self) { self.send() }
//     ^ definition.method crate::net::server::Client::extra visibility=private
//                         ^ calls crate::net::Client::send type
}
pub fn run() { crate::util::helper() }
//     ^ definition.function crate::net::server::run
//                    ^ references crate::util import
//                          ^ calls crate::util::helper module
pub fn up() { super::super::util::helper(); }
//     ^ definition.function crate::net::server::up
//                          ^ references unresolved
//                                ^ calls unresolved
