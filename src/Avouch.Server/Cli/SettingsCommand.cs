using System.CommandLine;
using Avouch.Server.Keys;
using Avouch.Server.Settings;

namespace Avouch.Server.Cli;

/// <summary>A setting as <c>settings print --json</c> shows one.</summary>
internal sealed record SettingLine(string Name, string Value, string Origin, string Description, string Default, string Range)
{
    public static SettingLine Of(SettingInForce setting) => new(setting.Name, setting.Value, setting.Origin, setting.Description, setting.Default, setting.Form.Range);
}

/// <summary><c>avouch settings</c>: what is in force, and whether it is valid. Needs no data folder; beside a running server, <c>print</c> shows what that has.</summary>
internal static class SettingsCommand
{
    public static Command Build(Func<ParseResult, bool, Task<int>> print) => new("settings", "Shows and checks the settings.\n\nExample:\n  avouch settings check") { PrintCommand(print), CheckCommand(), SchemaCommand() };

    private static Command PrintCommand(Func<ParseResult, bool, Task<int>> print)
    {
        var isJson = Listing.JsonOption();
        var command = new Command("print", "Prints every setting in force, its source, range and meaning. Beside a running server: those of the server, not of this shell. Secrets are not shown.\n\nExamples:\n  avouch settings print\n  avouch settings print --json | jq -r .name") { isJson };
        command.SetAction((parsed, _) => print(parsed, parsed.GetValue(isJson)));
        return command;
    }

    /// <summary>Inside of a running server.</summary>
    public static async Task<ExitCode> PrintInside(CommandContext context, bool isJson)
    {
        await context.Error.WriteLineAsync($"These are the settings of the server that runs on this folder (process {Environment.ProcessId}), not those of this shell.");
        return await Print(context.Output, isJson, context.Get<AvouchSettings>(), context.Get<Installation>().Issuer);
    }

    /// <param name="issuer">The one in force, where there is one yet; it is shown as the public URL.</param>
    public static async Task<ExitCode> Print(TextWriter output, bool isJson, AvouchSettings settings, string? issuer)
    {
        var lines = settings.Show(issuer);
        if (isJson) return await new Listing<SettingLine>(output, isJson: true, CliJson.Default.SettingLine).All(lines.ConvertAll(SettingLine.Of));
        foreach (var line in lines) Print(output, line);
        return ExitCode.Done;
    }

    private static Command SchemaCommand()
    {
        var command = new Command("schema", "Prints the JSON Schema of appsettings.json, for editors that complete and check it.\n\nExample:\n  avouch settings schema > avouch.schema.json");
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine(SettingsSchema.Write()));
        return command;
    }

    private static Command CheckCommand()
    {
        var command = new Command("check", "Checks the settings and says everything that is wrong, each with its remedy. Exit code 3 if anything is.\n\nExample:\n  avouch settings check && systemctl restart avouch");
        command.SetAction(parsed =>
        {
            if (CommandLine.ReadSettings(parsed) is not { } settings) return (int)ExitCode.Settings;
            var now = TimeProvider.System.GetUtcNow();
            foreach (var warning in StartWarnings.OfSettings(settings, now)) parsed.InvocationConfiguration.Error.WriteLine("Warning: " + warning);
            if (StartWarnings.FindFault(settings.Server, now) is { } fault)
            {
                parsed.InvocationConfiguration.Error.WriteLine(fault);
                return (int)ExitCode.Settings;
            }
            parsed.InvocationConfiguration.Output.WriteLine("The settings are valid.");
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static void Print(TextWriter output, SettingInForce setting)
    {
        output.WriteLine($"{setting.Name}={setting.Value}");
        var range = setting.Form.Range.Length > 0 ? $" Range: {setting.Form.Range}." : "";
        output.WriteLine($"    {setting.Description}{range} Default: {setting.Default}. From: {setting.Origin}.");
    }
}
