using Avouch.Server.Tests.Harness;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Avouch.Server.Tests.Harness;

/// <summary>One real browser for all tests, started by the first that needs it. Each <see cref="Person"/> has a profile of its own in it.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Flags = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic", "--no-first-run"];

    private static Lazy<Task<(IPlaywright, IBrowser)>>? running;

    internal static async Task<IBrowser> Get() => (await running!.Value).Item2;

    public ValueTask InitializeAsync()
    {
        running = new(Start);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (running is not { IsValueCreated: true }) return;
        var (playwright, browser) = await running.Value;
        await browser.DisposeAsync();
        playwright.Dispose();
    }

    private static async Task<(IPlaywright, IBrowser)> Start()
    {
        var playwright = await Playwright.CreateAsync();
        var path = Environment.GetEnvironmentVariable("PATH")!.Split(':').Append("/usr/bin").Select(folder => Path.Combine(folder, "chromium")).First(File.Exists);
        return (playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = path, Args = Flags }));
    }
}

/// <summary>How somebody looks at pages.</summary>
internal sealed record Glasses
{
    public bool HasScript { get; init; } = true;

    public int Width { get; init; } = 1100;

    public int Height { get; init; } = 800;

    public bool IsDark { get; init; }

    public string Language { get; init; } = "en";

    public static readonly Glasses Plain = new();

    /// <summary>A small telephone.</summary>
    public static readonly Glasses Small = new() { Width = 360, Height = 740 };

    public static readonly Glasses NoScript = new() { HasScript = false };

    public override string ToString() => $"{Width}{(IsDark ? "-dark" : "")}{(HasScript ? "" : "-noscript")}{(Language == "en" ? "" : "-" + Language)}";
}
