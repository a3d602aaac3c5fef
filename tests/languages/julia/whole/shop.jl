"What is sold."
module Shop
#      ^ definition.module shop.Shop doc=What_is_sold.

export price
limit = 2

"""
What it costs.
"""
function price(x::Int, y=2)::Int
#        ^ definition.function shop.Shop.price doc=What_it_costs.

    x
end
function plain(x) x end
#        ^ definition.function shop.Shop.plain

function later end
#        ^ definition.function shop.Shop.later

function same(x::T) where T x end
#        ^ definition.function shop.Shop.same

function both(x::T)::Int where T x end
#        ^ definition.function shop.Shop.both

function Base.length(x) end
#             ^ definition.function shop.Shop.length

half(x) = x / 2
# <- definition.function shop.Shop.half

Base.show(io::IO, x) = 1
#    ^ definition.function shop.Shop.show

typed(x)::Int = x
# <- definition.function shop.Shop.typed

generic(x::T) where T = x
# <- definition.function shop.Shop.generic

struct Item{T} <: Sold
#      ^ definition.struct shop.Shop.Item

    price::Int
#   ^ definition.field shop.Shop.Item.price

    name
#   ^ definition.field shop.Shop.Item.name

end
struct Boxed{T} end
#      ^ definition.struct shop.Shop.Boxed

mutable struct Empty <: Sold end
#              ^ definition.struct shop.Shop.Empty

mutable struct Bare end
#              ^ definition.struct shop.Shop.Bare

abstract type Sold end
#             ^ definition.interface shop.Shop.Sold

abstract type Less <: Sold end
#             ^ definition.interface shop.Shop.Less

abstract type Typed{T} end
#             ^ definition.interface shop.Shop.Typed

primitive type Byte 8 end
#              ^ definition.type shop.Shop.Byte

macro check(x) end
#     ^ definition.macro shop.Shop.check

const MOST = 1
#     ^ definition.constant shop.Shop.MOST

end
