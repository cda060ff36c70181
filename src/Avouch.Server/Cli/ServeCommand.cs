using System.CommandLine;
using Avouch.Server.Settings;
using Avouch.Server.Users;

namespace Avouch.Server.Cli;

/// <summary><c>avouch serve</c>: the server, until it is told to stop.</summary>
internal static class ServeCommand
{
    public static Command Build()
    {
        var command = new Command("serve", "Runs the server.\n\nExample:\n  avouch serve --urls http://localhost:8080 --data ./data");
        command.SetAction((parsed, stop) => Run(parsed, stop));
        return command;
    }

    public static async Task<int> Run(ParseResult parsed, CancellationToken stop)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (CommandLine.ReadSettings(parsed) is not { } settings) return (int)ExitCode.Settings;
        foreach (var warning in settings.Warnings) error.WriteLine("WARNING: " + warning);
        try
        {
            await using var foundation = await Foundation.Open(settings, TimeProvider.System);
            await using var app = await Application.Build(settings, foundation, TimeProvider.System);
            await app.StartAsync(stop);
            await Introduce(output, settings, app);
            await app.WaitForShutdownAsync(stop);
            return (int)ExitCode.Done;
        }
        catch (Exception exception) when (LocalCommand.IsOfTheFolder(exception))
        {
            return LocalCommand.Report(error, exception);
        }
    }

    private static async Task Introduce(TextWriter output, AvouchSettings settings, WebApplication app)
    {
        output.WriteLine($"{Product.Name} {Product.Version} ({settings.Server.Environment.ToString().ToLowerInvariant()}), data in {settings.Server.DataFolder}");
        foreach (var url in app.Urls) output.WriteLine($"  {url}    and to try it out: {url}/docs");
        if (await app.Services.GetRequiredService<UserAccounts>().HasAdmin()) return;
        output.WriteLine("There is no administrator yet. Make the first one in another terminal:");
        var data = settings.Server.DataFolder == Path.GetFullPath("data") ? "" : $" --data {settings.Server.DataFolder}";
        output.WriteLine($"  {Myself()} users add you@example.com --admin{data}");
    }

    /// <summary>How this program was called, so that the line can be copied.</summary>
    private static string Myself()
    {
        var path = Environment.ProcessPath ?? "avouch";
        var isFromSource = path.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}Debug{Path.DirectorySeparatorChar}", StringComparison.Ordinal);
        return isFromSource ? "dotnet run --project src/Avouch.Server --" : Path.GetFileNameWithoutExtension(path) == "dotnet" ? "dotnet avouch.dll" : path;
    }
}
