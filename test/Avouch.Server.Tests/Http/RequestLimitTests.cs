using System.Net;
using System.Net.Sockets;
using System.Text;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Http;

/// <summary>How large and how slow a request may be. What Kestrel refuses before we see it has an empty body and closes the connection.</summary>
public sealed class RequestLimitTests : ServerTests
{
    private const string Head = "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: TYPE\r\nContent-Length: LENGTH\r\nExpect: 100-continue\r\n\r\n";
    private const string Json = """{"username":"alice","password":"correct horse 42"}""";
    private const string Form = "username=alice&password=correct+horse+42";

    private protected override (string Name, string Value)[] Settings => [("AVOUCH_BODY_SECONDS", "20")];

    [Theory]
    [InlineData("a long URL", 414)]
    [InlineData("a long query", 414)]
    [InlineData("a huge header", 431)]
    [InlineData("many headers", 431)]
    [InlineData("a NUL in the URL", 400)]
    [InlineData("a NUL in a header", 400)]
    [InlineData("a space in a header's name", 400)]
    [InlineData("a folded header", 400)]
    [InlineData("no host", 400)]
    [InlineData("two hosts", 400)]
    [InlineData("an unknown version", 505)]
    [InlineData("nonsense", 400)]
    [InlineData("two lengths", 400)]
    [InlineData("a negative length", 400)]
    [InlineData("an unknown transfer coding", 400)]
    public async Task Kestrel_refuses_it_before_anybody_else_without_a_word(string what, int status)
    {
        var rows = await Server.Count("journal");

        var answer = await RawConnection.Send(Server.Url, Request(what));

        Assert.Equal((status, 0), ((int)answer.Status, answer.Body.Length));
        Assert.False(answer.Headers.ContainsKey("Server"));
        answer.MustNotEcho(BadBody.Secret);
        Assert.Equal(rows, await Server.Count("journal"));
        Assert.DoesNotContain(Server.Logs.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Theory]
    [Trait("ASVS", "4.2.1")]
    [InlineData("Transfer-Encoding: chunked\nContent-Length: 50")]
    [InlineData("Content-Length: 50\nTransfer-Encoding: chunked")]
    public async Task With_two_ways_to_end_a_body_the_connection_ends_with_it(string headers)
    {
        await Client.Register("alice");
        var smuggled = "GET /ping HTTP/1.1\nHost: x\n\n";

        var answer = await RawConnection.Send(Server.Url, $"POST /api/v1/auth/login HTTP/1.1\nHost: x\nContent-Type: application/json\n{headers}\n\n{Json.Length:x}\n{Json}\n0\n\n{smuggled}");

        Assert.DoesNotContain("pong", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("%")]
    [InlineData("%zz")]
    [InlineData("%u0041")]
    [InlineData("%c0%af")]
    [InlineData("%ff")]
    [InlineData("/../../etc/passwd")]
    [InlineData("%2e%2e%2fetc")]
    [InlineData("?x=%00")]
    [InlineData(";jsessionid=1")]
    public async Task Junk_in_the_URL_is_nothing_that_is_there(string junk)
    {
        var answer = await RawConnection.Send(Server.Url, $"GET /nothing{junk} HTTP/1.1\nHost: x\nConnection: close\n\n");

        answer.MustBe(HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [Trait("ASVS", "13.1.3")]
    [InlineData("application/json", Json)]
    [InlineData("application/x-www-form-urlencoded", Form)]
    public async Task A_body_that_trickles_has_to_be_whole_in_time(string type, string body)
    {
        await Client.Register("alice");
        foreach (var (passed, status) in new[] { (0, 200), (19, 200), (20, 408) })
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(Server.Url.Host, Server.Url.Port);
            var stream = socket.GetStream();
            var head = Head.Replace("TYPE", type, StringComparison.Ordinal).Replace("LENGTH", $"{body.Length}", StringComparison.Ordinal);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(type.EndsWith("json", StringComparison.Ordinal) ? head : head.Replace("/login ", "/token ", StringComparison.Ordinal)));
            Assert.StartsWith("HTTP/1.1 100 ", await Read(stream), StringComparison.Ordinal);   // so the server has begun to read
            await stream.WriteAsync(Encoding.ASCII.GetBytes(body[..10]));

            Pass(TimeSpan.FromSeconds(passed));
            if (status == 200) await stream.WriteAsync(Encoding.ASCII.GetBytes(body[10..]));

            var answer = await Read(stream);
            Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
            Assert.Equal(status == 408, answer.Contains("\"too_slow\"", StringComparison.Ordinal));
            Assert.Equal(status == 408, answer.Contains("Connection: close", StringComparison.Ordinal));
        }
        Assert.Equal(2, await Server.Count("sessions"));
    }

    /// <summary>It takes the host's ten seconds of patience.</summary>
    [Fact]
    public async Task Headers_that_trickle_have_to_be_whole_in_time()
    {
        var answer = await RawConnection.Send(Server.Url, "GET /ping HTTP/1.1\nHost: x\nX-Slow: ");

        Assert.Equal((HttpStatusCode.RequestTimeout, 0), (answer.Status, answer.Body.Length));
    }

    [Fact]
    public async Task A_byte_order_mark_is_read_over()
    {
        await Client.Register("alice");

        Assert.Equal(HttpStatusCode.OK, (await Client.PostRaw("/api/v1/auth/login", "application/json", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Json)])).Status);
    }

    private static string Request(string what)
    {
        const string Rest = "Connection: close\n\n";
        return what switch
        {
            "a long URL" => $"GET /{new string('x', 9000)}{BadBody.Secret} HTTP/1.1\nHost: x\n{Rest}",
            "a long query" => $"GET /ping?x={new string('x', 9000)}{BadBody.Secret} HTTP/1.1\nHost: x\n{Rest}",
            "a huge header" => $"GET /ping HTTP/1.1\nHost: x\nX-Huge: {new string('x', 33_000)}{BadBody.Secret}\n{Rest}",
            "many headers" => $"GET /ping HTTP/1.1\nHost: x\n{string.Concat(Enumerable.Range(0, 70).Select(n => $"X-{n}: {BadBody.Secret}\n"))}{Rest}",
            "a NUL in the URL" => $"GET /%00{BadBody.Secret} HTTP/1.1\nHost: x\n{Rest}",
            "a NUL in a header" => $"GET /ping HTTP/1.1\nHost: x\nX-Nul: {BadBody.Secret}\0\n{Rest}",
            "a space in a header's name" => $"GET /ping HTTP/1.1\nHost : {BadBody.Secret}\n{Rest}",
            "a folded header" => $"GET /ping HTTP/1.1\nHost: x\nX-Fold: a\n {BadBody.Secret}\n{Rest}",
            "no host" => $"GET /ping HTTP/1.1\nX-Other: {BadBody.Secret}\n{Rest}",
            "two hosts" => $"GET /ping HTTP/1.1\nHost: x\nHost: {BadBody.Secret}\n{Rest}",
            "an unknown version" => $"GET /ping HTTP/9.9\nHost: {BadBody.Secret}\n{Rest}",
            "nonsense" => $"{BadBody.Secret}\n{Rest}",
            "two lengths" => $"POST /api/v1/auth/login HTTP/1.1\nHost: x\nContent-Length: 1\nContent-Length: 2\n{Rest}{BadBody.Secret}",
            "a negative length" => $"POST /api/v1/auth/login HTTP/1.1\nHost: x\nContent-Length: -1\n{Rest}{BadBody.Secret}",
            "an unknown transfer coding" => $"POST /api/v1/auth/login HTTP/1.1\nHost: x\nTransfer-Encoding: gzip\n{Rest}{BadBody.Secret}",
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };
    }

    private static async Task<string> Read(NetworkStream stream)
    {
        var buffer = new byte[16 * 1024];
        return Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer));
    }
}
