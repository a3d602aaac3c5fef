namespace Lib;

public static class Tools {
    public static int Halve(int n) => n / 2;
}
