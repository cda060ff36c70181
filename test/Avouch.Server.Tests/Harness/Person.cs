using Avouch.Server.Tests.House;
using Microsoft.Playwright;

namespace Avouch.Server.Tests.Harness;

/// <summary>
/// Somebody at a real browser with a profile of their own. Whatever goes wrong there without being seen fails the test at its end: an error on the
/// console, a request to somebody else, a page that is too heavy.
/// </summary>
internal sealed class Person : IAsyncDisposable
{
    /// <summary>Everything that a page loads, as it travels.</summary>
    private const int MaxPageBytes = 60_000;

    private const int MaxRequests = 3;

    private static readonly string Pictures = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts/pages")).FullName;
    private static readonly string Axe = Path.Combine(Repository.Root, "eng/pages/node_modules/axe-core/axe.min.js");

    private const string TablesBeyondTheirPanel = """
        () => [...document.querySelectorAll('.panel table')].map(table => {
            const panel = table.closest('.panel'), [inner, outer] = [table.getBoundingClientRect(), panel.getBoundingClientRect()];
            const beyond = Math.max(inner.right - outer.right, outer.left - inner.left) + (inner.width && parseFloat(getComputedStyle(panel).paddingRight));
            return beyond > 1 ? `${table.caption?.textContent}: ${beyond} pixels` : '';
        }).filter(text => text)
        """;

    private readonly IBrowserContext context;
    private readonly Glasses glasses;
    private readonly Uri origin;
    private readonly List<string> faults = [];
    private readonly HashSet<string> expected = [];

    private Person(IBrowserContext context, IPage page, Glasses glasses, Uri origin) => (this.context, Page, this.glasses, this.origin) = (context, page, glasses, origin);

    public IPage Page { get; }

    /// <summary>The path and query where the browser is.</summary>
    public string Place => new Uri(Page.Url).PathAndQuery;

    public static async Task<Person> At(TestServer server, Glasses? glasses = null)
    {
        glasses ??= Glasses.Plain;
        var context = await (await Chromium.Get()).NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = server.Url.ToString(),
            JavaScriptEnabled = glasses.HasScript,
            ViewportSize = new ViewportSize { Width = glasses.Width, Height = glasses.Height },
            ColorScheme = glasses.IsDark ? ColorScheme.Dark : ColorScheme.Light,
            Locale = glasses.Language,
            ReducedMotion = ReducedMotion.Reduce,
            BypassCSP = false,
        });
        context.SetDefaultTimeout(20_000);
        var person = new Person(context, await context.NewPageAsync(), glasses, server.Url);
        person.Watch();
        return person;
    }

    /// <summary>Opens a path, and holds the page against its budget: bytes and requests.</summary>
    public async Task<IResponse> Open(string path)
    {
        var loaded = new List<IResponse>();
        void Note(object? _, IResponse response) => loaded.Add(response);
        Page.Response += Note;
        var answer = await Page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.Load });
        Page.Response -= Note;
        var bytes = 0L;
        var own = loaded.Where(response => response.Status is < 300 or >= 400 && response.Request.ResourceType != "fetch" && response.Request.ResourceType != "eventsource").ToList();
        foreach (var response in own) bytes += (await response.Request.SizesAsync()).ResponseBodySize;
        Assert.True(own.Count <= MaxRequests, $"{path} made {own.Count} requests: {string.Join(", ", own.Select(response => response.Url))}");
        Assert.True(bytes <= MaxPageBytes, $"{path} weighs {bytes} bytes.");
        return answer!;
    }

    /// <summary>Types into fields by their labels.</summary>
    public async Task Fill(params (string Label, string Text)[] fields)
    {
        foreach (var (label, text) in fields) await Page.GetByLabel(label, new PageGetByLabelOptions { Exact = true }).FillAsync(text);
    }

    /// <summary>Presses a button by what it says, and waits for the page that follows.</summary>
    public async Task Press(string button)
    {
        await Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = button, Exact = true }).ClickAsync();
        await Page.WaitForLoadStateAsync(LoadState.Load);
    }

    /// <summary>Follows a link by what it says.</summary>
    public async Task Follow(string link)
    {
        await Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = link, Exact = true }).First.ClickAsync();
        await Page.WaitForLoadStateAsync(LoadState.Load);
    }

    /// <summary>The page says this somewhere, to be seen.</summary>
    public async Task Sees(string text) => await Assertions.Expect(Page.GetByText(text).First).ToBeVisibleAsync();

    /// <summary>What was refused or done, as it stands on top.</summary>
    public Task<string> Alert() => Page.Locator("[role=alert], [role=status]").First.InnerTextAsync();

    /// <summary>Turns the page round, as it would be in Arabic or Hebrew.</summary>
    public Task RightToLeft() => Page.EvaluateAsync("document.documentElement.dir = 'rtl'");

    /// <summary>The name of the field where one types.</summary>
    public Task<string?> FocusedField() => Page.EvaluateAsync<string?>("document.activeElement?.getAttribute('name')");

    public async Task SignIn(string name, string password = TestClient.Password)
    {
        await Open("/sign-in");
        await Fill(("User name or e-mail address", name), ("Password", password));
        await Press("Sign in");
    }

    /// <summary>
    /// Keeps a picture of the page, and looks with axe whether everybody can use it. Where scripts are off, axe cannot run, and the picture is all.
    /// </summary>
    public async Task Look(string name)
    {
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Pictures, $"{name}-{glasses}.png"), FullPage = true });
        if (!glasses.HasScript) return;
        var overflow = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow <= 0, $"{name} is {overflow} pixels wider than the screen.");
        var beyond = await Page.EvaluateAsync<string[]>(TablesBeyondTheirPanel);
        Assert.True(beyond.Length == 0, $"{name} ({glasses}): a table runs out of its panel: {string.Join(", ", beyond)}");
        await Page.EvaluateAsync(await File.ReadAllTextAsync(Axe));   // by the debugger: the page's own policy lets no such script in
        var violations = await Page.EvaluateAsync<string[]>(
            "async () => (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })).violations.map(v => v.id + ': ' + v.help + ' ' + v.nodes.map(n => n.html + ' ' + n.failureSummary).join(' | '))");
        Assert.True(violations.Length == 0, $"{name} ({glasses}): {string.Join("\n", violations)}");
    }

    /// <summary>Keeps a picture of what stands on the screen.</summary>
    public Task Keep(string name) => Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Pictures, $"{name}-{glasses}.png") });

    /// <summary>An answer with this status is what the test is about: the console may say so.</summary>
    public void Expect(int status) => expected.Add($"status of {status}");

    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        Assert.Empty(faults);
    }

    private void Watch()
    {
        Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && !expected.Any(part => message.Text.Contains(part, StringComparison.Ordinal))) faults.Add($"{Page.Url}: {message.Text}");
        };
        Page.PageError += (_, error) => faults.Add($"{Page.Url}: {error}");
        context.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(origin.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal)) faults.Add($"{Page.Url} asked {request.Url}");
        };
    }
}
