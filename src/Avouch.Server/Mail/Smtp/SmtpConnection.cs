using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Avouch.Server.Mail.Smtp;

/// <summary>
/// Lines to a mail server and back. Every step has its own limit in time, and every answer one in size: a server that hangs or babbles costs one
/// letter's turn and nothing else.
/// </summary>
internal sealed class SmtpConnection(TimeProvider time) : IAsyncDisposable
{
    public static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan CommandLimit = TimeSpan.FromMinutes(1);

    private const int MaxLine = 4096;
    private const int MaxLines = 128;

    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] buffer = new byte[MaxLine];
    private Stream stream = Stream.Null;
    private int start;
    private int end;

    public bool IsEncrypted => stream is SslStream;

    public bool IsLoopback => socket.RemoteEndPoint is IPEndPoint { Address: var address } && IPAddress.IsLoopback(address);

    /// <summary>What this machine is called where it has no name that the world knows (RFC 5321 §4.1.3).</summary>
    public string LocalLiteral => socket.LocalEndPoint is IPEndPoint { Address: var address } && (address.IsIPv4MappedToIPv6 || address.AddressFamily == AddressFamily.InterNetwork) ? $"[{address.MapToIPv4()}]" : "[IPv6:::1]";

    public async Task Connect(string host, int port, CancellationToken stop)
    {
        await Limit(ConnectLimit, "a connection", token => socket.ConnectAsync(host, port, token), stop);
        stream = new NetworkStream(socket, ownsSocket: false);
    }

    /// <summary>
    /// TLS from here on. What the server sent before and we have not read yet is not protected: somebody in between may have put it there to be taken
    /// for part of the protected conversation, so its presence alone ends it.
    /// </summary>
    public async Task StartTls(string host, X509Certificate2Collection? roots, CancellationToken stop)
    {
        if (end > start) throw new SmtpException("The server spoke before TLS had begun, or somebody in between did.");
        var secured = new SslStream(stream, leaveInnerStreamOpen: false);
        try
        {
            await Limit(ConnectLimit, "TLS", async token => await secured.AuthenticateAsClientAsync(Options(host, roots), token), stop);
        }
        catch (AuthenticationException refused)
        {
            await secured.DisposeAsync();
            throw new SmtpException($"TLS with {host} failed: {refused.Message}", refused);
        }
        stream = secured;
    }

    /// <summary>One command and its answer. What could end the line early never gets here from outside; here it is refused once more.</summary>
    public async Task<SmtpReply> Ask(string command, TimeSpan limit, CancellationToken stop)
    {
        if (command.Any(char.IsControl)) throw new SmtpException("A command would have held control characters.");
        await Send(Encoding.UTF8.GetBytes(command + "\r\n"), limit, stop);
        return await Hear(limit, stop);
    }

    public Task Send(ReadOnlyMemory<byte> bytes, TimeSpan limit, CancellationToken stop) => Limit(limit, "sending", async token =>
    {
        await stream.WriteAsync(bytes, token);
        await stream.FlushAsync(token);
    }, stop);

    /// <summary>The next answer, of one line or several.</summary>
    public async Task<SmtpReply> Hear(TimeSpan limit, CancellationToken stop)
    {
        SmtpReply? reply = null;
        await Limit(limit, "an answer", async token => reply = await ReadReply(token), stop);
        return reply!;
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        socket.Dispose();
    }

    private static SslClientAuthenticationOptions Options(string host, X509Certificate2Collection? roots) => new()
    {
        TargetHost = host.Trim('[', ']'),
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateChainPolicy = roots is null ? null : Trusting(roots),
    };

    private static X509ChainPolicy Trusting(X509Certificate2Collection roots)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }

    private async Task<SmtpReply> ReadReply(CancellationToken token)
    {
        var lines = new List<string>();
        while (true)
        {
            var line = await ReadLine(token);
            if (line.Length < 3 || !line.Take(3).All(char.IsAsciiDigit) || (line.Length > 3 && line[3] is not ' ' and not '-')) throw new SmtpException("The server does not speak SMTP.");
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] == ' ') return new SmtpReply(int.Parse(line.AsSpan(0, 3), System.Globalization.CultureInfo.InvariantCulture), lines);
            if (lines.Count == MaxLines) throw new SmtpException("The server's answer does not end.");
        }
    }

    private async Task<string> ReadLine(CancellationToken token)
    {
        int length;
        while ((length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n')) < 0)
        {
            MoveToFront();
            if (end == buffer.Length) throw new SmtpException("The server's answer does not end.");
            var count = await stream.ReadAsync(buffer.AsMemory(end), token);
            if (count == 0) throw new SmtpException("The server hung up.");
            end += count;
        }
        var line = Encoding.UTF8.GetString(buffer, start, length).TrimEnd('\r');
        start += length + 1;
        return line;
    }

    private void MoveToFront()
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
    }

    private async Task Limit(TimeSpan limit, string what, Func<CancellationToken, ValueTask> step, CancellationToken stop)
    {
        using var over = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, over.Token);
        try
        {
            await step(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new SmtpException($"The server let us wait too long for {what}.");
        }
        catch (Exception broken) when (broken is SocketException or IOException)
        {
            throw new SmtpException($"There is no connection: {broken.Message}", broken);
        }
    }
}
