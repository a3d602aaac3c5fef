# frozen_string_literal: true

require "json"
# <- calls external
#        ^ imports external

require "shop/cart"
# <- calls external
#             ^ imports lib/shop/cart import

require_relative "shop/pricing"
# <- calls external
#                      ^ imports lib/shop/pricing import

load "shop/late.rb"
# <- calls external
#          ^ imports lib/shop/late import

# All of the shop.
module Shop
#      ^ definition.trait Shop doc=All_of_the_shop.

  VERSION = "1"
# ^ definition.constant Shop::VERSION

  autoload :Late, "shop/late"
# ^ calls external
#                       ^ imports lib/shop/late import

  FIRST, SECOND = 1, 2
# ^ definition.constant Shop::FIRST
#        ^ definition.constant Shop::SECOND

  def self.open(name)
#          ^ definition.method Shop.open static

    cart = Cart.new(name)
#          ^ references Shop::Cart import
#               ^ calls Shop::Cart#initialize module

    cart.add(1)
#        ^ calls unresolved

    VERSION
#   ^ references Shop::VERSION import

  end

  module Shared
#        ^ definition.trait Shop::Shared

    def shared
#       ^ definition.method Shop::Shared#shared

      1
    end
  end

  Problem = Class.new(StandardError)
# ^ definition.class Shop::Problem
#           ^ references external
#                 ^ calls external
#                     ^ extends external

  Point = Struct.new(:x, :y) do
# ^ definition.class Shop::Point
#         ^ references external
#                ^ calls external
#                     ^ definition.accessor Shop::Point#x
#                         ^ definition.accessor Shop::Point#y

    def far
#       ^ definition.method Shop::Point#far

      x
#     ^ calls Shop::Point#x self

    end
  end
  Nothing = Module.new
# ^ definition.class Shop::Nothing
#           ^ references external
#                  ^ calls external

end

class Shop::Cart::Line
#     ^ references Shop scope
#           ^ references Shop::Cart module
#                 ^ definition.class Shop::Cart::Line

  def total = 1
#     ^ definition.method Shop::Cart::Line#total

end

module Shop::Extra
#      ^ references Shop scope
#            ^ definition.trait Shop::Extra

end

def top(value)
#   ^ definition.function top

  value
end

Shop.open("a")
# <- references Shop scope
#    ^ calls Shop.open module

Shop::Cart.build.each { |item| top(item) }
# <- references Shop scope
#     ^ references Shop::Cart module
#          ^ calls Shop::Cart.build module
#                ^ calls unresolved
#                              ^ calls top scope

::Shop::VERSION
# ^ references Shop scope
#       ^ references Shop::VERSION module
