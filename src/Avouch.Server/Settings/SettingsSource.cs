namespace Avouch.Server.Settings;

/// <summary>
/// Where settings come from, the weakest first: <c>appsettings.json</c>, <c>.env</c>, environment variables, the command line. All of them use the
/// same names, <c>AVOUCH_…</c>.
/// </summary>
/// <remarks>Nothing here watches a file: the watcher would wake at every write of a database that lies below the working directory.</remarks>
internal sealed class SettingsSource
{
    public const string Prefix = "AVOUCH_";

    private readonly List<(string Origin, IReadOnlyDictionary<string, string> Values)> layers = [];

    public static SettingsSource Load(string folder, IReadOnlyDictionary<string, string> commandLine)
    {
        var source = new SettingsSource();
        source.Add("appsettings.json", ReadJson(Path.Combine(folder, "appsettings.json")));
        source.Add(".env", EnvFile.Read(Path.Combine(folder, ".env")));
        source.Add("environment", ReadEnvironment());
        source.Add("command line", commandLine);
        return source;
    }

    public SettingsSource Add(string origin, IReadOnlyDictionary<string, string> values)
    {
        layers.Add((origin, values));
        return this;
    }

    /// <summary>The strongest value of a setting and where it stands; an empty value counts as unset.</summary>
    public (string Value, string Origin)? Find(string name)
    {
        for (var i = layers.Count - 1; i >= 0; i--)
            if (layers[i].Values.TryGetValue(name, out var value) && value.Length > 0)
                return (value, layers[i].Origin);
        return null;
    }

    /// <summary>Every name with our prefix that anybody set: what a misspelt one is found by.</summary>
    public IEnumerable<(string Name, string Origin)> Names() =>
        layers.SelectMany(layer => layer.Values.Keys.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => (name, layer.Origin)));

    private static Dictionary<string, string> ReadJson(string path)
    {
        if (!File.Exists(path)) return [];
        var json = new ConfigurationBuilder().AddJsonFile(path, optional: false, reloadOnChange: false).Build();
        return json.AsEnumerable().Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!);
    }

    private static Dictionary<string, string> ReadEnvironment()
    {
        var values = new Dictionary<string, string>();
        foreach (System.Collections.DictionaryEntry pair in Environment.GetEnvironmentVariables())
            if (pair is { Key: string name, Value: string value } && name.StartsWith(Prefix, StringComparison.Ordinal))
                values[name] = value;
        return values;
    }
}
