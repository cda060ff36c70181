namespace Avouch.Server.Settings;

/// <summary>The files that the server's own TLS is made of.</summary>
/// <param name="KeyFile">The same file where none was named: PEM files may hold both, and PFX files do.</param>
internal sealed record TlsSettings(string CertificateFile, string KeyFile, string? Password)
{
    private const string Certificate = "AVOUCH_TLS_CERTIFICATE";
    private const string Key = "AVOUCH_TLS_KEY";

    /// <summary>Only names: whether the files are any good is for a start and for <c>settings check</c>, so that a broken one does not stop a command.</summary>
    public static TlsSettings? Read(SettingsReader reader)
    {
        var certificate = reader.TextOrNull(Certificate, "A PEM file with the server's certificate and those between it and its root, or a PFX file with its key too. https addresses need it. A changed file is taken within half a minute, without a restart.");
        var key = reader.TextOrNull(Key, "A PEM file with the certificate's private key.", "the file of the certificate");
        var password = reader.Secret("AVOUCH_TLS_PASSWORD", "Opens the private key or the PFX file, if it is locked.", "not set");
        if (certificate is not null) return new TlsSettings(Path.GetFullPath(certificate), Path.GetFullPath(key ?? certificate), password);
        if (key is not null) reader.Fault(Key, key, $"is the key of no certificate, since {Certificate} is not set", $"Set {Certificate} to the file of the certificate.");
        return null;
    }
}
