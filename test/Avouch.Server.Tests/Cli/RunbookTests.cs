using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Tests.House;

namespace Avouch.Server.Tests.Cli;

/// <summary>
/// docs/runbooks/keys.md, step by step as it stands there, in a shell, on a server that a stand-in for systemctl starts and stops. Somebody is signed
/// in all the while.
/// </summary>
public sealed partial class RunbookTests : IAsyncLifetime
{
    private const int Setup = 0;

    /// <summary>What systemd does for us: reads the file of settings, starts, waits until it answers, stops.</summary>
    private const string Systemctl =
        """
        #!/bin/bash
        set -euo pipefail
        stop() {
            [ -e "$HOME/pid" ] || return 0
            kill "$(cat "$HOME/pid")"
            tail --pid="$(cat "$HOME/pid")" -f /dev/null
            rm "$HOME/pid"
        }
        start() {
            (set -a; . "$SERVICE_SETTINGS"; exec avouch serve) > "$HOME/log" 2>&1 &
            echo $! > "$HOME/pid"
            until grep -q issuer: "$HOME/log"; do kill -0 "$(cat "$HOME/pid")" || { cat "$HOME/log" >&2; exit 1; }; sleep 0.05; done
        }
        case $1 in
            start) start ;;
            stop) stop ;;
            restart) stop; start ;;
        esac
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("avouch-test-").FullName;
    private readonly List<string> blocks = [.. ShellBlock().Matches(Repository.Read("docs/runbooks/keys.md")).Select(match => match.Groups[1].Value)];
    private TestClient client = null!;

    private string DataFolder => Path.Combine(folder, "data");

    public async ValueTask InitializeAsync()
    {
        var tool = Path.Combine(folder, "systemctl");
        await File.WriteAllTextAsync(tool, Systemctl.ReplaceLineEndings("\n"));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(tool, FileModes.OwnerOnly | UnixFileMode.UserExecute);
        var port = FreePort();
        await File.WriteAllTextAsync(Path.Combine(folder, "avouch.env"), $"AVOUCH_URLS=http://127.0.0.1:{port}\nAVOUCH_PUBLIC_URL=https://auth.example.test\nAVOUCH_ARGON2_MEMORY_KIB=64\n");
        client = new TestClient(new Uri($"http://127.0.0.1:{port}"));
        await Shell("systemctl start avouch");
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await Shell("systemctl stop avouch");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_drill_for_a_signing_key_withdraws_it_and_nobody_signs_in_again()
    {
        var tokens = await client.Join("alice");
        var steps = Steps("## A signing key is out");
        Assert.Equal(4, steps.Count);

        await Shell(string.Concat(steps.Take(2)));
        (await client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "invalid_token");
        var renewed = await client.Refresh(tokens);
        Assert.Equal((tokens.SessionId, HttpStatusCode.OK), (renewed.SessionId, (await client.Me(renewed)).Status));

        var looked = await Shell(steps[2]);
        Assert.Matches($@"{Regex.Escape(tokens.Header.Text("kid"))}\s+ES256\s+withdrawn", looked);
        Assert.Contains("key.withdrawn", looked, StringComparison.Ordinal);

        await Shell(steps[3]);
        (await client.Me(renewed)).MustBe(HttpStatusCode.Unauthorized, "invalid_token");
        Assert.Equal(HttpStatusCode.OK, (await client.Me(await client.Refresh(renewed))).Status);
    }

    [Fact]
    public async Task The_drill_for_the_secret_of_HS256_exchanges_it_and_nobody_signs_in_again()
    {
        await File.AppendAllTextAsync(Path.Combine(folder, "avouch.env"), "AVOUCH_ALGORITHM=HS256\nAVOUCH_JWT_SECRET=00112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f\n");
        await Shell("systemctl restart avouch");
        var tokens = await client.Join("alice");
        var steps = Steps("## The secret of HS256 is out");
        Assert.Equal(3, steps.Count);

        Assert.Contains(tokens.Header.Text("kid"), await Shell(steps[0]), StringComparison.Ordinal);
        await Shell(steps[1]);

        (await client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "invalid_token");
        var renewed = await client.Refresh(tokens);
        Assert.Equal((tokens.SessionId, HttpStatusCode.OK), (renewed.SessionId, (await client.Me(renewed)).Status));
        Assert.NotEqual(tokens.Header.Text("kid"), renewed.Header.Text("kid"));
        Assert.Contains(renewed.Header.Text("kid"), await Shell(steps[2]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_drill_for_the_master_key_exchanges_it_and_nobody_signs_in_again()
    {
        var tokens = await client.Join("alice");
        var idle = await client.Join("bob");
        var before = await File.ReadAllTextAsync(Path.Combine(DataFolder, "secret.key"));
        var steps = Steps("## The master key is exchanged");
        Assert.Equal(5, steps.Count);

        await Shell(steps[0] + steps[1]);
        Assert.NotEqual(before, await File.ReadAllTextAsync(Path.Combine(DataFolder, "secret.key")));
        Assert.Equal(FileModes.OwnerOnly, FileModes.Of(Path.Combine(DataFolder, "secret.key")));

        Assert.Contains("avouch keys reencrypt", await Shell(steps[2]), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.Me(tokens)).Status);

        Assert.Contains("sealed anew: 2 of 2", await Shell(steps[3]), StringComparison.Ordinal);
        tokens = await client.Refresh(tokens);

        Assert.DoesNotContain("reencrypt", await Shell(steps[4]), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(DataFolder, "secret.key.old")));
        Assert.Equal(HttpStatusCode.OK, (await client.Me(tokens)).Status);
        await client.Refresh(tokens);
        (await client.TryRefresh(idle.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");   // step 6 says so
    }

    /// <summary>The shell blocks below a heading.</summary>
    private List<string> Steps(string heading)
    {
        var section = Repository.Read("docs/runbooks/keys.md").Split("\n## ").Single(section => heading.EndsWith(section.Split('\n')[0], StringComparison.Ordinal));
        return blocks.FindAll(block => section.Contains(block, StringComparison.Ordinal));
    }

    private async Task<string> Shell(string script)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", blocks[Setup] + script]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AVOUCH_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        start.Environment["PATH"] = $"{folder}:{Path.GetDirectoryName(Child.Program)}:{start.Environment["PATH"]}";
        start.Environment["HOME"] = folder;
        start.Environment["AVOUCH_DATA"] = DataFolder;
        start.Environment["SERVICE_SETTINGS"] = Path.Combine(folder, "avouch.env");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{script}\nended with {process.ExitCode}: {output}{await error}");
        return output;
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlock();
}
