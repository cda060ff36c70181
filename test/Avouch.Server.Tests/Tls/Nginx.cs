using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Avouch.Server.Tests.House;

namespace Avouch.Server.Tests.Tls;

/// <summary>A real nginx that runs the lines of docs/behind-a-proxy.md; only ports and paths are a test's own.</summary>
internal sealed partial class Nginx : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process process;
    private Task rest = Task.CompletedTask;

    private Nginx(Process process, int http, int https) => (this.process, HttpPort, HttpsPort) = (process, http, https);

    public int HttpPort { get; }

    public int HttpsPort { get; }

    public static async Task<Nginx> Start(string folder, Uri server, string certificate, string key)
    {
        var (http, https) = (FreePort(), FreePort());
        var lines = Snippet().Match(Repository.Read("docs/behind-a-proxy.md")).Groups[1].Value;
        (string Before, string After)[] own =
        [
            ("listen 80;", $"listen 127.0.0.1:{http};"), ("listen 443 ssl;", $"listen 127.0.0.1:{https} ssl;"), ("http://127.0.0.1:8080", server.ToString().TrimEnd('/')),
            ("/etc/nginx/tls/fullchain.pem", certificate), ("/etc/nginx/tls/privkey.pem", key), ("auth.example.com", "auth.example.test"),
        ];
        Assert.All(own, pair => Assert.Contains(pair.Before, lines, StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(folder, "nginx.conf"), Around(folder, own.Aggregate(lines, (text, pair) => text.Replace(pair.Before, pair.After, StringComparison.Ordinal))));
        var process = Process.Start(new ProcessStartInfo(Program(), ["-p", folder, "-c", Path.Combine(folder, "nginx.conf"), "-e", "stderr"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var nginx = new Nginx(process, http, https);
        try
        {
            await nginx.Ready().WaitAsync(Patience);
            return nginx;
        }
        catch
        {
            nginx.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        process.WaitForExit();
        rest.Wait(Patience);
        process.Dispose();
    }

    /// <summary>It listens before it says by which means it waits for events.</summary>
    private async Task Ready()
    {
        var said = "";
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            said += line + "\n";
            if (!line.Contains("event method", StringComparison.Ordinal)) continue;
            rest = process.StandardError.ReadToEndAsync();   // or it stops when nobody reads what it says
            return;
        }
        throw new InvalidOperationException($"nginx did not start: {said}");
    }

    private static string Around(string folder, string lines) =>
        $$"""
        daemon off;
        master_process off;
        pid {{folder}}/nginx.pid;
        error_log stderr notice;
        events { }
        http {
            access_log off;
            {{string.Concat(((string[])["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]).Select(kind => $"{kind}_temp_path {folder}/{kind}; "))}}
        {{lines}}
        }
        """;

    /// <summary>Where Debian puts it is not on everybody's path.</summary>
    private static string Program() => File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return int.Parse(listener.LocalEndpoint.ToString()!.Split(':')[^1], CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("```nginx\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippet();
}
