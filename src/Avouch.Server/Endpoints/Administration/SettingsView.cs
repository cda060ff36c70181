using Avouch.Server.Keys;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Admin;
using Avouch.Server.Settings;

namespace Avouch.Server.Endpoints.Administration;

/// <summary><c>/admin/settings</c>: what is in force, and where it comes from; never a secret.</summary>
internal sealed class SettingsView(AvouchSettings settings, Installation installation)
{
    public Task<IResult> Show(PageRequest page) => page.Show<SettingsPage>(new SettingsModel(settings.Show(installation.Issuer), settings.Warnings));
}
