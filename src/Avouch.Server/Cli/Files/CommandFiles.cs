namespace Avouch.Server.Cli.Files;

/// <summary>
/// The files of whoever typed the command: opened in their working folder and with their rights, also where a running server carries the command out.
/// </summary>
internal abstract class CommandFiles
{
    /// <summary>Opens a file for reading from its beginning. Its length is known where it is a plain file, and not where it is a pipe.</summary>
    /// <exception cref="FileException">It cannot be opened; the message says why and what to do.</exception>
    public abstract Task<Stream> OpenRead(string path);

    /// <summary>Begins a new file that only its owner can read (mode 0600). It stands under its name when <see cref="NewFile.Keep"/> returns, whole or not at all.</summary>
    /// <remarks>A pipe or a device of that name is written as it is. Nothing is written over what the installation needs: <see cref="OwnFiles"/>.</remarks>
    /// <exception cref="FileException">It cannot be made; the message says why and what to do.</exception>
    public abstract Task<NewFile> Create(string path, Occupied taken);
}

/// <summary>What becomes of a file whose name a new one wants.</summary>
internal enum Occupied : byte
{
    /// <summary>It stays, and the new one is refused.</summary>
    Refused,

    /// <summary>The new one takes its place.</summary>
    Replaced,

    /// <summary>It gives way where it is a report of <c>users import</c> or empty, and stays otherwise.</summary>
    ReplacedIfReport,
}

/// <summary>A file on its way: written under another name beside its own, and gone again unless it is kept.</summary>
internal abstract class NewFile : IAsyncDisposable
{
    /// <summary>Where its bytes go.</summary>
    public abstract Stream Content { get; }

    /// <summary>Makes it durable and gives it its name.</summary>
    /// <exception cref="FileException">The name is taken by now, or the disk refused.</exception>
    public abstract Task Keep();

    public abstract ValueTask DisposeAsync();
}

/// <summary>A file that cannot be opened, read or written: one sentence of what is wrong and one of what to do.</summary>
internal sealed class FileException(string message, Exception? inner = null) : IOException(message, inner);
