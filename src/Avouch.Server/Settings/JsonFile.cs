using System.Text;
using System.Text.Json;

namespace Avouch.Server.Settings;

/// <summary>
/// <c>appsettings.json</c>: one object, whose members are settings. Comments and trailing commas are taken, as elsewhere in .NET; sections and lists
/// set nothing and are reported.
/// </summary>
internal static class JsonFile
{
    private static readonly JsonReaderOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <exception cref="InvalidDataException">It is no JSON. The message has the place, and nothing of what stands there.</exception>
    public static SettingsFile Read(string path)
    {
        if (!File.Exists(path)) return SettingsFile.Empty;
        try
        {
            return Parse(Encoding.UTF8.GetBytes(File.ReadAllText(path)));   // as text first: that takes the byte order mark away
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"{path}:{broken.LineNumber + 1}:{broken.BytePositionInLine + 1}: this is no JSON; a quote, a comma or a brace is missing or one too many.", broken);
        }
    }

    internal static SettingsFile Parse(ReadOnlySpan<byte> json)
    {
        var (values, lines, strays) = (new Dictionary<string, string>(), new Dictionary<string, int>(), new List<StrayLine>());
        var reader = new Utf8JsonReader(json, Lenient);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw new InvalidDataException("appsettings.json:1: this is no JSON object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            lines[name] = 1 + json[..(int)reader.TokenStartIndex].Count((byte)'\n');
            reader.Read();
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) strays.Add(Explain(ref reader, lines[name], name));
            else if (reader.TokenType != JsonTokenType.Null) values[name] = reader.TokenType == JsonTokenType.String ? reader.GetString()! : Encoding.UTF8.GetString(reader.ValueSpan);
        }
        reader.Read();   // what stands behind the object is broken too
        return new SettingsFile(values, lines, strays);
    }

    /// <summary>Skips the section or list, having looked at its first member for an example.</summary>
    private static StrayLine Explain(ref Utf8JsonReader reader, int line, string name)
    {
        var isList = reader.TokenType == JsonTokenType.StartArray;
        var inside = reader;
        inside.Read();
        var member = inside.TokenType == JsonTokenType.PropertyName ? $"{name}:{inside.GetString()}" : name;
        reader.Skip();
        var right = $"\"{UnknownSettings.Normalise(isList ? name : member)}\": \"value\"";
        return new StrayLine(line, $"\"{name}\"", isList ? $"is a list and is not read: a setting is one text, {right}." : $"is a section and is not read: settings stand at the top level by their full names, {right}.");
    }
}
