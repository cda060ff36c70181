using System.CommandLine;
using System.CommandLine.Invocation;
using Avouch.Server.Settings;

namespace Avouch.Server.Cli;

/// <summary>How a command that works on data is carried out: in this process, or inside of the running server.</summary>
internal delegate Task<int> CommandRunner(ParseResult parsed, Func<CommandContext, Task<ExitCode>> action);

/// <summary>Every verb of <c>avouch</c>. Without one it serves.</summary>
internal static class CommandLine
{
    private const string Data = "--data";
    private const string Urls = "--urls";
    private const string Set = "--set";

    public static async Task<int> Run(string[] args)
    {
        var parsed = Build((command, action) => LocalCommand.Run(args, command, action), (command, isJson) => LocalDoctor.Run(args, command, isJson), (command, isJson) => LocalSettings.Print(args, command, isJson)).Parse(args);
        if (parsed.Action is ParseErrorAction) return Refuse(parsed);
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });   // commands stop in their own time
    }

    /// <summary>What is wrong, and where it is said how it is right. The whole help would hide the one line that matters.</summary>
    private static int Refuse(ParseResult parsed)
    {
        foreach (var fault in parsed.Errors.Select(fault => fault.Message).Distinct()) Console.Error.WriteLine(fault);
        Console.Error.WriteLine($"This shows how it is used: {Help.PathOf(parsed.CommandResult.Command)} --help");
        return (int)ExitCode.Usage;
    }

    /// <summary>Carries out a command inside of the server, for a process that was asked for it. Only what works on data can be asked for.</summary>
    public static async Task<int> RunInside(CommandContext context, string[] args)
    {
        var root = WithSettings("");
        foreach (var command in OnData((_, action) => context.Run(action))) root.Add(command);
        root.Add(DoctorCommand.Build((_, isJson) => context.Run(inside => DoctorCommand.Examine(inside, isJson))));
        root.Add(SettingsCommand.Build((_, isJson) => context.Run(inside => SettingsCommand.PrintInside(inside, isJson))));
        var parsed = root.Parse(args);
        var exit = await parsed.InvokeAsync(new InvocationConfiguration { Output = context.Output, Error = context.Error, ProcessTerminationTimeout = null });   // signals are for the server
        return parsed.Errors.Count > 0 ? (int)ExitCode.Usage : exit;
    }

    /// <summary>The settings of a command, or every fault of theirs on standard error.</summary>
    public static AvouchSettings? ReadSettings(ParseResult parsed)
    {
        var (settings, faults) = FindSettings(parsed);
        foreach (var fault in faults) parsed.InvocationConfiguration.Error.WriteLine(fault.Name.Length > 0 ? $"{fault.Name}: \"{fault.Value}\" {fault.Reason}. {fault.Remedy}" : $"{fault.Reason} {fault.Remedy}");
        return settings;
    }

    /// <summary>The settings of a command, or every fault of theirs. A file that cannot be read is a fault without a name.</summary>
    public static (AvouchSettings? Settings, IReadOnlyList<SettingFault> Faults) FindSettings(ParseResult parsed)
    {
        try
        {
            return AvouchSettings.Read(SettingsSource.Load(Directory.GetCurrentDirectory(), GivenBy(parsed)));
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return (null, [new SettingFault("", "", unreadable.Message, $"Mend appsettings.json or .env in {Directory.GetCurrentDirectory()}.")]);
        }
    }

    /// <summary>The tree as a person sees it.</summary>
    /// <param name="runner">How commands on data are carried out.</param>
    /// <param name="doctor">How <c>doctor</c> is.</param>
    /// <param name="print">How <c>settings print</c> is.</param>
    /// <param name="helpWidth">In letters, for documents; what the terminal has if left out.</param>
    public static RootCommand Build(CommandRunner runner, Func<ParseResult, bool, Task<int>> doctor, Func<ParseResult, bool, Task<int>> print, int? helpWidth = null)
    {
        var root = WithSettings("Avouch, a self-hosted authentication server. Without a command it serves.\n\nExample:\n  avouch serve --urls http://localhost:8080 --data ./data");
        root.Add(ServeCommand.Build());
        foreach (var command in OnData(runner)) root.Add(command);
        root.Add(RestoreCommand.Build());
        root.Add(SettingsCommand.Build(print));
        root.Add(HashCommand.Build());
        root.Add(DoctorCommand.Build(doctor));
        root.Add(CompletionCommand.Build());
        root.Add(VersionCommand());
        root.SetAction((parsed, stop) => ServeCommand.Run(parsed, stop));
        Help.Dress(root, helpWidth);
        return root;
    }

    /// <summary>The commands that need the data: carried out by the running server where there is one.</summary>
    private static Command[] OnData(CommandRunner runner) =>
        [MigrateCommand.Build(runner), UsersCommand.Build(runner), RolesCommand.Build(runner), SessionsCommand.Build(runner), KeysCommand.Build(runner), JournalCommand.Build(runner), MailCommand.Build(runner), BackupCommand.Build(runner)];

    private static Command VersionCommand()
    {
        var command = new Command("version", "Prints the version.\n\nExample:\n  avouch version");
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine($"{Product.Name} {Product.Version}"));
        return command;
    }

    private static Dictionary<string, string> GivenBy(ParseResult parsed)
    {
        var settings = new Dictionary<string, string>();
        foreach (var pair in (Find<string[]>(parsed, Set) ?? []).Select(pair => pair.Split('=', 2))) settings[pair[0]] = pair[1];   // the last one counts
        if (Find<string>(parsed, Data) is { } data) settings["AVOUCH_DATA"] = data;
        if (Find<string>(parsed, Urls) is { } urls) settings["AVOUCH_URLS"] = urls;
        return settings;
    }

    private static T? Find<T>(ParseResult parsed, string option) => parsed.GetValue((Option<T>)parsed.RootCommandResult.Command.Options.First(one => one.Name == option));

    /// <summary>New options for each tree: an option remembers every tree that it was put into, and a server makes one for each command.</summary>
    private static RootCommand WithSettings(string description) => new(description)
    {
        new Option<string>(Data) { Description = "Folder of the data (AVOUCH_DATA).", HelpName = "DIR", Recursive = true },
        new Option<string>(Urls) { Description = "Addresses to listen on, separated by semicolons (AVOUCH_URLS).", HelpName = "URLS", Recursive = true },
        SetOption(),
    };

    private static Option<string[]> SetOption()
    {
        var option = new Option<string[]>(Set) { Description = "Any other setting, for example AVOUCH_SESSIONS_PER_USER=5.", HelpName = "NAME=VALUE", Recursive = true };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) <= 0))
                result.AddError($"--set takes NAME=VALUE, for example AVOUCH_SESSIONS_PER_USER=5, and not \"{token.Value}\".");
        });
        return option;
    }
}
