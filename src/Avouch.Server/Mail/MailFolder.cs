using System.Globalization;
using Avouch.Server.Data;

namespace Avouch.Server.Mail;

/// <summary>
/// Where mail goes as long as there is no server for it: a file for each, readable by its owner only, in the folder <c>mail</c> of the data folder. They
/// hold links that open things, so they do not stay for long.
/// </summary>
internal sealed class MailFolder(Foundation foundation, MailSettings settings, TimeProvider time) : ICarrier
{
    public const string Name = "mail";

    private const string Extension = ".eml";
    private const string Unfinished = ".tmp";
    private const int MaxFiles = 500;

    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(7);

    public string Destination => foundation.Folder.PathOf(Name);

    /// <summary>A file that is whole and durable, or an error: only then is the letter done with. It does not count as sent.</summary>
    public async Task<Outcome> Carry(OutgoingMail mail, CancellationToken stop)
    {
        try
        {
            Create();
            var path = Path.Combine(Destination, string.Create(CultureInfo.InvariantCulture, $"{mail.Date.UtcDateTime:yyyyMMdd'T'HHmmssfff}-{mail.Id:N}-{mail.Template}{Extension}"));
            await Write(path + Unfinished, MimeMessage.Write(mail, settings), stop);
            File.Move(path + Unfinished, path, overwrite: true);
            Durable.SyncFolder(Destination);
            return new Outcome(Verdict.Written, path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return new Outcome(Verdict.Postponed, $"The file could not be written: {refused.Message}");
        }
    }

    /// <summary>All of them, the newest first.</summary>
    public IEnumerable<string> List() =>
        Directory.Exists(Destination) ? Directory.EnumerateFiles(Destination, "*" + Extension).OrderByDescending(static path => path, StringComparer.Ordinal) : [];

    /// <returns>The raw mail; nothing where there is none of that id.</returns>
    public async Task<string?> Find(Guid id) =>
        List().FirstOrDefault(path => IdOf(path) == id) is { } path ? await File.ReadAllTextAsync(path) : null;

    /// <summary>The id in the name of a file; nothing where somebody else has put it there.</summary>
    public static Guid? IdOf(string path) => Path.GetFileName(path).Split('-') is [_, var id, ..] && Guid.TryParseExact(id, "N", out var found) ? found : null;

    /// <summary>Deletes what is old, and the oldest of what is too much.</summary>
    /// <returns>How many were deleted.</returns>
    public Task<int> Purge()
    {
        var oldest = (time.GetUtcNow() - MaxAge).UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture);
        var old = List().Where(path => IdOf(path) is not null).Where((path, i) => i >= MaxFiles || string.CompareOrdinal(Path.GetFileName(path), oldest) < 0).ToList();
        foreach (var path in old) File.Delete(path);
        return Task.FromResult(old.Count);
    }

    private void Create()
    {
        if (Directory.Exists(Destination)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(Destination);
        else Directory.CreateDirectory(Destination, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Ownership.Follow(Destination, foundation.Folder.FullPath);
    }

    private static async Task Write(string path, byte[] mail, CancellationToken stop)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new FileStream(path, options);
        await file.WriteAsync(mail, stop);
        file.Flush(flushToDisk: true);
        Ownership.Follow(path, Path.GetDirectoryName(path)!);
    }
}
