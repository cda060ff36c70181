namespace Avouch.Protocol.Tests;

/// <summary>Bytes of texts that are known to be right.</summary>
internal static class Base64
{
    public static byte[] Decode(string text)
    {
        var bytes = new byte[Base64UrlStrict.DecodedLength(text.Length)];
        Assert.True(Base64UrlStrict.TryDecode(text, bytes, out _));
        return bytes;
    }
}
