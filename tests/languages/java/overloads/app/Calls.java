package app;

import java.util.List;

class Animal {}
class Cat extends Animal {}

class Base {
  void take(Cat cat) {}
  void take(int n) {}
}

class Calls<T> extends Base {
  void take(String text) {}
  void take(char c) {}
  void take(Animal animal) {}
//     ^ definition.method app.Calls.take
  void take(Object any) {}
  void take(int[] numbers) {}
  void take(Runnable work) {}

  void any(long n) {}
  void any(Integer n) {}
  void any(int... n) {}
  void real(float f) {}
  void real(double d) {}
  void large(long n) {}
  void large(Object o) {}
  void pair(String a, Object b) {}
  void pair(Object a, String b) {}
  void list(List<String> l) {}
  void list(String s) {}
  void flag(boolean b) {}
  void flag(int i) {}

  void run(Animal animal, Cat cat, List<String> words, T item) {
    take("text");
//  ^ calls app/Calls.java:14 type
    take('c');
//  ^ calls app/Calls.java:15 type
    take(animal);
//  ^ calls app/Calls.java:16 type
    take(cat);
//  ^ calls app/Calls.java:16 type
    take(new int[] {1});
//  ^ calls app/Calls.java:19 type
    take((Object) cat);
//  ^ calls app/Calls.java:18 type
    take(() -> {});
//  ^ calls app/Calls.java:20 inferred
    any(0x10);
//  ^ calls app/Calls.java:22 type
    any(1, 2);
//  ^ calls app/Calls.java:24 type
    real(1.5f);
//  ^ calls app/Calls.java:25 type
    real(-1.5);
//  ^ calls app/Calls.java:26 type
    large(1 + 2L);
//  ^ calls app/Calls.java:27 type
    large("a" + 1);
//  ^ calls app/Calls.java:28 type
    pair("a", animal);
//  ^ calls app/Calls.java:29 type
    pair("a", "b");
//  ^ calls unresolved
//  ^ possible app.Calls.pair override
    list(words);
//  ^ calls app/Calls.java:31 type
    list(words + "");
//  ^ calls app/Calls.java:32 type
    int i = 0;
    flag(!(i == 1));
//  ^ calls app/Calls.java:33 type
    flag(i++);
//  ^ calls app/Calls.java:34 type
    flag(cat instanceof Cat);
//  ^ calls app/Calls.java:33 type
    large(null);
//  ^ calls app/Calls.java:28 type
    large(item);
//  ^ calls app/Calls.java:28 type
    large(1L);
//  ^ calls app/Calls.java:27 type
    flag(true);
//  ^ calls app/Calls.java:33 type
  }
}
