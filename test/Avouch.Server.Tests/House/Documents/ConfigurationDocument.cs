using System.Globalization;
using System.Text;
using Avouch.Server.Settings;

namespace Avouch.Server.Tests.House.Documents;

/// <summary>docs/configuration.md: every setting, as it describes itself when it is read.</summary>
internal static class ConfigurationDocument
{
    private const string Introduction =
        """
        # Settings

        Made by `eng/documents` from the settings themselves. Do not edit.

        A setting comes from `appsettings.json`, `.env` (both in the working folder), the environment or the command line (`--set NAME=VALUE`); the last
        of them wins. `avouch settings print` shows what is in force and where it comes from, `avouch settings check` says everything that is wrong, and
        `docs/settings.schema.json` lets an editor complete and check `appsettings.json`. Whoever starts `avouch` with something wrong is told all of it,
        with its remedy, and nothing is started.

        A secret can be in a file: put its path into the same name with `_FILE` behind it.

        | setting | meaning | values | default |
        | --- | --- | --- | --- |

        """;

    public static string Write()
    {
        var text = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        foreach (var setting in SettingsSchema.All()) text.Append(CultureInfo.InvariantCulture, $"| `{setting.Name}` | {Cell(setting.Description)} | {Cell(Values(setting.Form))} | {Cell(Default(setting))} |\n");
        return text.ToString();
    }

    private static string Values(SettingForm form) => form.Kind switch
    {
        SettingKind.Secret => "secret, also `_FILE`",
        SettingKind.Text => "text",
        SettingKind.Choice => string.Join(", ", form.Choices.Select(choice => $"`{choice}`")),
        SettingKind.Flag => "`true`, `false`",
        _ => form.Range,
    };

    private static string Default(SettingInForce setting)
    {
        var isWords = setting.Form.FallbackWords is not null || setting.Default.Contains(' ', StringComparison.Ordinal) || setting.Form.Kind == SettingKind.Secret;
        return isWords ? setting.Default : $"`{setting.Default}`";
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
