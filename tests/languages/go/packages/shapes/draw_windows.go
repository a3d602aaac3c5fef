package shapes

func system() {}
//   ^ definition.function example.com/app/shapes.system visibility=internal
