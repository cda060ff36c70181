using System.CommandLine;
using System.Net.Sockets;
using Avouch.Server.Http;
using Avouch.Server.Keys;
using Avouch.Server.Settings;
using Avouch.Server.Users;

namespace Avouch.Server.Cli;

/// <summary><c>avouch serve</c>: the server, until it is told to stop.</summary>
internal static partial class ServeCommand
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
        var now = TimeProvider.System.GetUtcNow();
        if (StartWarnings.FindFault(settings.Server, now) is { } fault)
        {
            error.WriteLine(fault);
            return (int)ExitCode.Settings;
        }
        var isStarting = true;
        try
        {
            await using var foundation = await FolderTurn.Await(() => Foundation.Open(settings, TimeProvider.System), TimeProvider.System, stop);
            var warnings = StartWarnings.Find(settings, foundation.Installation, now).ToList();
            foreach (var warning in warnings) error.WriteLine("WARNING: " + warning);
            await using var app = await Application.Build(settings, foundation, TimeProvider.System, logging => Logs.Configure(logging, settings.Logs, () => isStarting));
            await Listen(app, settings.Server, stop);
            isStarting = false;
            LogStart(app, settings, warnings);
            await Introduce(settings.Logs.Format == LogFormat.Json ? error : output, settings, app);   // then standard output has nothing but the log
            await app.WaitForShutdownAsync(stop);
            return (int)ExitCode.Done;
        }
        catch (OperationCanceledException) when (isStarting && stop.IsCancellationRequested)
        {
            return (int)ExitCode.Stopped;
        }
        catch (Exception exception) when (LocalCommand.IsOfTheFolder(exception))
        {
            return LocalCommand.Report(error, exception);
        }
    }

    /// <exception cref="StartException">An address cannot be listened on.</exception>
    private static async Task Listen(WebApplication app, ServerSettings server, CancellationToken stop)
    {
        try
        {
            await app.StartAsync(stop);
        }
        catch (IOException taken) when (taken.InnerException is not null)   // Kestrel's words name the address
        {
            throw new StartException(taken.Message, "Stop what listens there, or choose another port with --urls.");
        }
        catch (SocketException refused)
        {
            throw new StartException($"Listening on {string.Join(", ", server.Urls)} failed: {refused.Message}.", "With --urls choose an address of this machine, and a port that this user may open.");
        }
    }

    /// <summary>What a program that reads the log has to know of a start. A person has read it on the screen.</summary>
    private static void LogStart(WebApplication app, AvouchSettings settings, IReadOnlyList<string> warnings)
    {
        if (settings.Logs.Format != LogFormat.Json) return;
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ServeCommand));
        foreach (var warning in warnings) Log.Warned(logger, warning);
        var urls = string.Join(' ', app.Urls);
        Log.Started(logger, Product.Version, settings.Server.Environment, urls);
    }

    private static async Task Introduce(TextWriter output, AvouchSettings settings, WebApplication app)
    {
        output.WriteLine($"{Product.Name} {Product.Version} ({settings.Server.Environment.ToString().ToLowerInvariant()}), data in {settings.Server.DataFolder}");
        foreach (var url in app.Urls.Select(UrlRules.ToPublic).Distinct()) output.WriteLine(settings.Http.DocsEnabled ? $"  {url}    and to try it out: {url}{SwaggerPage.Path}" : $"  {url}");
        output.WriteLine($"  issuer: {app.Services.GetRequiredService<Installation>().Issuer}");
        if (await app.Services.GetRequiredService<SetupLink>().Replace() is not { } secret) return;
        output.WriteLine("There is no administrator yet. Make the first one on this page, which works once and for an hour:");
        output.WriteLine($"  {app.Services.GetRequiredService<Installation>().Issuer}{SetupLink.Path}?token={secret.Text}");
        output.WriteLine("or in another terminal:");
        output.WriteLine($"  {Myself()} users add you@example.com --admin --data {Quote(settings.Server.DataFolder)}");   // always: the other terminal may stand elsewhere
    }

    private static string Quote(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;

    /// <summary>How this program was called, so that the line can be copied.</summary>
    private static string Myself()
    {
        var path = Environment.ProcessPath ?? "avouch";
        var isFromSource = path.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}Debug{Path.DirectorySeparatorChar}", StringComparison.Ordinal);
        return isFromSource ? "dotnet run --project src/Avouch.Server --" : Path.GetFileNameWithoutExtension(path) == "dotnet" ? "dotnet avouch.dll" : path;
    }

    private static partial class Log
    {
        [LoggerMessage(EventName = "server.started", Level = LogLevel.Information, Message = "Version {Version} serves ({Environment}) at {Urls}")]
        public static partial void Started(ILogger logger, string version, DeploymentEnvironment environment, string urls);

        [LoggerMessage(EventName = "server.warning", Level = LogLevel.Warning, Message = "{Warning}")]
        public static partial void Warned(ILogger logger, string warning);
    }
}
