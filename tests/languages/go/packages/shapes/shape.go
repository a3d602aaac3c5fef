// Package shapes draws.
package shapes

import "example.com/app/inner/v2/deep"
//                               ^ imports example.com/app/inner/v2/deep import

// Shape is drawn.
type Shape struct {
//   ^ definition.struct example.com/app/shapes.Shape exported doc=Shape_is_drawn.
	*deep.Base
//     ^ extends example.com/app/inner/v2/deep.Base import
	Sides  []Side
//        ^ uses example.com/app/shapes.Side scope
	byName map[string]*Side
//          ^ uses external
//                  ^ uses example.com/app/shapes.Side scope
	next   *Shape
//       ^ uses example.com/app/shapes.Shape scope
}

type Side struct{ Length int }
//   ^ definition.struct example.com/app/shapes.Side exported
//                ^ definition.field example.com/app/shapes.Side.Length exported
//                       ^ uses external

func New(n int) (*Shape, error) { return &Shape{Sides: nil}, nil }
//   ^ definition.function example.com/app/shapes.New exported
//         ^ uses external
//                ^ uses example.com/app/shapes.Shape scope
//                       ^ uses external
//                                        ^ uses example.com/app/shapes.Shape scope
//                                              ^ references example.com/app/shapes.Shape.Sides type

func (s *Shape) first() *Side { return sideOf(s.Sides[0]) }
//       ^ uses example.com/app/shapes.Shape scope
//              ^ definition.method example.com/app/shapes.Shape.first visibility=internal
//                       ^ uses example.com/app/shapes.Side scope
//                                     ^ calls example.com/app/shapes.sideOf import
//                                              ^ references example.com/app/shapes.Shape.Sides type
