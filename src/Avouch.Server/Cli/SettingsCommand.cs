using System.CommandLine;
using Avouch.Server.Settings;

namespace Avouch.Server.Cli;

/// <summary>A setting as <c>settings print --json</c> shows one.</summary>
internal sealed record SettingLine(string Name, string Value, string Origin, string Description, string Default, string Range)
{
    public static SettingLine Of(SettingInForce setting) => new(setting.Name, setting.Value, setting.Origin, setting.Description, setting.Default, setting.Form.Range);
}

/// <summary><c>avouch settings</c>: what is in force, and whether it is valid. Needs no data folder.</summary>
internal static class SettingsCommand
{
    public static Command Build() => new("settings", "Shows and checks the settings.\n\nExample:\n  avouch settings check") { PrintCommand(), CheckCommand(), SchemaCommand() };

    private static Command PrintCommand()
    {
        var isJson = Listing.JsonOption();
        var command = new Command("print", "Prints every setting in force, its source, range and meaning. Secrets are not shown.\n\nExamples:\n  avouch settings print\n  avouch settings print --json | jq -r .name") { isJson };
        command.SetAction(async (parsed, _) =>
        {
            if (CommandLine.ReadSettings(parsed) is not { } settings) return (int)ExitCode.Settings;
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(isJson)) return (int)await new Listing<SettingLine>(output, isJson: true, CliJson.Default.SettingLine).All([.. settings.InForce.Select(SettingLine.Of)]);
            foreach (var setting in settings.InForce) Print(output, setting);
            return (int)ExitCode.Done;
        });
        return command;
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
            foreach (var warning in settings.Warnings) parsed.InvocationConfiguration.Error.WriteLine("Warning: " + warning);
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
