package shapes

func (s *Shape) Draw() {
//       ^ uses example.com/app/shapes.Shape import
//              ^ definition.method example.com/app/shapes.Shape.Draw exported
	s.first().Measure()
// ^ calls example.com/app/shapes.Shape.first type
//         ^ calls example.com/app/shapes.Side.Measure type
	s.Describe()
// ^ calls example.com/app/inner/v2/deep.Base.Describe type
	for _, side := range s.Sides {
//                      ^ references example.com/app/shapes.Shape.Sides type
		side.Measure()
//     ^ calls example.com/app/shapes.Side.Measure type
	}
	if named, ok := s.byName["a"]; ok {
//                 ^ references example.com/app/shapes.Shape.byName type
		named.Measure()
//      ^ calls example.com/app/shapes.Side.Measure type
	}
	s.next.next.Draw()
// ^ references example.com/app/shapes.Shape.next type
//      ^ references example.com/app/shapes.Shape.next type
//           ^ calls example.com/app/shapes.Shape.Draw type
}

func (side Side) Measure() int { return side.Length }
//         ^ uses example.com/app/shapes.Side import
//               ^ definition.method example.com/app/shapes.Side.Measure exported
//                         ^ uses external
//                                           ^ references example.com/app/shapes.Side.Length type

func sideOf(side Side) *Side { return &side }
//   ^ definition.function example.com/app/shapes.sideOf visibility=internal
//               ^ uses example.com/app/shapes.Side import
//                      ^ uses example.com/app/shapes.Side import
