using Avouch.Server.Http;
using Avouch.Server.Keys;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Admin;

namespace Avouch.Server.Endpoints.Administration;

/// <summary><c>/admin/keys</c>: the signing keys, their rotation and their end.</summary>
internal sealed class KeyPages(SigningKeys keys, TimeProvider time)
{
    public async Task<IResult> Show(PageRequest page) => await page.Show<KeysPage>(await Read());

    public async Task<IResult> AskRotate(PageRequest page) =>
        keys.FindSecretId() is null ? await page.Show<RotateKeyPage>(await Read()) : await page.Show<KeysPage>(await Read(), Problems.SecretSigns);

    /// <summary>A form that comes again after it was done, with the key that signed then, does nothing more.</summary>
    public async Task<IResult> Rotate(PageRequest page)
    {
        var model = await Read();
        if (model.HasSecret) return await page.Show<KeysPage>(model, Problems.SecretSigns);
        if (page.Field("signing") != model.Signing?.KeyId) return page.Go("/admin/keys", "key-rotated");
        var rotation = await keys.Rotate(page.Has("now"), page.User.Id);
        return rotation.Signing is null ? await page.Show<RotateKeyPage>(await Read(), Problems.NextKeyTooYoung) : page.Go("/admin/keys", "key-rotated");
    }

    public async Task<IResult> AskWithdraw(PageRequest page) => await Find(page) is { } key && key.WithdrawnAt is null
        ? await page.Show<WithdrawKeyPage>(new WithdrawKeyModel(key))
        : await page.Show<KeysPage>(await Read(), Problems.NotFound);

    public async Task<IResult> Withdraw(PageRequest page)
    {
        if (await Find(page) is not { } key) return await page.Show<KeysPage>(await Read(), Problems.NotFound);
        await keys.Withdraw(key.KeyId, page.User.Id);
        return page.Go("/admin/keys", "key-withdrawn");
    }

    /// <summary>A stored key; the secret of the settings is none.</summary>
    private async Task<KeyLife?> Find(PageRequest page) =>
        (await KeyLife.List(keys)).Find(key => key.KeyId == (string?)page.Http.Request.RouteValues["kid"] && !key.IsSecret);

    private async Task<KeysModel> Read() => new(await KeyLife.List(keys), keys.DueAt, time.GetUtcNow());
}
