defmodule Shop.Cart do
#         ^ definition.module Shop.Cart doc=A_cart.

  @moduledoc "A cart."
  @type t :: integer
#       ^ definition.type Shop.Cart.t

  @typep inner(x) :: x
#        ^ definition.type Shop.Cart.inner visibility=private

  @doc "Adds."
  @spec add(integer, integer) :: integer
  def add(a, b) when a > 0, do: a + b
#     ^ definition.function Shop.Cart.add doc=Adds.

  def add(_, b), do: b

  @doc "Nothing."
  def nop
#     ^ definition.function Shop.Cart.nop doc=Nothing.

  defp hidden(x) do
#      ^ definition.function Shop.Cart.hidden visibility=private

    x
  end
  def guarded when true, do: 1
#     ^ definition.function Shop.Cart.guarded

  defmacro unless_(x), do: x
#          ^ definition.macro Shop.Cart.unless_

  defmacro bare, do: 1
#          ^ definition.macro Shop.Cart.bare

  defmacrop secret(x) when x, do: x
#           ^ definition.macro Shop.Cart.secret visibility=private

  defguard is_big(x) when x > 1
#          ^ definition.function Shop.Cart.is_big

  defdelegate size(a), to: C
#             ^ definition.function Shop.Cart.size

  defstruct [:items, total: 1]
#             ^ definition.field Shop.Cart.items
#                    ^ definition.field Shop.Cart.total

end

defprotocol Priced do
#           ^ definition.protocol Priced

  def price(x)
#     ^ definition.method Priced.price

end

defimpl Priced, for: Shop.Cart do
#       ^ definition.object Priced

  def price(x), do: x
#     ^ definition.method Priced.price

end
