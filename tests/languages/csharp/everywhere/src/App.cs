namespace App;

class Uses {
    int Run() {
        var box = new Box();
//                    ^ calls Lib.Deep.Box import
        box.Twice();
//          ^ calls Lib.Deep.More.Twice
        Halve(1);
//      ^ calls Lib.Tools.Halve import
        return box.Size();
//                 ^ calls Lib.Deep.Box.Size
    }
}
