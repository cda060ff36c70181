using System.Text.Json;

namespace Avouch.Server.Tests.Passwords;

/// <summary>Hashes that the real libraries made: foreign-hashes.json, by eng/foreign-hashes/make.</summary>
internal sealed record ForeignSample(string By, string Password, string Hash)
{
    public static IReadOnlyList<ForeignSample> All { get; } =
    [
        .. JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Passwords", "foreign-hashes.json"))).RootElement.EnumerateArray()
            .Select(row => new ForeignSample(row.GetProperty("by").GetString()!, row.GetProperty("password").GetString()!, row.GetProperty("hash").GetString()!)),
    ];

    /// <summary>The hash of one scheme, of the first and plainest password.</summary>
    public static ForeignSample Of(string by, string start) => All.First(sample =>
        sample.By.StartsWith(by, StringComparison.Ordinal) && sample.Hash.StartsWith(start, StringComparison.Ordinal));
}
