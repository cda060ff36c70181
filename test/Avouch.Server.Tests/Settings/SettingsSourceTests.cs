using Avouch.Server.Settings;

namespace Avouch.Server.Tests.Settings;

/// <summary>Where settings come from and which source counts.</summary>
public sealed class SettingsSourceTests : IDisposable
{
    private const string Name = "AVOUCH_SESSIONS_PER_USER";
    private const string Key = "00112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f";

    private readonly string folder = Directory.CreateTempSubdirectory("avouch-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_command_line_beats_the_env_file_which_beats_appsettings()
    {
        Write("appsettings.json", $$"""{"{{Name}}":"1","AVOUCH_SESSION_MAX_DAYS":"2"}""");
        Write(".env", $"{Name}=3\nAVOUCH_REFRESH_GRACE_SECONDS=4\n");
        var source = SettingsSource.Load(folder, new Dictionary<string, string> { [Name] = "5" });

        Assert.Equal(("5", "command line"), source.Find(Name));
        Assert.Equal(("4", ".env"), source.Find("AVOUCH_REFRESH_GRACE_SECONDS"));
        Assert.Equal(("2", "appsettings.json"), source.Find("AVOUCH_SESSION_MAX_DAYS"));
    }

    [Fact]
    public void An_empty_value_counts_as_unset()
    {
        Write(".env", $"{Name}=3\n");

        Assert.Equal(("3", ".env"), SettingsSource.Load(folder, new Dictionary<string, string> { [Name] = "" }).Find(Name));
    }

    [Theory]
    [InlineData("A=b", "b")]
    [InlineData("  A = b  ", "b")]
    [InlineData("export A=b", "b")]
    [InlineData("A=\"b c\"  # comment", "b c")]
    [InlineData("A='b # c'", "b # c")]
    [InlineData("A=b # comment", "b")]
    [InlineData("A=b#c", "b#c")]
    [InlineData("A=b=c", "b=c")]
    [InlineData("A=$HOME", "$HOME")]
    [InlineData("A=", "")]
    [InlineData("# A=b", null)]
    [InlineData("=b", null)]
    [InlineData("A", null)]
    public void A_line_of_an_env_file_is_read_as_people_write_it(string line, string? value) =>
        Assert.Equal(value, EnvFile.Parse([line]).Values.GetValueOrDefault("A"));

    [Theory]
    [InlineData("AVOUCH_SECRET_KEY")]
    [InlineData("AVOUCH_JWT_SECRET")]
    public void A_secret_may_stand_in_a_file(string name)
    {
        Write("secret", Key + "\n");
        var (settings, faults) = Read((name + "_FILE", Path.Combine(folder, "secret")));

        Assert.Empty(faults);
        Assert.Equal(Convert.FromHexString(Key), name == "AVOUCH_SECRET_KEY" ? settings!.Server.SecretKey : settings!.Tokens.JwtSecret);
        Assert.DoesNotContain(settings.InForce, setting => setting.ToString().Contains(Key, StringComparison.Ordinal));
        Assert.Empty(settings.Warnings);
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_fault()
    {
        var fault = Assert.Single(Read(("AVOUCH_SECRET_KEY_FILE", Path.Combine(folder, "missing"))).Faults);

        Assert.Equal("AVOUCH_SECRET_KEY_FILE", fault.Name);
    }

    [Fact]
    public void A_secret_given_twice_is_a_fault_that_shows_neither()
    {
        Write("secret", Key);
        var fault = Assert.Single(Read(("AVOUCH_SECRET_KEY", Key), ("AVOUCH_SECRET_KEY_FILE", Path.Combine(folder, "secret"))).Faults);

        Assert.Equal("AVOUCH_SECRET_KEY", fault.Name);
        Assert.DoesNotContain(Key, fault.ToString(), StringComparison.Ordinal);
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(folder, name), text);

    private static (AvouchSettings? Settings, IReadOnlyList<SettingFault> Faults) Read(params (string Name, string Value)[] values) =>
        AvouchSettings.Read(new SettingsSource().Add("test", values.ToDictionary(pair => pair.Name, pair => pair.Value)));
}
