using System.CommandLine;
using Avouch.Server.Settings;

namespace Avouch.Server.Cli;

/// <summary><c>avouch settings</c>: what is in force, and whether it is valid. Needs no data folder.</summary>
internal static class SettingsCommand
{
    public static Command Build() => new("settings", "Shows and checks the settings.\n\nExample:\n  avouch settings check") { PrintCommand(), CheckCommand() };

    private static Command PrintCommand()
    {
        var command = new Command("print", "Prints every setting in force, its source, range and meaning. Secrets are not shown.\n\nExample:\n  avouch settings print");
        command.SetAction(parsed =>
        {
            if (CommandLine.ReadSettings(parsed) is not { } settings) return (int)ExitCode.Settings;
            foreach (var setting in settings.InForce) Print(parsed.InvocationConfiguration.Output, setting);
            return (int)ExitCode.Done;
        });
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
        var range = setting.Range.Length > 0 ? $" Range: {setting.Range}." : "";
        output.WriteLine($"    {setting.Description}{range} Default: {setting.Default}. From: {setting.Origin}.");
    }
}
