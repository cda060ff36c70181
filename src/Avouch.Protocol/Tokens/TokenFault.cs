namespace Avouch.Protocol;

/// <summary>Why a token was refused, in the order in which the questions are asked.</summary>
public enum TokenFault
{
    /// <summary>Not refused.</summary>
    None,

    /// <summary>Longer than <see cref="Jws.MaxLength"/>.</summary>
    TooLong,

    /// <summary>Not three segments of strict base64url, or the header is not strict JSON with an <c>alg</c>.</summary>
    Malformed,

    /// <summary>The header carries <c>crit</c>, <c>b64</c>, <c>jku</c>, <c>jwk</c>, <c>x5u</c> or <c>x5c</c>.</summary>
    UnsupportedHeader,

    /// <summary>The <c>typ</c> is missing or another kind of token's (RFC 9068 §4).</summary>
    WrongType,

    /// <summary>No <c>kid</c>, or one that is not (or no longer) in the ring.</summary>
    UnknownKey,

    /// <summary>The header's <c>alg</c> is not the algorithm of the key.</summary>
    WrongAlgorithm,

    /// <summary>The signature is not the key's.</summary>
    BadSignature,

    /// <summary>Signed by the key, but a claim is missing, doubled or of a wrong type.</summary>
    BadClaims,

    /// <summary>The <c>iss</c> is another one.</summary>
    WrongIssuer,

    /// <summary>At or after <c>exp</c>.</summary>
    Expired,

    /// <summary><c>iat</c> or <c>nbf</c> is further ahead than clocks may differ.</summary>
    NotYetValid,

    /// <summary>The <c>aud</c> does not hold the one who asks. For callers: no reader here decides it.</summary>
    WrongAudience,
}

/// <summary>The words for <see cref="TokenFault"/>.</summary>
public static class TokenFaults
{
    /// <summary>One plain sentence for <c>error_description</c> (RFC 6750 §3); its characters are those allowed there.</summary>
    public static string Sentence(this TokenFault fault) => fault switch
    {
        TokenFault.None => "The token is valid.",
        TokenFault.TooLong => "The token is too long.",
        TokenFault.Malformed => "The token is not a well-formed JSON Web Token.",
        TokenFault.UnsupportedHeader => "The token's header asks for something that is not supported.",
        TokenFault.WrongType => "The token is not an access token.",
        TokenFault.UnknownKey => "The token is signed with an unknown key.",
        TokenFault.WrongAlgorithm => "The token's algorithm is not the algorithm of its key.",
        TokenFault.BadSignature => "The token's signature is wrong.",
        TokenFault.BadClaims => "A claim of the token is missing or has a wrong form.",
        TokenFault.WrongIssuer => "The token was issued by somebody else.",
        TokenFault.Expired => "The token has expired.",
        TokenFault.NotYetValid => "The token is not valid yet.",
        TokenFault.WrongAudience => "The token is meant for another audience.",
        _ => throw new ArgumentOutOfRangeException(nameof(fault)),
    };
}
