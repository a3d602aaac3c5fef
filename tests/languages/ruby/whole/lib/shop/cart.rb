module Shop
#      ^ definition.trait Shop

  # What is bought.
  class Cart < Base
#       ^ definition.class Shop::Cart doc=What_is_bought.
#              ^ extends Shop::Base import

    include Shared
#   ^ calls external
#           ^ implements Shop::Shared import

    extend Pricing
#   ^ calls external
#          ^ implements Shop::Pricing import

    attr_accessor :items, :total
#   ^ calls external
#                  ^ definition.accessor Shop::Cart#items
#                          ^ definition.accessor Shop::Cart#total

    LIMIT = 3
#   ^ definition.constant Shop::Cart::LIMIT

    # Makes one.
    def initialize(items = [], *rest, key: nil, **more, &block)
#       ^ definition.constructor Shop::Cart#initialize doc=Makes_one.

      @items = items
#     ^ definition.field Shop::Cart::@items

      @first = Line.new
#     ^ definition.field Shop::Cart::@first
#              ^ references Shop::Cart::Line import
#                   ^ calls external

      @seen ||= {}
#     ^ definition.field Shop::Cart::@seen

      self.total = 0
#          ^ calls Shop::Cart#total self

      super
    end

    def self.build(*all, (a, b), other)
#            ^ definition.method Shop::Cart.build static

      new(all)
#     ^ calls Shop::Cart#initialize self

    end

    class << self
      def config
#         ^ definition.method Shop::Cart.config static

        LIMIT
#       ^ references Shop::Cart::LIMIT import

      end

      private
#     ^ calls external

      def hidden; end
#         ^ definition.method Shop::Cart.hidden visibility=private static

    end

    def each(&block)
#       ^ definition.method Shop::Cart#each

      total
#     ^ calls Shop::Cart#total self

      shared
#     ^ calls Shop::Shared#shared inheritance

      helper(total)
#     ^ calls Shop::Cart#helper self
#            ^ calls Shop::Cart#total self

      @first.total
#     ^ references Shop::Cart::@first self
#            ^ calls Shop::Cart::Line#total type

      self.class.build
#          ^ calls external
#                ^ calls Shop::Cart.build self

      names = [1].map do |a, (b, c), d: 1|
#                 ^ calls external

        a + b
      end
      names.size
#           ^ calls external

      first, *others = items
#                      ^ calls Shop::Cart#items self

      (names || others).each { |n| n }
#                       ^ calls external

      found = key ? "a" : "b"
#             ^ calls Shop::Base#key inheritance

      found.upcase
#           ^ calls unresolved

      list = []
      list.size
#          ^ calls external

      found += 1
      kept = "a"
      kept.b
#          ^ calls external

      made = {}
      for one in names do one end
      begin
        price
#       ^ calls Shop::Pricing#price inheritance

      rescue Problem => error
#            ^ references Shop::Problem import

        error.message
#             ^ calls external

      rescue => other
        other
      end
      walk = ->(q, r: 1) { q }
      rows[1]
#     ^ calls unresolved

      "text".size
#            ^ calls external

      [].size
#        ^ calls external

      return names
    end

    def total?; end
#       ^ definition.method Shop::Cart#total?

    def +(other); end
#       ^ definition.method Shop::Cart#+

    def name=(value); @name = value; end
#       ^ definition.method Shop::Cart#name=
#                     ^ definition.field Shop::Cart::@name

    alias size total?
#         ^ definition.method Shop::Cart#size
#              ^ calls Shop::Cart#total? self

    alias_method :len, :size
#   ^ calls external
#                 ^ definition.method Shop::Cart#len

    define_method(:dynamic) { |x| x }
#   ^ calls external
#                  ^ definition.method Shop::Cart#dynamic

    define_method "named" do
#   ^ calls external
#                  ^ definition.method Shop::Cart#named

    end

    private
#   ^ calls external

    def helper(n)
#       ^ definition.method Shop::Cart#helper visibility=private

      n
    end

    protected def guarded; end
#   ^ calls external
#                 ^ definition.method Shop::Cart#guarded visibility=protected

    private_class_method def self.secret; end
#   ^ calls external
#                                 ^ definition.method Shop::Cart.secret visibility=private static

  end

  def Cart.outside; end
#     ^ references Shop::Cart import
#          ^ definition.method Shop::Cart.outside static

  def self.bare; end
#          ^ definition.method Shop.bare static

end
