using System.Buffers;
using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Roles;
using Avouch.Server.Sessions;
using Avouch.Server.Users;

namespace Avouch.Server.Pages;

/// <summary>
/// One request for a page, or one form of it: who asks, in which language, with which fields. A form that was sent is done to its end, also where the
/// browser has gone on to send it once more.
/// </summary>
internal sealed class PageRequest(HttpContext http, PageKit kit, PageVisitor? visitor, IFormCollection form)
{
    private static readonly SearchValues<char> PathLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?%");

    private Guid? anonymous = PageCookies.FindVisitor(http);

    public HttpContext Http => http;

    public PageKit Kit => kit;

    /// <summary>Who is signed in, on pages that do not ask for it.</summary>
    public PageVisitor? VisitorOrNull => visitor;

    /// <summary>Who is signed in, on pages that ask for it.</summary>
    public PageVisitor Visitor => visitor ?? throw new InvalidOperationException("This page is for people who are signed in: its route has to say so.");

    public User User => Visitor.User;

    public Caller Caller => ClientCaller.Of(http);

    public Device Device => ClientDevice.Of(http);

    /// <summary>In the language of the account, else in that of the browser.</summary>
    public PageLanguage Language { get; } = visitor?.User.Locale is { } locale ? PageLanguage.For(locale) : PageLanguage.For(http);

    /// <summary>What the visitor may do, in the form in which guards and nouns ask for it.</summary>
    public AccessToken Token { get; } = visitor is null ? null! : ToToken(visitor);

    /// <summary>A field as it was sent; empty where it was not.</summary>
    public string Field(string name) => form.Single(name) ?? "";

    /// <summary>A field without the blanks around it; nothing where nothing is left.</summary>
    public string? Given(string name) => Field(name).Trim() is { Length: > 0 } text ? text : null;

    /// <summary>Whether a box was ticked, or a button of that name was pressed.</summary>
    public bool Has(string name) => form.ContainsKey(name);

    public string? Query(string name) => http.Request.Query[name] is [{ Length: > 0 } value] ? value : null;

    /// <summary>A path of ours as a link: below the path of the issuer, where that has one.</summary>
    public string Link(string path) => kit.PathBase + path;

    /// <summary>The path of a link of ours, without that of the issuer.</summary>
    public string Unlink(string link) => link.StartsWith(kit.PathBase + "/", StringComparison.Ordinal) ? link[kit.PathBase.Length..] : link;

    /// <summary>Where somebody goes after signing in: a path of ours that a page named, and nothing that leads elsewhere.</summary>
    public string? ReturnTo => Has("return_to") ? LocalPath(Field("return_to")) : LocalPath(Query("return_to"));

    /// <summary>The token of a form for whoever asks. A visitor without a cookie gets one.</summary>
    public string FormToken() => kit.Forms.Issue(visitor?.Session.Id ?? (anonymous ??= PageCookies.AddVisitor(http)));

    /// <summary>
    /// Whether the form that came was given to whoever sends it. For what is open to anybody, that may have been before they signed in, in this tab or in
    /// another; what somebody does with an account, they do with a form of this very session. One that is over still tells that: what follows is the
    /// sign-in, and no talk of forms.
    /// </summary>
    public bool HasOwnForm(AccessRule rule) => kit.Forms.IsOurs(Field(PageForms.Field), kit.Cookies.FindSession(http), rule.NeedsToken ? null : PageCookies.FindVisitor(http));

    /// <summary>Whether the browser keeps anything of ours: a form that comes without was shown to one that does not.</summary>
    public bool HasCookie => (CookieField.Find(http, PageCookies.Session) ?? CookieField.Find(http, PageCookies.Visitor)) is not null;

    /// <summary>Whether the visitor may see or do something: of what they may not do, a page shows no button.</summary>
    public bool May(string permission) => visitor is not null && kit.Roles.Current.Permits(visitor.User.Roles, permission);

    /// <summary>Whether there is anything to administer for the visitor.</summary>
    public bool IsAdministrator => visitor is not null && kit.Roles.Current.IsAdministrative(visitor.User.Roles);

    /// <summary>A page made by a component, which reads <paramref name="model"/> with <see cref="Model{T}"/>.</summary>
    /// <param name="says">What is said of the refusal here, where that is more than the usual: an English sentence.</param>
    public async Task<IResult> Show<TComponent>(object? model = null, Problem? refusal = null, string? says = null) where TComponent : PageView
    {
        this.model = model;
        Says = says;
        Refusal = refusal;
        ReasonId = refusal?.ReasonId(http);
        var html = await kit.Renderer.Render<TComponent>(this);
        return new RenderedPage(html, Language.Code) { Refusal = refusal, KeepsQuerySecret = HidesReferrer };
    }

    /// <summary>On with a GET (303), so that neither reload nor the back button sends the form again.</summary>
    /// <param name="notice">What the next page says on top: the name of one of its texts.</param>
    public IResult Go(string path, string? notice = null) =>
        new PageRedirect(Link(notice is null ? path : path + (path.Contains('?', StringComparison.Ordinal) ? '&' : '?') + "notice=" + notice));

    private object? model;

    public object? ModelOrNull => model;

    /// <summary>What the handler gave to the component.</summary>
    public T Model<T>() => (T)model!;

    /// <summary>Why the page was refused, or the form on it.</summary>
    public Problem? Refusal { get; private set; }

    /// <summary>What is said of it, where that is not the usual.</summary>
    public string? Says { get; private set; }

    /// <summary>What leads whoever runs the server to the reason.</summary>
    public string? ReasonId { get; private set; }

    /// <summary>Whether any field is marked.</summary>
    public bool HasFaults => Refusal?.Errors is { Count: > 0 };

    private string? focused;

    /// <summary>Whether a marked field is the one to begin with: the first that asks.</summary>
    public bool TakesFocus(string field) => (focused ??= field) == field;

    /// <summary>Whether the address of the page holds a secret, so that its links tell nobody where their reader came from.</summary>
    public bool HidesReferrer { get; set; }

    /// <summary>
    /// Letters that stand in a path as they are, and nothing that a browser reads as another host (RFC 3986 §4.2): no second slash, no backslash, which
    /// browsers take for one, nothing that they leave out. Whatever else there is, a path of ours has in its encoded form.
    /// </summary>
    public static string? LocalPath(string? text) =>
        text is { Length: > 0 and < 2000 } && text[0] == '/' && !text.StartsWith("//", StringComparison.Ordinal) && !text.AsSpan().ContainsAnyExcept(PathLetters) ? text : null;

    private static AccessToken ToToken(PageVisitor visitor) => new()
    {
        Issuer = "",
        Subject = visitor.User.Id,
        Audiences = [],
        ClientId = visitor.Session.ClientId,
        SessionId = visitor.Session.Id,
        Epoch = visitor.User.Epoch,
        TokenId = Guid.Empty,
        Scope = Scope.Of([.. visitor.Session.Scope.Split(' ')]),
        Roles = visitor.User.Roles,
        IssuedAt = visitor.Session.AuthenticatedAt,
        ExpiresAt = visitor.Session.ExpiresAt,
        AuthenticatedAt = visitor.Session.AuthenticatedAt,
    };
}

/// <summary>What every page needs of the server.</summary>
internal sealed class PageKit(PageRenderer renderer, PageForms forms, PageCookies cookies, PageAssets assets, Brand brand, RoleCatalogue roles, Keys.Installation installation, TimeProvider time)
{
    public PageRenderer Renderer => renderer;

    public PageForms Forms => forms;

    public PageCookies Cookies => cookies;

    public PageAssets Assets => assets;

    public Brand Brand => brand;

    public RoleCatalogue Roles => roles;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>The path of the issuer, where it has one, without a slash at its end.</summary>
    public string PathBase { get; } = new Uri(installation.Issuer).AbsolutePath.TrimEnd('/');
}
