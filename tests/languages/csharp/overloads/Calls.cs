namespace App;

class Handle {
    public static implicit operator Handle(Owner owner) => null;
}

class Owner {
    public bool Gone() => true;
    public static bool Gone(Owner owner) => false;
}

static class Extensions {
    public static void Close(this Owner owner) { }
}

interface ITakes { void Take(int n); }

class Calls : ITakes {
    void Take(string text) { }
    void Take(char c) { }
    void Take(Handle handle) { }
//       ^ definition.method App.Calls.Take
    void Take(float f) { }
    void Take(decimal d) { }
    void Take(int[] numbers) { }
    void Take(bool b) { }
    void ITakes.Take(int n) { }
    void Count(int n) { }
    void Count(params string[] texts) { }
    void Wide(long n) { }
    void Wide(uint n) { }
    void Wide(double n) { }
    void Named(string text, bool flag) { }
    void Named(int n, bool flag) { }

    void Run(Owner owner, int x, object any) {
        Take(@"text" + 1);
//      ^ calls Calls.cs:19 type
        Take('c');
//      ^ calls Calls.cs:20 type
        Take(owner);
//      ^ calls Calls.cs:21 type
        Take(1.5f);
//      ^ calls Calls.cs:23 type
        Take(2m);
//      ^ calls Calls.cs:24 type
        Take(new int[3]);
//      ^ calls Calls.cs:25 type
        Take(!(x == 1));
//      ^ calls Calls.cs:26 type
        Take(any is Owner);
//      ^ calls Calls.cs:26 type
        Count("a", "b");
//      ^ calls Calls.cs:29
        Count(-x);
//      ^ calls Calls.cs:28
        Wide(5L);
//      ^ calls Calls.cs:30 type
        Wide(5u);
//      ^ calls Calls.cs:31 type
        Wide(x++ * 1.5);
//      ^ calls Calls.cs:32 type
        Named("a", flag: true);
//      ^ calls Calls.cs:33 inferred
        Take(null);
//      ^ calls unresolved
        owner.Close();
//            ^ calls App.Extensions.Close type
        owner.Gone();
//            ^ calls Calls.cs:8 type
    }
}
