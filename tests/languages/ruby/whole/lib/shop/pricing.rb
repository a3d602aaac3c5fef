module Shop
#      ^ definition.trait Shop

  module Pricing
#        ^ definition.trait Shop::Pricing

    include Shared
#   ^ calls external
#           ^ implements Shop::Shared import

    def price
#       ^ definition.method Shop::Pricing#price

      shared
#     ^ calls Shop::Shared#shared inheritance

    end
  end

  class Base
#       ^ definition.class Shop::Base

    def key
#       ^ definition.method Shop::Base#key

      Cart::LIMIT
#     ^ references Shop::Cart import
#           ^ references Shop::Cart::LIMIT module

    end
  end
end
