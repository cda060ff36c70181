using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Tests.House;

namespace Avouch.Server.Tests.Mail;

/// <summary>A real mail server, Debian's aiosmtpd, as a process of its own. It obeys orders, and tells what it was told.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process process;
    private readonly Task reading;
    private readonly SemaphoreSlim news = new(0);
    private readonly List<JsonElement> events = [];

    private MailServer(Process process)
    {
        this.process = process;
        reading = Task.Run(Read);
    }

    public int Port { get; private set; }

    /// <summary>Every mail that it was given to the end, whether it accepted it or not.</summary>
    public List<JsonElement> Messages => All("message");

    public static async Task<MailServer> Start(params string[] options)
    {
        var script = Path.Combine(Repository.Root, "test/Avouch.Server.Tests/Mail/smtp_server.py");
        var start = new ProcessStartInfo("/usr/bin/python3", ["-u", script, .. options]) { RedirectStandardInput = true, RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 };
        var server = new MailServer(Process.Start(start)!);
        server.Port = (await server.Await("listening")).GetProperty("port").GetInt32();
        return server;
    }

    /// <summary>The settings of a server that sends here.</summary>
    public (string Name, string Value)[] Settings(params (string Name, string Value)[] more) =>
    [
        ("AVOUCH_SMTP_HOST", "localhost"), ("AVOUCH_SMTP_PORT", Port.ToString(CultureInfo.InvariantCulture)), ("AVOUCH_MAIL_FROM", "no-reply@example.test"), .. more,
    ];

    /// <summary>From now on a step is answered so: <c>ok</c>, <c>hang</c>, <c>drop</c>, or the very line.</summary>
    public async Task Order(string step, string answer)
    {
        var before = Count("obeyed");
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new Dictionary<string, string> { [step] = answer }));
        await process.StandardInput.FlushAsync();
        await Await("obeyed", before + 1);
    }

    public int Count(string name) => All(name).Count;

    public List<JsonElement> All(string name)
    {
        lock (events) return events.FindAll(one => one.Text("event") == name);
    }

    /// <summary>The so-manieth event of a name.</summary>
    public async Task<JsonElement> Await(string name, int count = 1)
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (true)
        {
            if (All(name) is var found && found.Count >= count) return found[count - 1];
            try
            {
                await news.WaitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                lock (events) throw new TimeoutException($"There was no {name} number {count}, but: {string.Join('\n', events.Select(one => one.ToString()[..Math.Min(200, one.ToString().Length)]))}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        await reading;
        process.Dispose();
        news.Dispose();
    }

    private async Task Read()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (events) events.Add(JsonDocument.Parse(line).RootElement);
            news.Release();
        }
    }
}

/// <summary>What a strict reader made of a mail.</summary>
internal static class ReceivedMail
{
    /// <summary>The one header of this name.</summary>
    public static string Header(this JsonElement mail, string name) => Assert.Single(mail.Headers(name));

    public static List<string> Headers(this JsonElement mail, string name) =>
        [.. mail.GetProperty("headers").EnumerateArray().Where(header => header[0].GetString()!.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header[1].GetString()!)];

    public static List<string> HeaderNames(this JsonElement mail) => [.. mail.GetProperty("headers").EnumerateArray().Select(header => header[0].GetString()!)];

    public static string PlainText(this JsonElement mail) => mail.Part(0, "text/plain");

    public static string HtmlText(this JsonElement mail) => mail.Part(1, "text/html");

    /// <summary>As it came over the wire.</summary>
    public static string Raw(this JsonElement mail) => Encoding.UTF8.GetString(Convert.FromBase64String(mail.Text("raw")));

    private static string Part(this JsonElement mail, int number, string type)
    {
        var part = mail.GetProperty("parts")[number];
        Assert.Equal(type, part.Text("type"));
        return part.Text("content").ReplaceLineEndings("\n");
    }
}
