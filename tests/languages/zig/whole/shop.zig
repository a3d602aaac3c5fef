const std = @import("std");
//    ^ definition.constant shop.std visibility=private

/// Adds.
pub fn add(a: i32, b: i32) i32 {
//     ^ definition.function shop.add

    return a + b;
}

extern fn outside(a: i32) void;
//        ^ definition.function shop.outside visibility=private

const Item = struct {
//    ^ definition.struct shop.Item visibility=private

    price: i32,
//  ^ definition.field shop.Item.price visibility=private

    pub fn sell(self: Item) void {
//         ^ definition.method shop.Item.sell

        _ = self;
    }
    const limit = 1;
//        ^ definition.constant shop.Item.limit visibility=private

};
pub const Size = enum { small, large };
//        ^ definition.enum shop.Size
//                      ^ definition.enum_member shop.Size.small
//                             ^ definition.enum_member shop.Size.large

const Value = union(enum) { whole: i32 };
//    ^ definition.union shop.Value visibility=private
//                          ^ definition.field shop.Value.whole visibility=private

var seen: i32 = 1;
//  ^ definition.variable shop.seen visibility=private

const Problem = error{ Empty, Full };
//    ^ definition.enum shop.Problem visibility=private
//                     ^ definition.enum_member shop.Problem.Empty
//                            ^ definition.enum_member shop.Problem.Full

test "selling" {}
//    ^ definition.function shop.selling visibility=private
