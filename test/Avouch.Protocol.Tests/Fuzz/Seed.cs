using System.Globalization;

namespace Avouch.Protocol.Tests;

/// <summary>
/// Where a random test begins. Every run takes another seed and prints it when it fails; <c>AVOUCH_TEST_SEED</c> sets it, so that a failure can be
/// seen again.
/// </summary>
internal static class Seed
{
    private const string Variable = "AVOUCH_TEST_SEED";

    public static int Next() =>
        int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var seed) ? seed : Random.Shared.Next();

    public static string Explain(int seed) => $"To see this again: {Variable}={seed}";
}
