using System.CommandLine;
using Avouch.Server.Settings;

namespace Avouch.Server.Cli;

/// <summary>How a command that works on data is carried out: in this process, or inside of the running server.</summary>
internal delegate Task<int> CommandRunner(ParseResult parsed, Func<CommandContext, Task<ExitCode>> action);

/// <summary>Every verb of <c>avouch</c>. Without one it serves.</summary>
internal static class CommandLine
{
    private static readonly Option<string> Data = new("--data") { Description = "Folder of the data (AVOUCH_DATA).", HelpName = "DIR", Recursive = true };
    private static readonly Option<string> Urls = new("--urls") { Description = "Addresses to listen on, separated by semicolons (AVOUCH_URLS).", HelpName = "URLS", Recursive = true };
    private static readonly Option<string[]> Set = SetOption();

    public static async Task<int> Run(string[] args)
    {
        var parsed = Build((command, action) => LocalCommand.Run(args, command, action)).Parse(args);
        var exit = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });   // the host stops in its own time
        return parsed.Errors.Count > 0 ? (int)ExitCode.Usage : exit;
    }

    /// <summary>Carries out a command inside of the server, for a process that was asked for it. Only what works on data can be asked for.</summary>
    public static async Task<int> RunInside(CommandContext context, string[] args)
    {
        var root = new RootCommand { Data, Urls, Set, UsersCommand.Build((_, action) => context.Run(action)) };
        var parsed = root.Parse(args);
        var exit = await parsed.InvokeAsync(new InvocationConfiguration { Output = context.Output, Error = context.Error });
        return parsed.Errors.Count > 0 ? (int)ExitCode.Usage : exit;
    }

    /// <summary>The settings of a command, or every fault of theirs on standard error.</summary>
    public static AvouchSettings? ReadSettings(ParseResult parsed)
    {
        var error = parsed.InvocationConfiguration.Error;
        try
        {
            var (settings, faults) = AvouchSettings.Read(SettingsSource.Load(Directory.GetCurrentDirectory(), GivenBy(parsed)));
            foreach (var fault in faults) error.WriteLine($"{fault.Name}: \"{fault.Value}\" {fault.Reason}. {fault.Remedy}");
            return settings;
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"{unreadable.Message} Mend appsettings.json or .env in {Directory.GetCurrentDirectory()}.");
            return null;
        }
    }

    private static RootCommand Build(CommandRunner runner)
    {
        var root = new RootCommand("Avouch, a self-hosted authentication server. Without a command it serves.\n\nExample:\n  avouch serve --urls http://localhost:8080 --data ./data")
        {
            Data, Urls, Set, ServeCommand.Build(), UsersCommand.Build(runner), SettingsCommand.Build(), VersionCommand(),
        };
        root.SetAction((parsed, stop) => ServeCommand.Run(parsed, stop));
        return root;
    }

    private static Command VersionCommand()
    {
        var command = new Command("version", "Prints the version.\n\nExample:\n  avouch version");
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine($"{Product.Name} {Product.Version}"));
        return command;
    }

    private static Dictionary<string, string> GivenBy(ParseResult parsed)
    {
        var settings = new Dictionary<string, string>();
        foreach (var pair in (parsed.GetValue(Set) ?? []).Select(pair => pair.Split('=', 2))) settings[pair[0]] = pair[1];   // the last one counts
        if (parsed.GetValue(Data) is { } data) settings["AVOUCH_DATA"] = data;
        if (parsed.GetValue(Urls) is { } urls) settings["AVOUCH_URLS"] = urls;
        return settings;
    }

    private static Option<string[]> SetOption()
    {
        var option = new Option<string[]>("--set") { Description = "Any other setting, for example AVOUCH_SESSIONS_PER_USER=5.", HelpName = "NAME=VALUE", Recursive = true };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) <= 0))
                result.AddError($"--set takes NAME=VALUE, for example AVOUCH_SESSIONS_PER_USER=5, and not \"{token.Value}\".");
        });
        return option;
    }
}
