using System.Net;

namespace Avouch.Server.Places;

/// <summary>Roughly where an address is, in words, as far as the operator's file knows. No answer is ever waited for from anywhere else.</summary>
internal sealed class PlaceNames(PlaceSettings settings) : IDisposable
{
    private readonly PlaceFile? file = settings.File is null ? null : PlaceFile.Open(settings.File).File;

    public bool IsKnown => file is not null;

    public void Dispose() => file?.Dispose();

    /// <summary>Town and country, or what is known of the two.</summary>
    /// <param name="language">In which the file may have names; English otherwise.</param>
    public string? Find(string? address, string language)
    {
        if (file is null || !IPAddress.TryParse(address, out var parsed) || file.Find(parsed) is not var (data, record)) return null;
        var names = new[] { Name(data, record, "city", language), Name(data, record, "country", language) }.OfType<string>().Distinct().ToList();
        return names.Count == 0 ? null : string.Join(", ", names);
    }

    private static string? Name(PlaceData data, long record, string what, string language) =>
        data.Text(data.Find(record, what, "names", language)) ?? data.Text(data.Find(record, what, "names", "en"));
}
