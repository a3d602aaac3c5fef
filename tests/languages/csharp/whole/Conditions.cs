namespace Shapes.Conditions;

public interface IWriter
//               ^ definition.interface Shapes.Conditions.IWriter
{
    void Write(int level)
//       ^ definition.method Shapes.Conditions.IWriter.Write
#if FEATURE_DEFAULTS
    {
    }
#else
        ;
#endif

#if FEATURE_SPAN
    int Count(ReadOnlySpan<int> items)
//      ^ definition.method Shapes.Conditions.IWriter.Count
#else
    int Count(int[] items)
#endif
    {
        return items.Length;
    }
}
