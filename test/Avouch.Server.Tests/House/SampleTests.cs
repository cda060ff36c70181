using System.Diagnostics;
using Avouch.Server.Tests.Cli;

namespace Avouch.Server.Tests.House;

/// <summary>The scripts of samples/, run as somebody does who has just downloaded this.</summary>
public sealed class SampleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task The_first_steps_sign_up_sign_in_refresh_and_sign_out()
    {
        var folder = Directory.CreateTempSubdirectory("avouch-test-").FullName;
        var (server, url) = await Child.Serve(folder);
        await using (server)
        {
            var lines = await Run(folder, "first-steps.sh", [], ("AVOUCH", url.ToString().TrimEnd('/')));

            Assert.Collection(lines,
                line => Assert.Contains("\"username\":\"alice\"", line, StringComparison.Ordinal),
                line => Assert.Contains("\"refresh_token\":\"avr_", line, StringComparison.Ordinal),
                line => Assert.Contains("\"full_name\":\"Alice\"", line, StringComparison.Ordinal),
                line => Assert.Contains("\"refresh_token\":\"avr_", line, StringComparison.Ordinal),
                line => Assert.Equal("""{"message":"Signed out.","success":true}""", line),
                line => Assert.Contains("\"code\":\"session_ended\"", line, StringComparison.Ordinal));
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_life_of_an_account_verifies_changes_resets_and_gets_a_role()
    {
        var folder = Directory.CreateTempSubdirectory("avouch-test-").FullName;

        var lines = await Run(folder, "account-life.sh", [Child.Program], ("TMPDIR", folder));

        Assert.Collection(lines,
            line => Assert.Contains("\"is_verified\":false", line, StringComparison.Ordinal),
            line => Assert.Matches(@"Verification token \(DEV ONLY\): avp_[\w-]{43}"",""success"":true}$", line),
            line => Assert.Equal("""{"message":"Your e-mail address is verified.","success":true}""", line),
            line => Assert.Equal("""{"message":"Your password has been changed.","success":true}""", line),
            line => Assert.Matches(@"Password reset token \(DEV ONLY\): avp_[\w-]{43}"",""success"":true}$", line),
            line => Assert.Matches("""^\{"message":"Your new password is set\. Sign in with it\.","success":true,"device_token":"avd_[\w-]+"\}$""", line),
            line => Assert.Matches("\"roles\":\\[\"user\"\\].*\"is_verified\":true", line),
            line => Assert.StartsWith("Added root@example.com as admin", line, StringComparison.Ordinal),
            line => Assert.Contains("\"permissions\":[\"articles:write\"]", line, StringComparison.Ordinal),
            line => Assert.Contains("\"roles\":[\"user\",\"editor\"]", line, StringComparison.Ordinal),
            line => Assert.Contains("\"code\":\"token_stale\"", line, StringComparison.Ordinal),
            line => Assert.Contains("\"roles\":[\"user\",\"editor\"]", line, StringComparison.Ordinal));
        Assert.Empty(Directory.GetFileSystemEntries(folder));   // it leaves nothing, and its server has ended
        Directory.Delete(folder);
    }

    private static async Task<string[]> Run(string folder, string sample, string[] args, (string Name, string Value) variable)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Repository.Root, "samples", sample), .. args])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AVOUCH", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        start.Environment[variable.Name] = variable.Value;
        using var process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(Patience);
        var errors = process.StandardError.ReadToEndAsync(timeout.Token);
        var output = await process.StandardOutput.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        Assert.Equal((0, ""), (process.ExitCode, await errors));
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
