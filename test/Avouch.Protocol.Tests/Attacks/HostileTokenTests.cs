using System.Security.Cryptography;
using System.Text;

namespace Avouch.Protocol.Tests;

/// <summary>Tokens that somebody would like us to accept, each with the question at which it fails.</summary>
public class HostileTokenTests
{
    private static readonly string Good = Sample.Token().Mint(Sample.Es256);
    private static readonly string Header = Sample.Header();
    private static readonly string Claims = Sample.Claims().ToJsonString();
    private static readonly string Kid = Sample.Es256.KeyId;
    private static readonly Dictionary<string, (string Token, TokenFault Fault)> Table = Build();

    public static TheoryData<string> Names { get; } = [.. Table.Keys];

    [Theory]
    [Trait("ASVS", "9.1.3")]
    [Trait("ASVS", "9.1.2")]
    [MemberData(nameof(Names))]
    public void It_is_refused(string name) => Assert.Equal(Table[name].Fault, Sample.Verify(Table[name].Token));

    [Fact]
    public void The_untouched_token_is_accepted()
    {
        Assert.Equal(TokenFault.None, Sample.Verify(Good));
        Assert.Equal(TokenFault.None, Sample.Verify(Sample.Forge(Header, Claims)));
    }

    [Fact]
    public void Random_text_never_throws() => Property.Holds<string>(text => Sample.Verify(text) != TokenFault.None);

    [Fact]
    public void Random_headers_and_claims_never_throw() => Property.Holds<(byte[] Header, byte[] Claims)>(row =>
        Sample.Verify(Sample.Forge(row.Header, row.Claims, Sample.Hs256)) != TokenFault.None
        && Sample.Verify(Sample.Forge(Encoding.UTF8.GetBytes(Sample.Header(Sample.Hs256)), row.Claims, Sample.Hs256))
            == TokenFault.BadClaims);

    [Fact]
    public void One_changed_byte_of_signed_claims_never_throws()
    {
        var header = Encoding.UTF8.GetBytes(Sample.Header(Sample.Hs256));
        for (var at = 0; at < Claims.Length; at++)
            foreach (var other in "\0\n\"\\{}[],:0-\u00FF"u8)
            {
                var claims = Encoding.UTF8.GetBytes(Claims);
                claims[at] = other;
                Sample.Verify(Sample.Forge(header, claims, Sample.Hs256));
            }
    }

    private static Dictionary<string, (string, TokenFault)> Build()
    {
        var table = new Dictionary<string, (string, TokenFault)>();
        AddShapes(table);
        AddSignatures(table);
        AddHeaders(table);
        AddClaims(table);
        return table;
    }

    private static void AddShapes(Dictionary<string, (string, TokenFault)> table)
    {
        var parts = Good.Split('.');
        var (header, claims, signature) = (parts[0], parts[1], parts[2]);
        string[] malformed =
        [
            "", ".", "..", "...", header, $"{header}.{claims}", $"{Good}.", $".{Good}", $"{Good}.{signature}", $".{claims}.{signature}",
            $"{header}={'.'}{claims}.{signature}", $"{header}.{claims}=.{signature}", $"{Good}=", $"{Good}==", $" {Good}", $"{Good} ",
            $"{Good}\n", $"{header}.\t{claims}.{signature}", $"{Good}%", $"{header}.{claims}+.{signature}",
            $"{header}.{claims}/.{signature}", $"{Good}\0", $"{Good}\u00E9", $"Bearer {Good}", $"\"{Good}\"",
            $$"""{"protected":"{{header}}","payload":"{{claims}}","signature":"{{signature}}"}""",
        ];
        foreach (var token in malformed) table[$"shape {table.Count}"] = (token, TokenFault.Malformed);

        table["unused bits of the signature"] = (Good[..^1] + Next(Good[^1]), TokenFault.Malformed);
        table["no claims at all"] = ($"{header}..{signature}", TokenFault.BadSignature);
        table["no signature"] = ($"{header}.{claims}.", TokenFault.BadSignature);
        table["too long"] = (Good + new string('A', Jws.MaxLength), TokenFault.TooLong);
        table["too long and nothing else"] = (new string('.', Jws.MaxLength + 1), TokenFault.TooLong);
        table["as long as may be"] = (new string('A', Jws.MaxLength), TokenFault.Malformed);
    }

    private static void AddSignatures(Dictionary<string, (string, TokenFault)> table)
    {
        var input = Good[..Good.LastIndexOf('.')];
        var signature = Sample.SignatureOf(input, Sample.Es256);
        var zero = new byte[32];
        byte[] order = Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
        void Add(string name, byte[] bytes) => table[name] = ($"{input}.{Base64UrlStrict.Encode(bytes)}", TokenFault.BadSignature);

        using var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(Sample.Es256.ExportPrivate(), out _);
        Add("DER", ecdsa.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        Add("r and s are zero", [.. zero, .. zero]);
        Add("r is zero", [.. zero, .. signature[32..]]);
        Add("s is zero", [.. signature[..32], .. zero]);
        Add("r and s are the order", [.. order, .. order]);
        Add("r and s exchanged", [.. signature[32..], .. signature[..32]]);
        Add("one byte short", signature[1..]);
        Add("one byte long", [0, .. signature]);
        Add("of another key", Sample.SignatureOf(input, SigningKey.Generate(JwsAlgorithm.ES256)));

        var publicKey = ecdsa.ExportSubjectPublicKeyInfo();
        string[] secrets = [Encoding.Latin1.GetString(publicKey), ecdsa.ExportSubjectPublicKeyInfoPem(),
            Encoding.UTF8.GetString(JwkSet.Write([Sample.Es256.Verification.PublicJwk!]))];
        foreach (var secret in secrets)
        {
            using var confused = SigningKey.Import(JwsAlgorithm.HS256, Encoding.Latin1.GetBytes(secret));
            table[$"algorithm confusion {table.Count}"] = (Sample.Forge(Header.Replace("ES256", "HS256"), Claims, confused),
                TokenFault.WrongAlgorithm);
        }
        table["the other key's algorithm"] = (Sample.Forge(Header.Replace(Kid, Sample.Hs256.KeyId), Claims), TokenFault.WrongAlgorithm);
    }

    private static void AddHeaders(Dictionary<string, (string, TokenFault)> table)
    {
        void Add(string header, TokenFault fault) => table[$"header {header}"] = (Sample.Forge(header, Claims), fault);
        void With(string member, TokenFault fault) => Add(Header[..^1] + "," + member + "}", fault);

        string[] algorithms = ["none", "None", "NONE", "nOnE", "none ", "es256", "ES256 ", "ES384", "RS256", "HS256", "ES256\\u0000"];
        foreach (var alg in algorithms)
        {
            Add(Header.Replace("ES256", alg), TokenFault.WrongAlgorithm);
            table[$"unsigned {alg}"] = (Sample.Forge(Header.Replace("ES256", alg), Claims)[..^86], TokenFault.WrongAlgorithm);
        }

        string[] values = ["null", "[]", "true", "\"https://evil.example\"", "{\"kty\":\"EC\"}"];
        foreach (var name in (string[])["crit", "b64", "jku", "jwk", "x5u", "x5c", "\\u0063rit", "jw\\u006B"])
            foreach (var value in values) With($"\"{name}\":{value}", TokenFault.UnsupportedHeader);

        foreach (var twice in (string[])["alg", "\\u0061lg", "kid", "k\\u0069d", "typ", "t\\u0079p"])
            With($"\"{twice}\":\"ES256\"", TokenFault.Malformed);
        With("\"x\":1,\"x\":2", TokenFault.Malformed);
        With("\"\\ud800\":1", TokenFault.Malformed);
        With("\"" + new string('n', 256) + "\":1", TokenFault.Malformed);
        With("\"x\":" + string.Concat(Enumerable.Repeat("[", 2000)) + string.Concat(Enumerable.Repeat("]", 2000)), TokenFault.Malformed);

        string[] types =
        [
            "JWT", "jwt", "", "at+jwt ", "at jwt", "application/jwt", "x/at+jwt", "application/application/at+jwt", "dpop+jwt", "logout+jwt",
            "at\\u0000+jwt",
        ];
        foreach (var type in types) Add(Header.Replace("at+jwt", type), TokenFault.WrongType);
        Add($$"""{"alg":"ES256","kid":"{{Kid}}"}""", TokenFault.WrongType);

        Add("""{"alg":"ES256","typ":"at+jwt"}""", TokenFault.UnknownKey);
        string[] keyIds = ["", "x", Kid + " ", Kid[..^1], "../../etc/passwd", "' OR 1=1 --", new string('k', 300)];
        foreach (var kid in keyIds) Add(Header.Replace(Kid, kid), TokenFault.UnknownKey);

        foreach (var value in (string[])["1", "null", "true", "{}", "[\"ES256\"]"])
        {
            Add(Header.Replace("\"ES256\"", value), TokenFault.Malformed);
            Add(Header.Replace($"\"{Kid}\"", value), TokenFault.Malformed);
            Add(Header.Replace("\"at+jwt\"", value), TokenFault.Malformed);
        }
        string[] notJson =
        [
            "", "{", "null", "[]", "\"ES256\"", "{}", Header + Header, Header + "x", Header + "\0", "\uFEFF" + Header,
            Header[..^1] + ",}", "/**/" + Header, Header + "//",
            Header.Replace('"', '\''), Header.Replace("ES256", ""), Header.Replace("\"alg\"", "\"Alg\""),
            Header.Replace("\"alg\"", "alg"), Header.Replace("ES256", "ES256\n"),
        ];
        foreach (var header in notJson) Add(header, TokenFault.Malformed);
        foreach (var stray in (byte[])[0xFF, 0xC0, 0x80, 0xED])
            table[$"header byte {stray}"] = (Sample.Forge(WithByte(Header, stray), Encoding.UTF8.GetBytes(Claims)), TokenFault.Malformed);
    }

    private static void AddClaims(Dictionary<string, (string, TokenFault)> table)
    {
        void Add(string claims) => table[$"claims {claims}"] = (Sample.Forge(Header, claims), TokenFault.BadClaims);
        void Replace(string claim, params string[] values)
        {
            var old = $"\"{claim}\":{Sample.Claims()[claim]!.ToJsonString()}";
            Assert.Contains(old, Claims);
            foreach (var value in values) Add(Claims.Replace(old, $"\"{claim}\":{value}"));
        }

        string[] notDates = ["\"1772367300\"", "1772367300.5", "1772367300.0", "1.7e9", "1e400", "-1", "253402300800",
            "9223372036854775808", "-0", "true", "[]", "{}", "NaN", "+1", "01"];
        foreach (var claim in (string[])["exp", "iat", "auth_time"]) Replace(claim, notDates);
        foreach (var date in notDates) Add(Claims[..^1] + $",\"nbf\":{date}}}");
        Replace("epoch", "\"7\"", "-0", "7.0", "-1", "1e3", "9223372036854775808", "[7]");
        foreach (var id in (string[])["sub", "sid", "jti"])
            Replace(id, "\"\"", "1", "\"x\"", "\"0195a1c000007000800000000000000a\"", "\"{0195a1c0-0000-7000-8000-000000000001}\"",
                "\" 0195a1c0-0000-7000-8000-000000000001\"", "[]");
        Replace("aud", "\"\"", "1", "[]", "[1]", "[\"\"]", "[null]", "{}", "[[\"https://login.example.com\"]]", "true");
        Replace("iss", "\"\"", "1", "[\"https://login.example.com\"]", "\"\\ud800\"");
        Replace("client_id", "\"\"", "1", "[]");
        Replace("roles", "\"admin\"", "[1]", "[\"\"]", "{}", "[[]]", "[\"\\udc00\"]");
        Replace("scope", "\"\"", "\" \"", "1", "[\"openid\"]", "\"a  b\"", "\"a\\u0022\"");

        string[] notJson =
        [
            "", "{", "null", "[]", "1", "{}", Claims + Claims, Claims + " x", "\uFEFF" + Claims, Claims[..^1] + ",}", Claims + "/**/",
            Claims.Replace("{", "{//\n"),
            Claims[..^1] + ",\"exp\":9999999999}", Claims[..^1] + ",\"\\u0065xp\":9999999999}", Claims[..^1] + ",\"x\":1,\"x\":1}",
            Claims[..^1] + ",\"x\":" + string.Concat(Enumerable.Repeat("{\"a\":", 9)) + "1" + new string('}', 9) + "}",
        ];
        foreach (var claims in notJson) Add(claims);
        foreach (var stray in (byte[])[0xFF, 0xC0, 0x80, 0xED])
            table[$"claims byte {stray}"] = (Sample.Forge(Encoding.UTF8.GetBytes(Header), WithByte(Claims, stray)), TokenFault.BadClaims);
        table["bad claims under a bad signature"] = (Good.Replace(Good.Split('.')[1], "e30"), TokenFault.BadSignature);
    }

    private static byte[] WithByte(string json, byte stray) => [.. Encoding.UTF8.GetBytes(json[..^1] + ",\"x\":\""), stray, .. "\"}"u8];

    /// <summary>The next character of the alphabet: the same bytes to a careless decoder, since 64 bytes leave four bits unused.</summary>
    private static char Next(char last)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return Alphabet[Alphabet.IndexOf(last) + 1];
    }
}
