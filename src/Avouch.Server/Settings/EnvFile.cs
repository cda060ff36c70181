namespace Avouch.Server.Settings;

/// <summary>
/// A <c>.env</c> file: one <c>NAME=value</c> a line, <c>#</c> begins a comment, an optional <c>export</c> in front, single or double quotes around
/// a value that has spaces. Nothing is expanded.
/// </summary>
internal static class EnvFile
{
    public static Dictionary<string, string> Read(string path) => File.Exists(path) ? Parse(File.ReadLines(path)) : [];

    internal static Dictionary<string, string> Parse(IEnumerable<string> lines)
    {
        var values = new Dictionary<string, string>();
        foreach (var line in lines.Select(line => line.Trim()))
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) continue;
            var name = line[..equals].Trim();
            if (name.StartsWith("export ", StringComparison.Ordinal)) name = name["export ".Length..].Trim();
            values[name] = Unquote(line[(equals + 1)..].Trim());
        }
        return values;
    }

    private static string Unquote(string value)
    {
        if (value.Length > 0 && value[0] is '"' or '\'')
        {
            var end = value.IndexOf(value[0], 1);
            if (end > 0) return value[1..end];
        }
        var comment = value.IndexOf(" #", StringComparison.Ordinal);
        return comment < 0 ? value : value[..comment].TrimEnd();
    }
}
