class Shop::Cart
#     ^ references Shop import
#           ^ definition.class Shop::Cart

  def late
#     ^ definition.method Shop::Cart#late

    helper(1)
#   ^ calls Shop::Cart#helper self

    key
#   ^ calls Shop::Base#key inheritance

  end
end
