//! The crate.
//! More of it.
#![allow(dead_code)]
// ^ decorates external
pub mod net;
//      ^ definition.import crate::net visibility=private
//      ^ imports crate::net import
mod util;
//  ^ definition.import crate::util visibility=private
//  ^ imports crate::util import
extern crate core;
//           ^ definition.import crate::core visibility=private
//           ^ imports external
extern crate alloc as heap;
//           ^ imports external
//                    ^ definition.import crate::heap visibility=private
use net::{self, server::{run, Server}, Client as C, *};
//  ^ definition.import crate::net visibility=private
//  ^ imports crate::net import
//              ^ imports crate::net::server import
//                       ^ definition.import crate::run visibility=private
//                       ^ imports crate::net::server::run import
//                            ^ definition.import crate::Server visibility=private
//                            ^ imports crate::net::server::Server import
//                                     ^ imports crate::net::Client import
//                                               ^ definition.import crate::C visibility=private
use std::fmt;
//  ^ imports external
//       ^ definition.import crate::fmt visibility=private
//       ^ imports external
use serde;
//  ^ definition.import crate::serde visibility=private
//  ^ imports external
use serde as s;
//  ^ imports external
//           ^ definition.import crate::s visibility=private
use util::{*, deep::Inner};
//  ^ imports crate::util import
//            ^ imports crate::util::deep import
//                  ^ definition.import crate::Inner visibility=private
//                  ^ imports crate::util::deep::Inner import
pub use crate::net::server as srv;
//             ^ imports crate::net import
//                  ^ imports crate::net::server import
//                            ^ definition.import crate::srv visibility=private

/// A point.
/// On a plane.
#[derive(Debug)]
  // <- decorates external
//       ^ references external
pub struct Point<T: Shape, const N: usize = 1> {
//         ^ definition.struct crate::Point doc=A_point.
//                  ^ uses crate::Shape scope
    /// Where.
    pub x: f64,
//      ^ definition.field crate::Point::x doc=Where.
    pub(crate) inner: T,
//             ^ definition.field crate::Point::inner visibility=internal
}
/** Empty. */
pub struct Unit;
//         ^ definition.struct crate::Unit doc=Empty.
pub(crate) struct Pair(pub u32, Unit);
//                ^ definition.struct crate::Pair visibility=internal
//                              ^ uses crate::Unit scope
pub union Bits { a: u32, b: Unit }
//        ^ definition.union crate::Bits
//               ^ definition.field crate::Bits::a visibility=private
//                       ^ definition.field crate::Bits::b visibility=private
//                          ^ uses crate::Unit scope
pub enum Kind {
//       ^ definition.enum crate::Kind
    A,
//  ^ definition.enum_member crate::Kind::A
    B(u8),
//  ^ definition.enum_member crate::Kind::B
    C { z: u8 },
//  ^ definition.enum_member crate::Kind::C
//      ^ definition.field crate::Kind::C::z visibility=public
}
pub const LIMIT: usize = 1;
//        ^ definition.constant crate::LIMIT
static mut COUNT: Unit = Unit;
//         ^ definition.variable crate::COUNT visibility=private
//                ^ uses crate::Unit scope
//                       ^ references crate::Unit scope
pub type Alias<'a, T> = Point<T>;
//       ^ definition.type crate::Alias
//                      ^ uses crate::Point scope

pub trait Base { fn based(); }
//        ^ definition.trait crate::Base
//                  ^ definition.method crate::Base::based abstract static
pub trait Shape: Base + fmt::Debug {
//        ^ definition.trait crate::Shape
//               ^ extends crate::Base scope
//                      ^ references external
//                           ^ extends external
    type Out: Base;
//       ^ definition.type crate::Shape::Out
//            ^ uses crate::Base scope
    const SIDES: u8;
//        ^ definition.constant crate::Shape::SIDES
    fn area(&self) -> f64;
//     ^ definition.method crate::Shape::area abstract
    fn make() -> Self;
//     ^ definition.method crate::Shape::make abstract static
    fn double(&self) -> f64 { self.area() * 2.0 }
//     ^ definition.method crate::Shape::double
//                                 ^ calls crate::Shape::area self
    fn of(n: u8) -> Self;
//     ^ definition.method crate::Shape::of abstract static
    fn default_of(n: u8) -> Self { Self::of(n) }
//     ^ definition.method crate::Shape::default_of static
//                                       ^ calls crate::Shape::of self
    async fn later(&self);
//           ^ definition.method crate::Shape::later async abstract
}

impl<T: Shape> Point<T> {
//      ^ uses crate::Shape scope
//             ^ uses crate::Point scope
    pub const ZERO: u8 = 0;
//            ^ definition.constant crate::Point::ZERO
    pub fn new(inner: T) -> Self {
//         ^ definition.method crate::Point::new static
        Self { x: Self::ZERO as f64, inner }
//             ^ references crate::Point::x self
//                      ^ references crate::Point::ZERO self
    }
    fn go(&self, s: &Server, k: Kind) -> Option<C> {
//     ^ definition.method crate::Point::go visibility=private
//                   ^ uses crate::net::server::Server import
//                              ^ uses crate::Kind scope
//                                       ^ uses external
//                                              ^ uses crate::net::Client import
        self.inner.area();
//           ^ references crate::Point::inner self
//                 ^ calls crate::Shape::area type
        s.start();
//        ^ calls crate::net::server::Server::start type
        let p = Self::new(1);
//                    ^ calls crate::Point::new self
        p.go(s, k)?.send();
//        ^ calls crate::Point::go type
//                  ^ calls crate::net::Client::send type
        let q: Point<Unit> = make();
//             ^ uses crate::Point scope
//                   ^ uses crate::Unit scope
//                           ^ calls unresolved
        (&q).go::<u8>(s, Kind::B(1));
//           ^ calls crate::Point::go type
//                       ^ references crate::Kind scope
//                             ^ calls crate::Kind::B module
        let (left, right) = (Server, C::open());
//                           ^ references crate::net::server::Server import
//                                   ^ references crate::net::Client import
//                                      ^ calls crate::net::Client::open module
        left.start();
//           ^ calls crate::net::server::Server::start module
        right.send();
//            ^ calls crate::net::Client::send type
        for each in net::all() {
//                  ^ references crate::net import
//                       ^ calls crate::net::all module
            each.send();
//               ^ calls crate::net::Client::send type
        }
        let nothing;
        nothing = 1;
        let array: [Server; 1] = [];
//                  ^ uses crate::net::server::Server import
        array[0].start();
//               ^ calls crate::net::server::Server::start type
        let t: (Server, u8) = make();
//              ^ uses crate::net::server::Server import
//                            ^ calls unresolved
        let all: &[Server] = &[];
//                 ^ uses crate::net::server::Server import
        let pointer: *const Server = all;
//                          ^ uses crate::net::server::Server import
        let dynamic: &dyn Shape = q;
//                        ^ uses crate::Shape scope
        dynamic.area();
//              ^ calls crate::Shape::area type
        (*dynamic).area();
//                 ^ calls crate::Shape::area type
        let unit: crate::Unit = super::Unit;
//                       ^ uses crate::Unit module
//                                     ^ references external
        assert!(self.inner.area() > Self::ZERO);
//      ^ calls external
//                   ^ references crate::Point::inner self
//                         ^ calls crate::Shape::area type
//                                        ^ references crate::Point::ZERO self
        None
//      ^ references external
    }
    async fn wait(self: Box<Self>) -> C { return C::open(); }
//           ^ definition.method crate::Point::wait async visibility=private
//                      ^ uses external
//                                    ^ uses crate::net::Client import
//                                               ^ references crate::net::Client import
//                                                  ^ calls crate::net::Client::open module
    async fn then(self) { self.wait().await.send(); }
//           ^ definition.method crate::Point::then async visibility=private
//                             ^ calls crate::Point::wait self
//                                          ^ calls crate::net::Client::send type
}
impl Shape for Point<u8> {
//   ^ implements crate::Shape scope
//             ^ uses crate::Point scope
    fn area(&self) -> f64 { 1.0 }
//     ^ definition.method crate::Point::area exported visibility=public
}
impl C {
//   ^ uses crate::net::Client import
    pub fn outside(self) -> Self { self.send(); self.outside() }
//         ^ definition.method crate::C::outside
//                                      ^ calls crate::net::Client::send type
//                                                   ^ calls unresolved
}
impl<T> From<T> for Pair where T: Shape {
//      ^ implements external
//                  ^ uses crate::Pair scope
//                                ^ uses crate::Shape scope
    fn from(t: T) -> Self { t.area(); <T as Shape>::make(); Pair(1, Unit) }
//     ^ definition.method crate::Pair::from exported static visibility=public
//                            ^ calls crate::Shape::area type
//                                          ^ uses crate::Shape scope
//                                                  ^ calls crate::Shape::make module
//                                                          ^ calls crate::Pair scope
//                                                                  ^ references crate::Unit scope
}

fn generic<F, T>(f: F, shape: impl Shape, (a, b): (u8, Unit)) -> T where F: Fn(T) -> T, T: Base {
// ^ definition.function crate::generic visibility=private
//                                 ^ uses crate::Shape scope
//                                                     ^ uses crate::Unit scope
//                                                                          ^ uses external
//                                                                                         ^ uses crate::Base scope
    shape.double();
//        ^ calls crate::Shape::double type
    T::based();
//     ^ calls crate::Base::based module
    let u = <Point<Unit>>::new(1);
//           ^ uses crate::Point scope
//                 ^ uses crate::Unit scope
//                         ^ calls crate::Point::new module
    u.x;
//    ^ references crate::Point::x type
    let z: Point<Unit>;
//         ^ uses crate::Point scope
//               ^ uses crate::Unit scope
    z.x;
//    ^ references crate::Point::x type
    let made: Vec<_> = Vec::<Server>::with(1);
//            ^ uses external
//                ^ uses unresolved
//                     ^ uses external
//                           ^ uses crate::net::server::Server import
//                                    ^ calls external
    let closure = |x: Server, y, (m, n)| { x.start(); f(y); m + n };
//                    ^ uses crate::net::server::Server import
//                                           ^ calls crate::net::server::Server::start type
    closure(1, 2);
    match a {
        LIMIT => 1,
//      ^ references crate::LIMIT scope
        first => first,
        Kind::A | Kind::C { z: _ } => 2,
//      ^ references crate::Kind scope
//            ^ references crate::Kind::A module
//                ^ references crate::Kind scope
//                      ^ uses crate::Kind::C module
//                          ^ references crate::Kind::C::z module
        Kind::B(n) if n > 1 => n,
//      ^ references crate::Kind scope
//            ^ references crate::Kind::B module
        Point { x, inner: kept } => x + kept,
//      ^ uses crate::Point scope
//                 ^ references crate::Point::inner module
        whole @ 1..=2 => whole,
        &borrowed => borrowed,
        (p, mut q) => p + q,
        [head, .., ref tail] => head + tail,
        one | one => one,
    };
    if let Some(got) = b { got.x(); }
//         ^ references external
//                             ^ calls unresolved
    if let got = b {}
    while let Some(mut next) = b { next = 1; }
//            ^ references external
    'label: loop { break 'label; }
    let cast = a as Server;
//                  ^ uses crate::net::server::Server import
    cast.start();
//       ^ calls crate::net::server::Server::start type
    let Point::<u8> { x, .. } = b;
//      ^ uses crate::Point scope
    Vec::<Server>::new();
//  ^ uses external
//        ^ uses crate::net::server::Server import
//                 ^ calls external
    println!("{}", make_it!(a).x, closure(b), Point::new(1), b.x, net::top(2));
//  ^ calls external
//                 ^ calls crate::make_it scope
//                                            ^ references crate::Point scope
//                                                   ^ calls crate::Point::new module
//                                                             ^ references unresolved
//                                                                ^ references crate::net import
//                                                                     ^ calls crate::net::top module
    f(a)
}
fn takes(callback: fn(name: u8) -> Server, parts: &mut Vec<Server>) {
// ^ definition.function crate::takes visibility=private
//                                 ^ uses crate::net::server::Server import
//                                                     ^ uses external
//                                                         ^ uses crate::net::server::Server import
    callback(1).start();
//              ^ calls unresolved
    parts.push(1);
//        ^ calls external
}
extern "C" {
    pub fn outside(a: i32) -> i32;
//         ^ definition.function crate::outside
    pub static S: u8;
//             ^ definition.variable crate::S
}
#[macro_export]
  // <- decorates external
macro_rules! make_it {
//           ^ definition.macro crate::make_it visibility=private
    ($x:expr) => { $x };
}
#[macro_export]
macro_rules! given { ($x:expr) => { $x }; }
//           ^ definition.macro crate::given exported visibility=public
mod tests {
//  ^ definition.namespace crate::tests visibility=private
    use super::*;
    use super::net::top;
//             ^ imports crate::net import
//                  ^ definition.import crate::tests::top visibility=private
//                  ^ imports crate::net::top import
    use self::inner::deeper;
//            ^ imports crate::tests::inner import
//                   ^ definition.import crate::tests::deeper visibility=private
//                   ^ imports crate::tests::inner::deeper import
    mod inner {
//      ^ definition.namespace crate::tests::inner visibility=private
        pub fn deeper() { super::super::generic(); }
//             ^ definition.function crate::tests::inner::deeper
//                                      ^ calls crate::generic module
    }
    #[test]
//    ^ decorates external
    fn works() {
//     ^ definition.function crate::tests::works visibility=private
        let p = Point::new(1);
//              ^ references crate::Point scope
//                     ^ calls crate::Point::new module
        assert_eq!(p.double(), helper(2));
//      ^ calls external
//                   ^ calls crate::Shape::double type
//                             ^ calls crate::util::helper import
        crate::net::top();
//             ^ references crate::net import
//                  ^ calls crate::net::top module
        super::util::helper();
//             ^ references crate::util import
//                   ^ calls crate::util::helper module
        self::inner::deeper();
//            ^ references crate::tests::inner module
//                   ^ calls crate::tests::inner::deeper module
        deeper();
//      ^ calls crate::tests::inner::deeper import
        make_it!(1);
//      ^ calls crate::make_it scope
        let iterator: Box<dyn Iterator<Item = Server>> = p;
//                    ^ uses external
//                            ^ uses external
//                                            ^ uses crate::net::server::Server import
        let inner = Inner { depth: 1 };
//                  ^ uses crate::util::deep::Inner import
//                          ^ references crate::util::deep::Inner::depth module
        let made = crate::net::Client { n: 1 };
//                        ^ references crate::net import
//                             ^ uses crate::net::Client module
//                                      ^ references crate::net::Client::n module
        made.send();
//           ^ calls crate::net::Client::send type
    }
}
