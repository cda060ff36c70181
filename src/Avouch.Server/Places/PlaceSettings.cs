using Avouch.Server.Settings;

namespace Avouch.Server.Places;

/// <summary>Where it is written in which place an address roughly is.</summary>
/// <param name="File">Nothing: no page says so.</param>
internal sealed record PlaceSettings(string? File)
{
    private const string Name = "AVOUCH_PLACES_FILE";

    public static PlaceSettings Read(SettingsReader reader)
    {
        var path = reader.TextOrNull(Name, "A file in the MaxMind DB format (.mmdb), such as GeoLite2 City or DB-IP City Lite: then people see roughly where their devices are. It is read where it lies, and opened at the start.", "none");
        if (path is null) return new PlaceSettings(File: null);
        var (file, fault) = PlaceFile.Open(path);
        file?.Dispose();
        if (fault is not null) reader.Fault(Name, path, fault, "Name an unpacked .mmdb file that this user may read, or leave it out.");
        return new PlaceSettings(path);
    }
}
