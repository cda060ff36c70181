using System.Text.Json.Serialization;
using Avouch.Server.Cli.Checks;

namespace Avouch.Server.Cli;

/// <summary>The lines that <c>--json</c> prints.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SessionLine))]
[JsonSerializable(typeof(KeyLine))]
[JsonSerializable(typeof(JournalLine))]
[JsonSerializable(typeof(RoleLine))]
[JsonSerializable(typeof(MailLine))]
[JsonSerializable(typeof(SettingLine))]
[JsonSerializable(typeof(Finding))]
[JsonSerializable(typeof(CalibrationLine))]
internal sealed partial class CliJson : JsonSerializerContext;
