using Avouch.Server.Settings;

namespace Avouch.Server.Tests.Settings;

/// <summary>What somebody wrote and what would set nothing: never silently.</summary>
public sealed class StraySettingsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("avouch-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("SESSIONS_PER_USER", "Did you mean AVOUCH_SESSIONS_PER_USER?")]
    [InlineData("sessions-per-user", "Did you mean AVOUCH_SESSIONS_PER_USER?")]
    [InlineData("AVOUCH_SESION_MAX_DAYS", "Did you mean AVOUCH_SESSION_MAX_DAYS?")]
    [InlineData("FOO", "avouch settings print")]
    public void On_the_command_line_it_is_a_fault(string name, string remedy)
    {
        var (settings, faults) = AvouchSettings.Read(SettingsSource.Load(folder, new Dictionary<string, string> { [name] = "hidden5" }));

        Assert.Null(settings);
        var fault = Assert.Single(faults);
        Assert.Equal(name, fault.Name);
        Assert.Contains(remedy, fault.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden5", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AVOUCH_SESSIONS_PER_USER: 5", ".env:2: AVOUCH_SESSIONS_PER_USER is not read: write AVOUCH_SESSIONS_PER_USER=value, not AVOUCH_SESSIONS_PER_USER: value.")]
    [InlineData("AVOUCH_SESSIONS_PER_USER: a=5", ".env:2: AVOUCH_SESSIONS_PER_USER is not read: write AVOUCH_SESSIONS_PER_USER=value, not AVOUCH_SESSIONS_PER_USER: value.")]
    [InlineData("hidden5", ".env:2: This line is not NAME=value and is not read.")]
    [InlineData("hidden5:word", ".env:2: This line is not NAME=value and is not read.")]
    [InlineData("=hidden5", ".env:2: This line is not NAME=value and is not read.")]
    [InlineData("SESSIONS_PER_USER=5", "SESSIONS_PER_USER (.env:2) is not a setting of this version; did you mean AVOUCH_SESSIONS_PER_USER?")]
    [InlineData("AVOUCH_SESION_MAX_DAYS=5", "AVOUCH_SESION_MAX_DAYS (.env:2) is not a setting of this version; did you mean AVOUCH_SESSION_MAX_DAYS?")]
    public void In_the_env_file_it_warns_with_the_line(string line, string warning) => Assert.Equal(warning, Assert.Single(Warnings(".env", $"# comment\n{line}\n\n")));

    [Fact]
    public void What_the_env_file_holds_for_others_is_none_of_our_business() => Assert.Empty(Warnings(".env", "POSTGRES_PASSWORD=x\nexport LANG=C\n"));

    [Theory]
    [InlineData("""{"Avouch":{"SessionsPerUser":5}}""", """appsettings.json:1: "Avouch" is a section and is not read: settings stand at the top level by their full names, "AVOUCH_SESSIONS_PER_USER": "value".""")]
    [InlineData("{\n  // comment\n  \"AVOUCH_AUDIENCES\": [\"a\"],\n}", """appsettings.json:3: "AVOUCH_AUDIENCES" is a list and is not read: a setting is one text, "AVOUCH_AUDIENCES": "value".""")]
    [InlineData("""{"SessionsPerUser":5}""", "SessionsPerUser (appsettings.json:1) is not a setting of this version; did you mean AVOUCH_SESSIONS_PER_USER?")]
    [InlineData("""{"AllowedHosts":"*"}""", "AllowedHosts (appsettings.json:1) is not read: the names of settings begin with AVOUCH_.")]
    public void In_appsettings_it_warns_with_the_line(string json, string warning) => Assert.Equal(warning, Assert.Single(Warnings("appsettings.json", json)));

    [Fact]
    public void Every_kind_of_value_in_appsettings_counts()
    {
        File.WriteAllText(Path.Combine(folder, "appsettings.json"), "\uFEFF{ \"$schema\": \"x\", \"AVOUCH_SESSIONS_PER_USER\": 7, \"AVOUCH_LIMITS_ENABLED\": true, \"AVOUCH_DATA\": \"d\", \"AVOUCH_URLS\": null }");

        var (settings, _) = AvouchSettings.Read(SettingsSource.Load(folder, new Dictionary<string, string>()));

        Assert.Equal((7, true, "d", "http://localhost:8080"), (settings!.Sessions.PerUser, settings.Server.LimitsEnabled, Path.GetFileName(settings.Server.DataFolder), settings.Server.Urls[0]));
        Assert.Empty(settings.Warnings);
    }

    [Theory]
    [InlineData("{\n\"AVOUCH_SECRET_KEY\": hidden5\n}", ":2:")]
    [InlineData("{\n\"AVOUCH_SECRET_KEY\": \"hidden5\"", ":2:")]
    [InlineData("{} hidden5", ":1:")]
    [InlineData("\"hidden5\"", ":1:")]
    public void Broken_JSON_is_told_with_its_place_and_nothing_of_its_inside(string json, string place)
    {
        File.WriteAllText(Path.Combine(folder, "appsettings.json"), json);

        var fault = Assert.Throws<InvalidDataException>(() => SettingsSource.Load(folder, new Dictionary<string, string>()));

        Assert.Contains("appsettings.json" + place, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden5", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ff112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f")]
    [InlineData("/xEiM0RVZneImaq7zN3u/xAhMkNUZXaHmKm6y9zt/g8=")]
    [InlineData("my own secret")]
    public void A_secret_in_the_place_of_its_files_path_is_not_shown(string secret)
    {
        var fault = Assert.Single(AvouchSettings.Read(new SettingsSource().Add("test", new Dictionary<string, string> { ["AVOUCH_SECRET_KEY_FILE"] = secret })).Faults);

        Assert.Equal("AVOUCH_SECRET_KEY_FILE", fault.Name);
        Assert.DoesNotContain(secret, fault.ToString(), StringComparison.Ordinal);
        Assert.Contains("give the value as AVOUCH_SECRET_KEY", fault.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/run/secrets/avouch")]
    [InlineData("./secret")]
    [InlineData("secret.txt")]
    public void A_path_that_leads_nowhere_is_shown(string path) =>
        Assert.Equal(path, Assert.Single(AvouchSettings.Read(new SettingsSource().Add("test", new Dictionary<string, string> { ["AVOUCH_SECRET_KEY_FILE"] = path })).Faults).Value);

    private IReadOnlyList<string> Warnings(string file, string text)
    {
        File.WriteAllText(Path.Combine(folder, file), text);
        var (settings, faults) = AvouchSettings.Read(SettingsSource.Load(folder, new Dictionary<string, string>()));
        Assert.Empty(faults);
        return settings!.Warnings;
    }
}
