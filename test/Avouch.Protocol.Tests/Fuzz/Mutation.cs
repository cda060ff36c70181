using System.Text;

namespace Avouch.Protocol.Tests;

/// <summary>Bends bytes the way attackers and bugs do: one to three small changes, most of them to something that JSON or base64url has a meaning for.</summary>
internal sealed class Mutation(Random random)
{
    /// <summary>Bytes that mean something to a parser, or that are no character.</summary>
    public static readonly byte[] Telling = Encoding.Latin1.GetBytes("\0\t\n\r \"'\\/{}[]:,.+-_=0123456789abcdefntruEAZ\u007F\u0080\u00BF\u00C0\u00C3\u00ED\u00EF\u00F4\u00FF");

    private static readonly byte[][] Pieces =
    [
        .. ((string[])[
            "null", "true", "-0", "-1", "1e3", "1.0", "9223372036854775808", "253402300800", "\"\"", "[]", "{}", "[[[[[[[[[", "\\u0061", "\\ud800", "\\udc00\\ud800",
            "\"alg\":\"none\",", "\"exp\":9999999999,", "\"\\u0065xp\":1,", "\"nbf\":0,", "\"crit\":[],", "\"jwk\":{},", "\"x\":1,", "\"x\":\"\\ud800\",",
            "\"\\ud800\":1,", "\"d\":\"AA\",", "\"use\":\"sig\",", "\"key_ops\":[\"verify\"],", "\"kid\":\"k\",", "\"alg\":\"RS256\",", "\uFEFF", "//", "/**/", ",}", "é", "AAAA", "AA", "==", "\"jku\":\"x\",", "at+JWT",
        ]).Select(Encoding.UTF8.GetBytes),
    ];

    public int Choose(int count) => random.Next(count);

    public byte[] Of(byte[] original)
    {
        var bytes = original.ToList();
        for (var times = random.Next(1, 4); times > 0; times--) Change(bytes);
        return [.. bytes];
    }

    private void Change(List<byte> bytes)
    {
        if (bytes.Count == 0) bytes.Add(0);
        var (at, other) = (random.Next(bytes.Count), random.Next(bytes.Count));
        var length = Math.Min(random.Next(1, 24), bytes.Count - at);
        switch (random.Next(10))
        {
            case 0: bytes[at] = (byte)random.Next(256); break;
            case 1: bytes[at] = Telling[random.Next(Telling.Length)]; break;
            case 2: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 3: bytes.Insert(at, Telling[random.Next(Telling.Length)]); break;
            case 4: bytes.RemoveAt(at); break;
            case 5: (bytes[at], bytes[other]) = (bytes[other], bytes[at]); break;
            case 6: bytes.RemoveRange(at, length); break;
            case 7: bytes.InsertRange(other, bytes.GetRange(at, length)); break;
            case 8: bytes.InsertRange(Joint(bytes, at), Pieces[random.Next(Pieces.Length)]); break;
            default: bytes.InsertRange(at, Pieces[random.Next(Pieces.Length)]); break;
        }
    }

    /// <summary>The next place, counted round, where a member or a value may begin.</summary>
    private static int Joint(List<byte> bytes, int from)
    {
        for (var step = 0; step < bytes.Count; step++)
            if ("{,:[\""u8.Contains(bytes[(from + step) % bytes.Count])) return (from + step) % bytes.Count + 1;
        return from;
    }
}
