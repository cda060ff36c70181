using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Avouch.Server.Data;

namespace Avouch.Server.Tests.Data;

/// <summary>Another process that owns a data folder: this very program, started once more with the folder in its environment.</summary>
internal sealed class FolderHolder : IDisposable
{
    private const string Variable = "AVOUCH_TEST_HOLD_FOLDER";

    private readonly Process process;

    public FolderHolder(string folder)
    {
        var program = Path.ChangeExtension(Assembly.GetExecutingAssembly().Location, OperatingSystem.IsWindows() ? ".exe" : null);
        process = Process.Start(new ProcessStartInfo(program)
        {
            Environment = { [Variable] = folder },
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("held", process.StandardOutput.ReadLine());
    }

    public int ProcessId => process.Id;

    public void Kill()
    {
        process.Kill(); // SIGKILL
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited)
            Kill();
        process.Dispose();
    }

    [ModuleInitializer]
    internal static void HoldIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } folder)
            return;
        using var held = DataFolder.Open(folder);
        Console.WriteLine("held");
        Thread.Sleep(TimeSpan.FromMinutes(1)); // should nobody kill it
        Environment.Exit(0);
    }
}
