package app;

class More {
  void dims(int a[]) {}
//     ^ definition.method app.More.dims
  void dims(int a) {}
  void log(int level, String text) {}
  void log(int level, Object... texts) {}

  void run(int[] numbers, More[] others) {
    dims(numbers);
//  ^ calls app/More.java:4 type
    log(1, "a");
//  ^ calls app.More.log self
    log(1, others[0]);
//  ^ calls app/More.java:8 type
    log(1, 2, 3);
//  ^ calls app/More.java:8 type
  }
}

abstract class Listener {
  void inherited() {}
  abstract void heard();
}

class Owner {
  void own() {}
  void inherited() {}

  Listener listener() {
    return new Listener() {
      void heard() {
        own();
//      ^ calls app.Owner.own
        inherited();
//      ^ calls app.Listener.inherited
        new Runnable() {
          public void run() {
            own();
//          ^ calls app.Owner.own
          }
          class Named extends Owner { void m() { inherited(); } }
//                                               ^ calls app.Owner.inherited
        };
      }
    };
  }
}
