using FsCheck;
using FsCheck.Fluent;

namespace Avouch.Protocol.Tests;

/// <summary>Runs a property a fixed number of times. FsCheck writes the seed and the smallest counter-example into the exception.</summary>
internal static class Property
{
    public static void Holds<T>(Func<T, bool> property, int times = 500) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(times), Prop.ForAll(ArbMap.Default.ArbFor<T>(), property));
}
