using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Avouch.Server.Places;

/// <summary>
/// A file in the MaxMind DB format, version 2 (maxmind.github.io/MaxMind-DB): a tree with a step for each bit of an address, whose leaves lead to values.
/// </summary>
internal sealed class PlaceFile : IDisposable
{
    private const int MetadataBytes = 128 * 1024;

    /// <summary>Zeros between the tree and the values.</summary>
    private const int Gap = 16;

    private const int BitsBeforeVersion4 = 96;

    private readonly SafeFileHandle handle;
    private readonly PlaceBytes bytes;
    private readonly PlaceTree tree;
    private readonly long dataStart;
    private readonly long dataEnd;

    private PlaceFile(SafeFileHandle handle, PlaceBytes bytes, PlaceTree tree, long dataEnd) =>
        (this.handle, this.bytes, this.tree, dataStart, this.dataEnd) = (handle, bytes, tree, tree.Length + Gap, dataEnd);

    /// <summary>What the description of the file begins with, at its end.</summary>
    private static readonly byte[] Marker = [0xab, 0xcd, 0xef, .. "MaxMind.com"u8];

    /// <summary>Opens a file, or says in words why not: what stands behind "the file …".</summary>
    public static (PlaceFile? File, string? Fault) Open(string path)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path);
            var (file, fault) = Read(handle);
            if (file is null) handle.Dispose();
            return (file, fault);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            handle?.Dispose();
            return (null, $"cannot be read ({error.Message})");
        }
    }

    public void Dispose() => handle.Dispose();

    /// <summary>The values of the network in which an address lies.</summary>
    public (PlaceData Data, long Record)? Find(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var isOld = address.AddressFamily == AddressFamily.InterNetwork;
        if (!isOld && tree.Version == 4) return null;
        var leaf = tree.Walk(isOld ? tree.Version4 : 0, address.GetAddressBytes());
        if (leaf is not { } value || value <= tree.Count) return null;
        var record = dataStart + (value - tree.Count - Gap);
        return record >= dataStart && record < dataEnd ? (new PlaceData(bytes, dataStart, dataEnd), record) : null;
    }

    private static (PlaceFile?, string?) Read(SafeFileHandle handle)
    {
        var bytes = new PlaceBytes(handle, RandomAccess.GetLength(handle));
        var tail = new byte[Math.Min(bytes.Length, MetadataBytes)];
        if (!bytes.TryRead(bytes.Length - tail.Length, tail)) return (null, "cannot be read to its end");
        var marker = tail.AsSpan().LastIndexOf(Marker);
        if (marker < 0) return (null, "is no file in the MaxMind DB format, or only a part of one");
        var dataEnd = bytes.Length - tail.Length + marker;
        var start = dataEnd + Marker.Length;
        long? Number(string name)
        {
            var metadata = new PlaceData(bytes, start, bytes.Length);
            return metadata.Number(metadata.Find(start, name));
        }

        if (Number("binary_format_major_version") != 2) return (null, "is of another version of the MaxMind DB format than 2");
        if (Number("node_count") is not ((> 0 and <= uint.MaxValue) and var count) || Number("record_size") is not ((24 or 28 or 32) and var size) || Number("ip_version") is not ((4 or 6) and var version))
            return (null, "describes itself as no MaxMind DB file may");
        var tree = new PlaceTree(bytes, count, (int)size, (int)version);
        if (tree.Length + Gap > dataEnd) return (null, "is cut short: its tree does not fit in");
        tree.Version4 = version == 6 ? tree.Walk(0, new byte[BitsBeforeVersion4 / 8]) ?? count : 0;
        return (new PlaceFile(handle, bytes, tree, dataEnd), null);
    }
}
