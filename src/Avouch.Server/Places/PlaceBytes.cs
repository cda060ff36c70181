using Microsoft.Win32.SafeHandles;

namespace Avouch.Server.Places;

/// <summary>
/// Reads a file by position, a little at a time. Nothing of it is kept, so a file that shrinks or changes while we use it gives nothing or something
/// else, and never a fault: a mapped one would end the process.
/// </summary>
internal sealed class PlaceBytes(SafeFileHandle file, long length)
{
    public long Length => length;

    /// <returns>Whether all of it was there.</returns>
    public bool TryRead(long at, Span<byte> into)
    {
        if (at < 0 || at > length - into.Length) return false;
        try
        {
            for (var read = 0; read < into.Length;)
            {
                var count = RandomAccess.Read(file, into[read..], at + read);
                if (count == 0) return false;
                read += count;
            }
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
