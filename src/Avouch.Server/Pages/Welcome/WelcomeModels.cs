namespace Avouch.Server.Pages.Welcome;

/// <param name="HasDocs">Whether the API can be tried at <c>/docs</c>.</param>
/// <param name="HasMail">Whether mails can be read at <c>/dev/mail</c>.</param>
internal sealed record HomeModel(bool HasDocs, bool HasMail);

/// <summary>What was typed before; never a password.</summary>
internal sealed record SignInModel(string? Name);

/// <inheritdoc cref="SignInModel"/>
internal sealed record SignUpModel(string? Email, string? Username, string? FullName)
{
    public static SignUpModel Of(PageRequest page) => new(page.Given("email"), page.Given("username"), page.Given("full_name"));
}

/// <inheritdoc cref="SignInModel"/>
internal sealed record ForgotPasswordModel(string? Email);

/// <param name="Token">The mailed secret, on its way into the form; nothing where there is no form.</param>
/// <param name="IsDone">Whether its work is done.</param>
internal sealed record LinkModel(string? Token, bool IsDone = false)
{
    public static readonly LinkModel None = new(Token: null);

    public static readonly LinkModel Done = new(Token: null, IsDone: true);
}
