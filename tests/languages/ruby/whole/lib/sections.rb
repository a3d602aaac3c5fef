class Sections
#     ^ definition.class Sections
  Held = Struct.new(:a) do
# ^ definition.class Sections::Held
#                    ^ definition.accessor Sections::Held#a
    def far; end
#       ^ definition.method Sections::Held#far
  end

  private

  def hidden; end
#     ^ definition.method Sections#hidden visibility=private
  attr_reader :own
# ^ calls external
#              ^ definition.accessor Sections#own visibility=private
  def self.made; end
#          ^ definition.method Sections.made visibility=public

  class Inner
#       ^ definition.class Sections::Inner visibility=public
    def open; end
#       ^ definition.method Sections::Inner#open visibility=public
  end
end
