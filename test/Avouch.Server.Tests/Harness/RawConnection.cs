using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Avouch.Server.Tests.Harness;

/// <summary>A request as bytes, for what no HTTP client agrees to send.</summary>
internal static class RawConnection
{
    /// <param name="request">Request line, headers and body, with a bare line feed where the wire has CR LF.</param>
    public static async Task<Answer> Send(Uri url, string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(url.Host, url.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request.ReplaceLineEndings("\r\n")));
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer);
        return Parse(Encoding.Latin1.GetString(answer.ToArray()));
    }

    private static Answer Parse(string text)
    {
        var head = text.Split("\r\n\r\n", 2);
        var lines = head[0].Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        var status = (HttpStatusCode)int.Parse(lines[0].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        return new Answer(status, headers, Encoding.Latin1.GetBytes(Dechunk(head[1], headers)));
    }

    private static string Dechunk(string body, Dictionary<string, string> headers)
    {
        if (headers.GetValueOrDefault("Transfer-Encoding") != "chunked") return body;
        var whole = new StringBuilder();
        while (body.Split("\r\n", 2) is [var size, var rest] && Convert.ToInt32(size, 16) is > 0 and var length)
        {
            whole.Append(rest.AsSpan(0, length));
            body = rest[(length + 2)..];
        }
        return whole.ToString();
    }
}
