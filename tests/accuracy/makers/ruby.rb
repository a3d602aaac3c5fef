# Truth for Ruby from its own parser.
#
#   ruby ruby.rb ROOT < paths
#
# Prints JSON lines as truth.py reads them: methods, classes and modules. What calls make (aliases, methods by define_method,
# classes by Struct.new) is optional. Columns are bytes.
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
    when :alias
      made_method(node[1])
      node.each { |child| visit(child, around, singleton, in_method) }
    when :command, :method_add_arg
      name, args = node[0] == :command ? [node[1], node[2]] : [node[1][1], node[2]]
      made_method(first_argument(args)) if name.is_a?(Array) && MAKERS.include?(name[1])
      node.each { |child| visit(child, around, singleton, in_method) }
    when :assign
      made_class(node[1], node[2])
      node.each { |child| visit(child, around, singleton, in_method) }
    else
      node.each { |child| visit(child, around, singleton, in_method) }
    end
  end

  private

  MAKERS = %w[alias_method define_method define_singleton_method]

  def first_argument(node)
    node = node[1] while node.is_a?(Array) && %i[arg_paren args_add_block].include?(node[0])
    node.is_a?(Array) ? node[0] : nil
  end

  # The name in a symbol or string that a call gives a method.
  def made_method(node)
    node = node.find { |part| part.is_a?(Array) } while node.is_a?(Array) && node[0].is_a?(Symbol) && !node[0].to_s.start_with?("@")
    print_symbol(node, "callable", %w[method function constructor], nil, true) if node.is_a?(Array) && node[0].is_a?(Symbol)
  end

  # A constant that gets a class from Struct.new, Class.new and their like.
  def made_class(target, value)
    constant = target[1]
    return unless target[0] == :var_field && constant.is_a?(Array) && constant[0] == :@const
    value = value[1] while value.is_a?(Array) && %i[method_add_block method_add_arg].include?(value[0])
    return unless value.is_a?(Array) && value[0] == :call && value[1][0] == :var_ref
    return unless %w[Struct Class Module Data].include?(value[1][1][1])
    print_symbol(constant, "type", %w[class module namespace interface trait], nil, true)
  end

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
