package deep

type Base struct{}
//   ^ definition.struct example.com/app/inner/v2/deep.Base exported

func (b *Base) Describe() string { return "" }
//       ^ uses example.com/app/inner/v2/deep.Base scope
//             ^ definition.method example.com/app/inner/v2/deep.Base.Describe exported
//                        ^ uses external
