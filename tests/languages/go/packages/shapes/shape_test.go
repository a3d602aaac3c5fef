package shapes_test

import (
	. "example.com/app/shapes"
//                  ^ imports example.com/app/shapes import
	sh "example.com/app/shapes"
//                   ^ imports example.com/app/shapes import
	"testing"
)

func TestDraw(t *testing.T) {
//   ^ definition.function example.com/app/shapes.TestDraw exported
//               ^ references external
//                       ^ uses external
	shape, err := New(1)
//             ^ calls example.com/app/shapes.New import
	shape.Draw()
//     ^ calls example.com/app/shapes.Shape.Draw type
	err.Error()
//   ^ calls external
	var second *sh.Shape = sh.New(2)
//           ^ references example.com/app/shapes import
//              ^ uses example.com/app/shapes.Shape import
//                      ^ references example.com/app/shapes import
//                         ^ calls example.com/app/shapes.New import
	second.Draw()
//      ^ calls example.com/app/shapes.Shape.Draw type
	helper()
}

func helper() {}
//   ^ definition.function example.com/app/shapes.helper visibility=internal
