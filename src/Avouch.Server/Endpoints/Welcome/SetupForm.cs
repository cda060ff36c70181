using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Welcome;
using Avouch.Server.Passwords;
using Avouch.Server.Sessions;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Welcome;

/// <summary><c>/setup</c>: the account of the first administrator. Opening the page uses nothing up and looks nothing up.</summary>
internal sealed class SetupForm(SetupLink link, PasswordHasher passwords, SignIn signIn, PageEntry entry)
{
    public static Task<IResult> Show(PageRequest page)
    {
        page.HidesReferrer = true;   // its address holds the secret
        return ProofToken.Read(page.Query("token")) is { } token ? page.Show<SetupPage>(new SetupModel(token.Text, "", "")) : RefuseLink(page);
    }

    public async Task<IResult> Send(PageRequest page)
    {
        if (ProofToken.Read(page.Field("token")) is not { } token || !await link.IsAlive(token)) return await RefuseLink(page);
        var (email, name, password) = (page.Field("email").Trim(), page.Given("full_name"), page.Field("password"));
        var errors = Validate(email, name, password);
        if (errors.Count > 0) return await Refuse(Problems.Invalid(errors));

        var hashed = await passwords.Hash(password, page.Device.Network, CancellationToken.None);
        if (hashed.Hash is null) return await Refuse(Problems.Busy(hashed.RetryAfter));
        var added = await link.AddAdmin(token, new NewUser(null, email, name, Role.Admin, hashed.Hash, IsVerified: true), page.Device.Address);
        if (added is not { } account) return await RefuseLink(page);
        return account.User is null ? await Refuse(Problems.EmailTaken) : await Enter(page, email, password);

        Task<IResult> Refuse(Problem problem) => page.Show<SetupPage>(new SetupModel(token.Text, email, name ?? ""), problem);
    }

    /// <summary>A sign-in as any other; where it has to wait, the account is there all the same.</summary>
    private async Task<IResult> Enter(PageRequest page, string email, string password)
    {
        var signedIn = await signIn.Run(email, password, TokenIssuer.FirstPartyScope, page.Device, CancellationToken.None);
        return signedIn.Grant is { } grant ? await entry.Enter(page, grant, signedIn.Device, "/admin") : page.Go("/sign-in");
    }

    private static Task<IResult> RefuseLink(PageRequest page) => page.Show<SetupPage>(new SetupModel(null, "", ""), Problems.InvalidSetupLink);

    private static Dictionary<string, string[]> Validate(string email, string? name, string password)
    {
        var errors = new Dictionary<string, string[]>();
        if (AccountRules.CheckEmail(email) is { } address) errors["email"] = [address];
        if (name is not null && AccountRules.CheckFullName(name) is { } fullName) errors["full_name"] = [fullName];
        if (password.Length == 0) errors["password"] = ["A password is needed."];
        else if (PasswordPolicy.Check(password, null, email, name) is { } weak) errors["password"] = [weak];
        return errors;
    }
}
