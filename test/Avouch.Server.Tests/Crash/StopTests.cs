using System.Net.Sockets;
using System.Text;

namespace Avouch.Server.Tests.Crash;

/// <summary>The server is told to stop while somebody has sent half a request.</summary>
public sealed class StopTests : IDisposable
{
    /// <summary>What containers are given before they are killed. The server takes half of it; the rest is for a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string folder = Directory.CreateTempSubdirectory("avouch-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("GET /ping HT")]
    [InlineData("POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"username\":")]
    public async Task Half_a_request_does_not_hold_it_up(string half)
    {
        using var server = await ChildServer.Start(folder);
        using var slow = new TcpClient();
        await slow.ConnectAsync(server.Url.Host, server.Url.Port);
        await slow.GetStream().WriteAsync(Encoding.ASCII.GetBytes(half));
        using var client = server.Client();
        await client.Get("/ping");   // by now the half one has been read too

        Assert.Equal(0, await server.Stop().WaitAsync(Patience));

        Assert.DoesNotContain("\"level\":\"error\"", server.Said, StringComparison.Ordinal);
    }
}
