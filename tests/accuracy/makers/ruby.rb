# Truth for Ruby from its own parser.
#
#   ruby ruby.rb ROOT < paths
#
# Prints JSON lines as truth.py reads them: methods, classes and modules. Columns are bytes.
require "ripper"

ROOT = ARGV.fetch(0)

def quoted(text)
  '"' + text.gsub(/["\\]/) { |c| "\\#{c}" }.gsub(/[\x00-\x1f]/) { |c| format('\\u%04x', c.ord) } + '"'
end

# Prints what one file defines. A definition in a method is optional; one in `class << self` is the class's own.
class Definitions
  def initialize(path)
    @path = path
  end

  def visit(node, around, singleton, in_method)
    return unless node.is_a?(Array)
    case node[0]
    when :class, :module
      name = path_of(node[1])
      return node.each { |child| visit(child, around, singleton, in_method) } unless name
      inside = (around + [name]).join("::")
      print_symbol(last(node[1]), "type", node[0] == :class ? %w[class] : %w[module namespace interface trait], inside, in_method)
      node[2..].each { |child| visit(child, around + [name], false, in_method) }
    when :sclass
      node[2..].each { |child| visit(child, around, true, in_method) }
    when :def
      method(node[1], around, singleton ? "." : "#", in_method)
      node[2..].each { |child| visit(child, around, singleton, true) }
    when :defs
      own = node[1] == [:var_ref, node[1][1]] && node[1][1][1] == "self"
      method(node[3], around, own ? "." : nil, in_method)
      node[4..].each { |child| visit(child, around, singleton, true) }
    else
      node.each { |child| visit(child, around, singleton, in_method) }
    end
  end

  private

  def method(token, around, mark, in_method)
    scope = around.join("::")
    qualified = mark && (around.empty? ? nil : "#{scope}#{mark}#{token[1]}")
    print_symbol(token, "callable", %w[method function constructor], qualified, in_method)
  end

  # `A::B` of `class A::B`, and nil where the path begins with an expression.
  def path_of(node)
    case node[0]
    when :const_ref, :top_const_ref then node[1][1]
    when :var_ref then node[1][0] == :@const ? node[1][1] : nil
    when :const_path_ref
      before = path_of(node[1])
      before && "#{before}::#{node[2][1]}"
    end
  end

  def last(node)
    node[0] == :const_path_ref ? node[2] : node[1]
  end

  def print_symbol(token, group, kinds, qualified, optional)
    line, column = token[2]
    puts "{\"symbol\": #{quoted(token[1])}, \"path\": #{quoted(@path)}, \"line\": #{line}, \"column\": #{column}, " \
         "\"group\": \"#{group}\", \"kinds\": [#{kinds.map { |kind| quoted(kind) }.join(', ')}], " \
         "\"qualified_name\": #{qualified ? quoted(qualified) : 'null'}, \"optional\": #{optional}}"
  end
end

$stdin.each_line(chomp: true) do |path|
  source = File.read(File.join(ROOT, path), encoding: "UTF-8")
  tree = source.valid_encoding? ? Ripper.sexp(source) : nil
  puts "{\"file\": #{quoted(path)}, \"errors\": #{tree ? 0 : 1}}"
  Definitions.new(path).visit(tree, [], false, false) if tree
end
