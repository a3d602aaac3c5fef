namespace Lib.Deep;

public class Box {
    public int Size() => 1;
}

public static class More {
    public static int Twice(this Box box) => 2 * box.Size();
}
