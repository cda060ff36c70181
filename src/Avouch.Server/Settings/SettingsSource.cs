namespace Avouch.Server.Settings;

/// <summary>
/// Where settings come from, the weakest first: <c>appsettings.json</c>, <c>.env</c>, environment variables, the command line. All of them use the
/// same names, <c>AVOUCH_…</c>.
/// </summary>
/// <remarks>Nothing here watches a file: the watcher would wake at every write of a database that lies below the working directory.</remarks>
internal sealed class SettingsSource
{
    public const string Prefix = "AVOUCH_";
    public const string Json = "appsettings.json";
    public const string Env = ".env";
    public const string CommandLine = "command line";

    private readonly List<(string Origin, SettingsFile Content)> layers = [];

    public static SettingsSource Load(string folder, IReadOnlyDictionary<string, string> commandLine)
    {
        var source = new SettingsSource();
        source.layers.Add((Json, JsonFile.Read(Path.Combine(folder, Json))));
        source.layers.Add((Env, EnvFile.Read(Path.Combine(folder, Env))));
        return source.Add("environment", ReadEnvironment()).Add(CommandLine, commandLine);
    }

    public SettingsSource Add(string origin, IReadOnlyDictionary<string, string> values)
    {
        layers.Add((origin, SettingsFile.Of(values)));
        return this;
    }

    /// <summary>The strongest value of a setting and where it stands; an empty value counts as unset.</summary>
    public (string Value, string Origin)? Find(string name)
    {
        for (var i = layers.Count - 1; i >= 0; i--)
            if (layers[i].Content.Values.TryGetValue(name, out var value) && value.Length > 0)
                return (value, layers[i].Origin);
        return null;
    }

    /// <summary>Every name that anybody set, ours or not, with its file and line.</summary>
    /// <param name="origin">Only those from there.</param>
    public IEnumerable<(string Name, string Place)> Names(string? origin = null) =>
        layers.Where(layer => origin is null || layer.Origin == origin).SelectMany(layer => layer.Content.Values.Keys.Select(name =>
            (name, layer.Content.Lines.TryGetValue(name, out var line) ? $"{layer.Origin}:{line}" : layer.Origin)));

    /// <summary>What in the files sets nothing.</summary>
    public IEnumerable<(string Place, StrayLine Stray)> Strays() => layers.SelectMany(layer => layer.Content.Strays.Select(stray => ($"{layer.Origin}:{stray.Number}", stray)));

    private static Dictionary<string, string> ReadEnvironment()
    {
        var values = new Dictionary<string, string>();
        foreach (System.Collections.DictionaryEntry pair in Environment.GetEnvironmentVariables())
            if (pair is { Key: string name, Value: string value } && name.StartsWith(Prefix, StringComparison.Ordinal))
                values[name] = value;
        return values;
    }
}
