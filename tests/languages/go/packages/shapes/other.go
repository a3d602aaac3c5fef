//go:build !windows && (linux || darwin)

package shapes

func system() {}
//   ^ definition.function example.com/app/shapes.system visibility=internal

func asks() { system() }
//   ^ definition.function example.com/app/shapes.asks visibility=internal
//            ^ calls example.com/app/shapes.system scope
