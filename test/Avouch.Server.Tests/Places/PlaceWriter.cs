using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Avouch.Server.Tests.Places;

/// <summary>Writes small files in the MaxMind DB format: a tree of the networks, values with each text once and pointers to it, and the description.</summary>
/// <param name="version">4 or 6.</param>
/// <param name="recordSize">24, 28 or 32.</param>
internal sealed class PlaceWriter(int version, int recordSize)
{
    private readonly List<Node> nodes = [new()];
    private readonly List<byte> data = [];
    private readonly Dictionary<string, long> texts = [];

    /// <summary>Both ways on: another node, a value, or nothing.</summary>
    private sealed class Node
    {
        public object?[] Ways { get; } = new object?[2];
    }

    /// <summary>Whether pointers are written in their longest form, however near they lead.</summary>
    public bool HasLongPointers { get; init; }

    /// <summary>Values that come before everything else, so that pointers have far to go.</summary>
    public PlaceWriter Pad(int bytes)
    {
        data.AddRange(new byte[bytes]);
        return this;
    }

    public PlaceWriter Add(string network, string? city, string? country, string? german = null) => AddValue(network, Place(city, country, german));

    public PlaceWriter AddValue(string network, object value)
    {
        var parsed = IPNetwork.Parse(network);
        var (bytes, length) = (parsed.BaseAddress.GetAddressBytes(), parsed.PrefixLength);
        if (version == 6 && bytes.Length == 4) (bytes, length) = ([.. new byte[12], .. bytes], length + 96);
        var at = Write(value);
        var node = nodes[0];
        for (var bit = 0; bit < length; bit++)
        {
            var way = (bytes[bit / 8] >> (7 - (bit % 8))) & 1;
            if (bit == length - 1) node.Ways[way] = at;
            else node = (Node)(node.Ways[way] ??= Next());
        }
        return this;
    }

    public byte[] ToBytes(int major = 2, int? sayRecordSize = null, long? sayNodes = null)
    {
        var file = new MemoryStream();
        foreach (var node in nodes) WriteNode(file, Record(node.Ways[0]), Record(node.Ways[1]));
        file.Write(new byte[16]);
        file.Write([.. data]);
        file.Write([0xab, 0xcd, 0xef, .. "MaxMind.com"u8]);
        var metadata = new PlaceWriter(version, recordSize);
        metadata.Write(new Dictionary<string, object>
        {
            ["binary_format_major_version"] = (ushort)major,
            ["binary_format_minor_version"] = (ushort)0,
            ["build_epoch"] = 1_800_000_000UL,
            ["database_type"] = "Avouch-Test-City",
            ["description"] = new Dictionary<string, object> { ["en"] = "A file of a test" },
            ["ip_version"] = (ushort)version,
            ["languages"] = new[] { "en", "de" },
            ["node_count"] = (uint)(sayNodes ?? nodes.Count),
            ["record_size"] = (ushort)(sayRecordSize ?? recordSize),
        });
        file.Write([.. metadata.data]);
        return file.ToArray();
    }

    public string Save(string path)
    {
        File.WriteAllBytes(path, ToBytes());
        return path;
    }

    private Node Next()
    {
        nodes.Add(new Node());
        return nodes[^1];
    }

    private long Record(object? way) => way switch
    {
        Node node => nodes.IndexOf(node),
        long at => nodes.Count + 16 + at,
        _ => nodes.Count,
    };

    private void WriteNode(Stream file, long left, long right)
    {
        Span<byte> whole = stackalloc byte[8];
        if (recordSize == 32)
        {
            BinaryPrimitives.WriteUInt32BigEndian(whole, (uint)left);
            BinaryPrimitives.WriteUInt32BigEndian(whole[4..], (uint)right);
            file.Write(whole);
            return;
        }
        WriteThree(file, left);
        if (recordSize == 28) file.WriteByte((byte)((left >> 24 << 4) | (right >> 24)));
        WriteThree(file, right);
    }

    private static void WriteThree(Stream file, long value) => file.Write([(byte)(value >> 16), (byte)(value >> 8), (byte)value]);

    private static Dictionary<string, object> Place(string? city, string? country, string? german)
    {
        var place = new Dictionary<string, object> { ["location"] = new Dictionary<string, object> { ["latitude"] = 52.5, ["accuracy_radius"] = (ushort)100, ["is_sure"] = true } };
        if (city is not null) place["city"] = new Dictionary<string, object> { ["geoname_id"] = 4711U, ["names"] = Names(city, german) };
        if (country is not null) place["country"] = new Dictionary<string, object> { ["is_in_european_union"] = true, ["iso_code"] = country[..2], ["names"] = Names(country, null) };
        return place;
    }

    private static Dictionary<string, object> Names(string english, string? german)
    {
        var names = new Dictionary<string, object> { ["en"] = english };
        if (german is not null) names["de"] = german;
        return names;
    }

    /// <returns>Where it stands, counted from the beginning of the values.</returns>
    private long Write(object value)
    {
        if (value is string text && texts.TryGetValue(text, out var known)) return Point(known);
        var at = data.Count;
        switch (value)
        {
            case string fresh:
                texts[fresh] = at;
                var bytes = Encoding.UTF8.GetBytes(fresh);
                Head(2, bytes.Length);
                data.AddRange(bytes);
                break;
            case double number:
                Head(3, 8);
                var eight = new byte[8];
                BinaryPrimitives.WriteDoubleBigEndian(eight, number);
                data.AddRange(eight);
                break;
            case ushort number: Number(5, number); break;
            case uint number: Number(6, number); break;
            case ulong number: Number(9, number); break;
            case bool flag: Head(14, flag ? 1 : 0); break;
            case string[] list:
                Head(11, list.Length);
                foreach (var item in list) Write(item);
                break;
            case Dictionary<string, object> map:
                Head(7, map.Count);
                foreach (var (key, member) in map)
                {
                    Write(key);
                    Write(member);
                }
                break;
            default: throw new ArgumentException(value.GetType().Name);
        }
        return at;
    }

    private long Point(long target)
    {
        var at = data.Count;
        if (HasLongPointers) data.AddRange([0x38, (byte)(target >> 24), (byte)(target >> 16), (byte)(target >> 8), (byte)target]);
        else if (target < 2048) data.AddRange([(byte)(0x20 | (target >> 8)), (byte)target]);
        else if (target < 526_336) data.AddRange([(byte)(0x28 | ((target - 2048) >> 16)), (byte)((target - 2048) >> 8), (byte)(target - 2048)]);
        else data.AddRange([(byte)(0x30 | ((target - 526_336) >> 24)), (byte)((target - 526_336) >> 16), (byte)((target - 526_336) >> 8), (byte)(target - 526_336)]);
        return at;
    }

    private void Number(int kind, ulong number)
    {
        byte[] bytes = [.. BitConverter.GetBytes(number).Reverse().SkipWhile(part => part == 0)];
        Head(kind, bytes.Length);
        data.AddRange(bytes);
    }

    private void Head(int kind, int size)
    {
        var high = kind > 7 ? 0 : kind << 5;
        byte[] more = size switch { < 29 => [], < 285 => [(byte)(size - 29)], < 65_821 => [(byte)((size - 285) >> 8), (byte)(size - 285)], _ => [(byte)((size - 65_821) >> 16), (byte)((size - 65_821) >> 8), (byte)(size - 65_821)] };
        data.Add((byte)(high | (more.Length == 0 ? size : 28 + more.Length)));
        if (kind > 7) data.Add((byte)(kind - 7));
        data.AddRange(more);
    }
}
