import 'a.dart';

typedef Callback = void Function(int);
//      ^ definition.type shop.Callback

enum Size { small, large }
//   ^ definition.enum shop.Size
//          ^ definition.enum_member shop.Size.small
//                 ^ definition.enum_member shop.Size.large

/// What is sold.
abstract class Item<T> extends Base with Mixed implements Sold {
//             ^ definition.class shop.Item abstract doc=What_is_sold.

  final int price;
//          ^ definition.field shop.Item.price

  static const limit = 1, other = 2;
//             ^ definition.field shop.Item.limit static
//                        ^ definition.field shop.Item.other static

  Item(this.price);
  // <- definition.constructor shop.Item.Item

  const Item.fixed(this.price);
//           ^ definition.constructor shop.Item.fixed

  Item.named(int a) { print(a); }
//     ^ definition.constructor shop.Item.named

  Item.open() { }
//     ^ definition.constructor shop.Item.open

  factory Item.made() => Item(1);
//             ^ definition.constructor shop.Item.made

  int get total => 1;
//        ^ definition.accessor shop.Item.total

  set total(int v) {}
//    ^ definition.accessor shop.Item.total

  int get later;
//        ^ definition.accessor shop.Item.later

  void sell(int a) {}
//     ^ definition.method shop.Item.sell

  static int count() { return 1; }
//           ^ definition.method shop.Item.count static

  int size();
//    ^ definition.method shop.Item.size

  operator +(o) => 1;
//         ^ definition.method shop.Item.+

  void _hidden() {}
//     ^ definition.method shop.Item._hidden visibility=private

}

mixin Mixed on Base {}
//    ^ definition.class shop.Mixed

extension Words on String { int words() => 1; }
//        ^ definition.class shop.Words
//                              ^ definition.method shop.Words.words

int top(int a) => a;
//  ^ definition.function shop.top

int get size => 1;
//      ^ definition.accessor shop.size

set size(int v) {}
//  ^ definition.accessor shop.size

var seen = 1;
//  ^ definition.variable shop.seen

const most = 2;
//    ^ definition.constant shop.most
