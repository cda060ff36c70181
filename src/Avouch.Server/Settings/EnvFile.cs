namespace Avouch.Server.Settings;

/// <summary>
/// A <c>.env</c> file: one <c>NAME=value</c> a line, <c>#</c> begins a comment, an optional <c>export</c> in front, single or double quotes around
/// a value that has spaces. Nothing is expanded. A line that is none of this is reported, and never repeated: it may hold a secret.
/// </summary>
internal static class EnvFile
{
    public static SettingsFile Read(string path) => File.Exists(path) ? Parse(File.ReadLines(path)) : SettingsFile.Empty;

    internal static SettingsFile Parse(IEnumerable<string> lines)
    {
        var (values, numbers, strays) = (new Dictionary<string, string>(), new Dictionary<string, int>(), new List<StrayLine>());
        foreach (var (index, line) in lines.Select(line => line.Trim()).Index())
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? "" : NameOf(line[..equals]);
            if (!IsName(name)) strays.Add(Explain(index + 1, line));
            else (values[name], numbers[name]) = (Unquote(line[(equals + 1)..].Trim()), index + 1);
        }
        return new SettingsFile(values, numbers, strays);
    }

    private static string NameOf(string text)
    {
        var name = text.Trim();
        return name.StartsWith("export ", StringComparison.Ordinal) ? name["export ".Length..].Trim() : name;
    }

    private static bool IsName(string text) => text.Length > 0 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.');

    private static StrayLine Explain(int number, string line)
    {
        var name = NameOf(line.Split(':', 2)[0]);
        var isYaml = line.Contains(':', StringComparison.Ordinal) && IsName(name) && name.StartsWith(SettingsSource.Prefix, StringComparison.Ordinal);
        return new StrayLine(number, isYaml ? name : "This line", isYaml ? $"is not read: write {name}=value, not {name}: value." : "is not NAME=value and is not read.");
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
