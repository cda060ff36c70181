using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Avouch.Protocol;

/// <summary>
/// What a device shows to be told from strangers when somebody signs in to an account that it has signed in to before:
/// <c>"avd_" base64url(version ‖ key id ‖ user id ‖ device id ‖ issued at ‖ password epoch ‖ HMAC-SHA256(key, all of these))</c>, always
/// <see cref="TextLength"/> characters. It proves nothing about who holds it and never stands in for a password: it only gives the device a limit
/// of its own. The keys are subkeys made for this purpose alone.
/// </summary>
/// <param name="UserId">The account that the device has signed in to.</param>
/// <param name="DeviceId">What the limit is counted by; kept when the token is made anew.</param>
/// <param name="IssuedAt">Seconds since 1970.</param>
/// <param name="PasswordEpoch">Which of the user's passwords was right then.</param>
public readonly record struct DeviceToken(Guid UserId, Guid DeviceId, long IssuedAt, long PasswordEpoch)
{
    /// <summary>What tells it from a token of another kind.</summary>
    public const string Prefix = "avd_";

    private const byte Version = 1;
    private const int UserAt = 2;
    private const int DeviceAt = UserAt + 16;
    private const int IssuedAtAt = DeviceAt + 16;
    private const int EpochAt = IssuedAtAt + sizeof(long);
    private const int MacAt = EpochAt + sizeof(long);
    private const int ByteLength = MacAt + HMACSHA256.HashSizeInBytes;

    /// <summary>Characters of every device token.</summary>
    public static int TextLength { get; } = Prefix.Length + Base64UrlStrict.EncodedLength(ByteLength);

    /// <summary>The token as text.</summary>
    public string Mint(RefreshKey key)
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        bytes[0] = Version;
        bytes[1] = key.Id;
        UserId.TryWriteBytes(bytes[UserAt..], bigEndian: true, out _);
        DeviceId.TryWriteBytes(bytes[DeviceAt..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes[IssuedAtAt..], IssuedAt);
        BinaryPrimitives.WriteInt64BigEndian(bytes[EpochAt..], PasswordEpoch);
        key.Authenticate(bytes[..MacAt], bytes[MacAt..]);
        return Prefix + Base64UrlStrict.Encode(bytes);
    }

    /// <summary>Reads a token that one of the keys made; false for anything else.</summary>
    public static bool TryVerify(ReadOnlySpan<char> text, RefreshKeys keys, out DeviceToken token)
    {
        token = default;
        Span<byte> bytes = stackalloc byte[ByteLength];
        if (!keys.TryRead(text, Prefix, Version, bytes)) return false;

        token = new DeviceToken(
            new Guid(bytes[UserAt..DeviceAt], bigEndian: true),
            new Guid(bytes[DeviceAt..IssuedAtAt], bigEndian: true),
            BinaryPrimitives.ReadInt64BigEndian(bytes[IssuedAtAt..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[EpochAt..]));
        return true;
    }
}
