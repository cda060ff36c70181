using System.Security.Cryptography;
using System.Text.Json;

namespace Avouch.Protocol.Tests;

/// <summary>
/// Every row of Wycheproof's JOSE files falls into exactly one of four heaps, and each heap is counted, so that none can vanish: as they say;
/// stricter than they say; not ours; a slip of theirs.
/// </summary>
public class WycheproofTests
{
    private enum Heap
    {
        /// <summary>Valid and accepted, or invalid and refused.</summary>
        Agrees,

        /// <summary>They call it valid; our rule refuses it.</summary>
        Stricter,

        /// <summary>Encryption, or a valid signature of an algorithm that we do not have.</summary>
        NotOurs,

        /// <summary>They call it invalid, but its text is that of a valid row: the padding that made it invalid was lost in the file.</summary>
        Slip,
    }

    // Rule: bytes have one spelling. They call these valid: a stray "?" in a segment, to be passed over. RFC 7515 §2 has no such character.
    private static readonly string[] OneSpelling = ["InvalidCharacterInsertedInHeader", "InvalidCharacterInsertedInPayload"];

    [Theory]
    [InlineData("json_web_signature_test.json", 377, 2, 20, 2)]
    [InlineData("json_web_key_test.json", 24, 0, 2, 0)]
    [InlineData("json_web_crypto_test.json", 49, 0, 34, 0)]
    public void Every_row_is_right(string file, int agree, int stricter, int notOurs, int slips)
    {
        var root = Vectors.Read($"wycheproof/{file}");
        var heaps = new Dictionary<Heap, int>();
        foreach (var group in root.GetProperty("testGroups").EnumerateArray())
        {
            var keys = WycheproofKeys.Read(group);
            var tests = group.GetProperty("tests").EnumerateArray().ToList();
            foreach (var test in tests)
            {
                var heap = HeapOf(test, tests);
                heaps[heap] = heaps.GetValueOrDefault(heap) + 1;
                if (heap == Heap.NotOurs) continue;
                var isExpected = heap == Heap.Slip || (heap == Heap.Agrees && IsValid(test));
                Assert.True(isExpected == (keys?.Accept(TokenOf(test)) ?? false), $"{file} {test.GetProperty("tcId")} {Comment(test)}");
            }
        }

        Assert.Equal(root.GetProperty("numberOfTests").GetInt32(), heaps.Values.Sum());
        Assert.Equal((agree, stricter, notOurs, slips), (heaps[Heap.Agrees], Count(heaps, Heap.Stricter), Count(heaps, Heap.NotOurs), Count(heaps, Heap.Slip)));
    }

    [Theory]
    [InlineData("json_web_signature_test.json", 12, 11)]
    [InlineData("json_web_key_test.json", 0, 25)]
    [InlineData("json_web_crypto_test.json", 3, 5)]
    public void Private_keys_are_imported_or_refused_and_sign_what_their_public_halves_verify(string file, int imported, int refused)
    {
        var counts = (Imported: 0, Refused: 0);
        foreach (var group in Vectors.Read($"wycheproof/{file}").GetProperty("testGroups").EnumerateArray())
        {
            if (Import(group) is not { } key)
            {
                counts.Refused++;
                continue;
            }
            counts.Imported++;
            var header = JsonSerializer.SerializeToUtf8Bytes(new { alg = key.Algorithm.Name() });
            Assert.True(WycheproofKeys.Read(group)!.Accept(Jws.Sign(key, header, "payload"u8)), Comment(group));
        }
        Assert.Equal((imported, refused), counts);
    }

    private static SigningKey? Import(JsonElement group)
    {
        try
        {
            return group.TryGetProperty("private", out var key) ? SigningKey.ImportJwk(WycheproofKeys.Bytes(key)) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static Heap HeapOf(JsonElement test, List<JsonElement> group)
    {
        if (test.TryGetProperty("jwe", out _)) return Heap.NotOurs;
        if (OneSpelling.Contains(Comment(test))) return Heap.Stricter;
        if (IsValid(test)) return IsOurs(TokenOf(test)) ? Heap.Agrees : Heap.NotOurs;
        return group.Exists(other => IsValid(other) && TokenOf(other) == TokenOf(test)) ? Heap.Slip : Heap.Agrees;
    }

    /// <summary>By the header, which is where a valid token says how it was signed.</summary>
    private static bool IsOurs(string token) =>
        JwsAlgorithms.TryParse(JsonDocument.Parse(Base64.Decode(token.Split('.')[0])).RootElement.GetProperty("alg").GetString(), out _);

    private static bool IsValid(JsonElement test) => WycheproofKeys.Text(test, "result") == "valid";

    private static string Comment(JsonElement test) => WycheproofKeys.Text(test, "comment")!;

    private static string TokenOf(JsonElement test) =>
        test.GetProperty("jws") is { ValueKind: JsonValueKind.String } text ? text.GetString()! : test.GetProperty("jws").GetRawText();

    private static int Count(Dictionary<Heap, int> heaps, Heap heap) => heaps.GetValueOrDefault(heap);
}
