// Package whole says everything once.
package whole

import (
	_ "embed"
//  ^ imports external
	"fmt"
	str "strings"
//    ^ imports external
)

//go:generate nothing

// Max and Min bound.
const Max, Min int = 1, 2
//    ^ definition.constant Max exported doc=Max_and_Min_bound.
//         ^ definition.constant Min exported doc=Max_and_Min_bound.
//             ^ uses external
const (
	First = iota
	second
)

var x, y int = 1, 2
//  ^ definition.variable x visibility=internal
//     ^ definition.variable y visibility=internal
//       ^ uses external
var made = Thing{size: 1}
//  ^ definition.variable made visibility=internal
//         ^ uses Thing scope
//               ^ references Thing.size type
var plain = makes()
//  ^ definition.variable plain visibility=internal
//          ^ calls makes scope

/* Thing is one. */
type Thing struct {
//   ^ definition.struct Thing exported doc=Thing_is_one.
	a, size int
//  ^ definition.field Thing.size visibility=internal
//       ^ uses external
	*Embedded
	fmt.Stringer
//   ^ extends external
	F func(name int) error `json:"f"`
//           ^ uses external
//                ^ uses external
}
type Embedded struct{}
//   ^ definition.struct Embedded exported
type Doer interface {
//   ^ definition.interface Doer exported
	Do(n int) (string, error)
//    ^ uses external
//          ^ uses external
//                  ^ uses external
	fmt.Stringer
//   ^ extends external
	~int | string
//      ^ uses external
}
type Pair[K comparable, V any] struct {
//   ^ definition.struct Pair exported
//          ^ uses external
//                        ^ uses external
	key   K
	value V
}
type Same = Thing
//   ^ definition.type Same exported
//          ^ uses Thing scope
type Handler func(int)
//   ^ definition.type Handler exported
//                ^ uses external

// Do does.
func (t *Thing) Do(n int, rest ...string) (r *Thing, err error) {
//       ^ uses Thing scope
//              ^ definition.method Thing.Do exported doc=Do_does.
//                   ^ uses external
//                                ^ uses external
//                                            ^ uses Thing scope
//                                                       ^ uses external
	t.size++
// ^ references Thing.size type
	t.a = Max
// ^ references Thing.a type
//     ^ references Max scope
	other := &Thing{a: 1, size: second}
//         ^ uses Thing scope
//               ^ references Thing.a type
//                     ^ references Thing.size type
//                           ^ references second scope
	other.Do(1)
//     ^ calls Thing.Do type
	fresh := new(Thing)
//        ^ calls external
//            ^ uses Thing scope
	fresh.Do(2)
//     ^ calls Thing.Do type
	list := make([]Thing, 3)
//       ^ calls external
//              ^ uses Thing scope
	list[0].Do(3)
//       ^ calls Thing.Do type
	list[1:][0].Do(4)
//           ^ calls Thing.Do type
	for i := range list {
//              ^ nothing
		list[i].Do(i)
//        ^ calls Thing.Do type
	}
	for _, one := range list {
//                   ^ nothing
		one.Do(1)
//    ^ calls Thing.Do type
	}
	for _ = range list {
//             ^ nothing
	}
	var any interface{}
	if kept, ok := any.(*Thing); ok {
//                    ^ uses Thing scope
		kept.Do(5)
//     ^ calls Thing.Do type
	} else if n > 1 {
		kept.Do(6)
//     ^ calls Thing.Do type
	}
	switch kept := any.(type) {
	case *Thing:
//     ^ uses Thing scope
		kept.Do(7)
//     ^ calls Thing.Do type
	default:
		kept.Do(8)
//     ^ calls unresolved
	}
	switch {
	case n > 1:
		made := 1
		_ = made
//    ^ nothing
	}
	made.Do(9)
//    ^ calls Thing.Do type
	go func(n int) { t.size += n }(1)
//         ^ uses external
//                  ^ references Thing.size type
	channel := make(chan Thing)
//          ^ calls external
//                    ^ uses Thing scope
	select {
	case got := <-channel:
//             ^ nothing
		got.Do(1)
//    ^ calls Thing.Do type
	}
	pair := Pair[string, *Thing]{key: "a"}
//       ^ uses Pair scope
//            ^ uses external
//                     ^ uses Thing scope
//                            ^ references Pair.key type
	pair.value.Do(10)
//    ^ references Pair.value type
//          ^ calls unresolved
	(*t).Do(11)
//    ^ calls Thing.Do type
	table := []struct{ name string }{{name: "a"}}
//                       ^ uses external
	_ = struct{ name int }{name: 1}
//                ^ uses external
	_ = map[string]int{str.ToUpper("a"): len(table)}
//       ^ uses external
//              ^ uses external
//                  ^ references external
//                      ^ calls external
//                                    ^ calls external
//                                        ^ nothing
	again, failed := t.Do(12)
//                  ^ calls Thing.Do type
	again.Do(13)
//     ^ calls Thing.Do type
	failed.Error()
//      ^ calls external
	handler := Handler(func(int) {})
//          ^ calls Handler scope
//                       ^ uses external
	handler.serve()
//       ^ calls Handler.serve inferred
	var local Same
//         ^ uses Same scope
	local.Do(14)
//     ^ calls Thing.Do type
	str := "shadows"
	str.trim()
//   ^ calls unresolved
	generic[Thing](*t)
//       ^ uses Thing scope
	return t, fmt.Errorf("x")
//         ^ references external
//             ^ calls external
}

func (Handler) serve() {}
//    ^ uses Handler scope
//             ^ definition.method Handler.serve visibility=internal

func (p Pair[K, V]) Key() K { return p.key }
//      ^ uses Pair scope
//                  ^ definition.method Pair.Key exported
//                                     ^ references Pair.key type

func (p *Pair[K, V]) Value() (v V) { return p.value }
//       ^ uses Pair scope
//                   ^ definition.method Pair.Value exported
//                                            ^ references Pair.value type
func (missing *Elsewhere) Method() {}
//             ^ uses unresolved
//                        ^ definition.method Elsewhere.Method exported
func (p (Thing)) odd() {}
//       ^ uses Thing scope
//               ^ definition.method Thing.odd visibility=internal

func makes() *Thing { return nil }
//   ^ definition.function makes visibility=internal
//            ^ uses Thing scope

func generic[T any](value T) (T, [2]Thing) { return value, nil }
//   ^ definition.function generic visibility=internal
//             ^ uses external
//                                  ^ uses Thing scope

func external(int) int
//   ^ definition.function external visibility=internal
//            ^ uses external
//                 ^ uses external
func (t Thing) declared() int
//      ^ uses Thing scope
//             ^ definition.method Thing.declared visibility=internal
//                        ^ uses external
