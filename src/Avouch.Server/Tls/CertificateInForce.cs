using System.Net.Security;
using Avouch.Server.Settings;

namespace Avouch.Server.Tls;

/// <summary>
/// The certificate that new connections get. Its files are looked at every few seconds; what has changed is taken, connections that stand keep what they
/// have. Files that are no good change nothing and are told in the log. Nothing watches the folder: a watcher misses links that are turned to another
/// place, which is how containers get new files.
/// </summary>
internal sealed partial class CertificateInForce : IHostedService, IDisposable
{
    /// <summary>New files count when they were the same in two looks: the second one of a pair may still be on its way.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    private readonly TlsSettings settings;
    private readonly TimeProvider time;
    private readonly ILogger<CertificateInForce> logger;
    private readonly Lock gate = new();
    private CertificateFiles taken;
    private CertificateFiles? seen;
    private string? told;
    private ITimer? timer;

    /// <exception cref="StartException">A file is missing or no good.</exception>
    public CertificateInForce(TlsSettings settings, TimeProvider time, ILogger<CertificateInForce> logger)
    {
        (this.settings, this.time, this.logger) = (settings, time, logger);
        taken = CertificateFiles.Read(settings);
        Current = ServerCertificate.Of(taken, settings);
    }

    public ServerCertificate Current { get; private set; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        timer = time.CreateTimer(_ => Reload(), null, Look, Look);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => timer?.DisposeAsync().AsTask() ?? Task.CompletedTask;

    public void Dispose() => timer?.Dispose();

    /// <summary>For Kestrel, at each handshake.</summary>
    public void Show(SslServerAuthenticationOptions handshake)
    {
        handshake.ServerCertificateSelectionCallback = null;
        handshake.ServerCertificateContext = Current.Context;
    }

    private void Reload()
    {
        lock (gate)
        {
            try
            {
                var found = CertificateFiles.Read(settings);
                if (!found.IsSame(taken) && found.IsSame(seen)) Take(found);
                if (found.IsSame(taken)) told = null;
                seen = found;
            }
            catch (StartException fault)
            {
                Tell(fault.Message);
            }
        }
    }

    private void Take(CertificateFiles found)
    {
        Current = ServerCertificate.Of(found, settings);
        (taken, told) = (found, null);
        Log.Taken(logger, settings.CertificateFile, Current.End);
    }

    /// <summary>Once for each fault, not at every look.</summary>
    private void Tell(string fault)
    {
        if (fault == told) return;
        told = fault;
        Log.Kept(logger, fault);
    }

    private static partial class Log
    {
        [LoggerMessage(EventName = "tls.certificate_taken", Level = LogLevel.Information, Message = "New connections get the certificate that is now in {File}, valid until {End:u}")]
        public static partial void Taken(ILogger logger, string file, DateTimeOffset end);

        [LoggerMessage(EventName = "tls.certificate_kept", Level = LogLevel.Error, Message = "The certificate was not exchanged, and the one from before is still shown. {Fault}")]
        public static partial void Kept(ILogger logger, string fault);
    }
}
