using Avouch.Server.Mail;
using Avouch.Server.Settings;

namespace Avouch.Server.Tests.Mail;

/// <summary>Settings of mail and templates that an operator puts in the place of ours.</summary>
public sealed class MailSettingsTests : IDisposable
{
    private static readonly (string, string)[] Host = [("AVOUCH_SMTP_HOST", "smtp.example.test"), ("AVOUCH_MAIL_FROM", "no-reply@example.test")];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("avouch-test-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("AVOUCH_MAIL_FROM", "", "is needed with AVOUCH_SMTP_HOST")]
    [InlineData("AVOUCH_MAIL_FROM", "Avouch <no-reply@example.test>", "is not an e-mail address")]
    [InlineData("AVOUCH_MAIL_FROM", "a@example.test\r\nBcc: b@example.test", "is not an e-mail address")]
    [InlineData("AVOUCH_MAIL_FROM", "müller@example.test", "is not an e-mail address that every server takes")]
    [InlineData("AVOUCH_MAIL_FROM_NAME", "Shop\r\nBcc: b@example.test", "holds control characters")]
    [InlineData("AVOUCH_SMTP_HOST", "smtp.example.test:587", "is not the name or address of a machine")]
    [InlineData("AVOUCH_SMTP_PORT", "0", "is not a whole number in the range")]
    [InlineData("AVOUCH_SMTP_TLS", "maybe", "is not one of the choices")]
    [InlineData("AVOUCH_SMTP_CA", "/nowhere/ca.pem", "cannot be read")]
    [InlineData("AVOUCH_MAIL_TEMPLATES", "/nowhere", "is no folder that is there")]
    public void What_cannot_work_is_refused_at_the_start(string name, string value, string reason)
    {
        var fault = Assert.Single(Read([.. Host, (name, value)]).Faults);

        Assert.Equal(name, fault.Name);
        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("ASVS", "12.3.1")]
    public void A_password_needs_TLS_unless_the_server_is_this_machine()
    {
        (string, string)[] signIn = [("AVOUCH_SMTP_USER", "avouch"), ("AVOUCH_SMTP_PASSWORD", "swordfish"), ("AVOUCH_SMTP_TLS", "none")];

        var fault = Assert.Single(Read([.. Host, .. signIn]).Faults);
        Assert.Equal("AVOUCH_SMTP_TLS", fault.Name);
        Assert.Empty(Read([.. Host, .. signIn, ("AVOUCH_SMTP_HOST", "127.0.0.1")]).Faults);
        Assert.Equal("AVOUCH_SMTP_PASSWORD", Assert.Single(Read([.. Host, ("AVOUCH_SMTP_USER", "avouch")]).Faults).Name);
    }

    [Theory]
    [InlineData("auto", 587)]
    [InlineData("starttls", 587)]
    [InlineData("tls", 465)]
    public void The_port_follows_from_the_way(string tls, int port) => Assert.Equal(port, Valid([.. Host, ("AVOUCH_SMTP_TLS", tls)]).Smtp!.Port);

    [Fact]
    public void Auto_gives_TLS_up_only_in_development()
    {
        Assert.False(Valid(Host).Smtp!.MayFallBack);
        Assert.True(Valid([.. Host, ("AVOUCH_ENVIRONMENT", "development")]).Smtp!.MayFallBack);
    }

    [Fact]
    public void No_TLS_to_another_machine_warns_in_production()
    {
        Assert.Contains(Read([.. Host, ("AVOUCH_SMTP_TLS", "none")]).Settings!.Warnings, warning => warning.StartsWith("AVOUCH_SMTP_TLS=none", StringComparison.Ordinal));
        Assert.Empty(Read([.. Host, ("AVOUCH_SMTP_TLS", "none"), ("AVOUCH_SMTP_HOST", "localhost")]).Settings!.Warnings);
    }

    [Fact]
    public void A_password_is_not_shown()
    {
        var settings = Read([.. Host, ("AVOUCH_SMTP_USER", "avouch"), ("AVOUCH_SMTP_PASSWORD", "swordfish")]).Settings!;

        Assert.DoesNotContain(settings.InForce, setting => setting.ToString().Contains("swordfish", StringComparison.Ordinal));
        Assert.Equal("(secret)", settings.InForce.Single(setting => setting.Name == "AVOUCH_SMTP_PASSWORD").Value);
    }

    [Fact]
    public void A_file_of_the_operator_takes_the_place_of_ours_and_no_other()
    {
        Put("de/reset_password.txt", "Subject: Neu für {{service}}\n\nBitte: {{link}}\n");

        var templates = Valid([("AVOUCH_MAIL_TEMPLATES", folder.FullName)]).Templates;

        Assert.Equal("Bitte: L\n", templates.Choose(MailTemplate.ResetPassword, "de").Text.Fill(_ => "L", value => value));
        Assert.StartsWith("<h1>Wählen", templates.Choose(MailTemplate.ResetPassword, "de").Html.Fill(_ => "L", value => value), StringComparison.Ordinal);
        Assert.StartsWith("Hello", templates.Choose(MailTemplate.ResetPassword, "en").Text.Fill(_ => "L", value => value), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_language_is_a_folder_and_what_it_lacks_is_in_English()
    {
        Put("pt-BR/test.txt", "Subject: Teste\n\nOlá{{#name}} {{name}}{{/name}}\n");
        Put("pt-BR/test.html", "<p>Olá</p>");

        var templates = Valid([("AVOUCH_MAIL_TEMPLATES", folder.FullName)]).Templates;

        Assert.Equal("pt-BR", templates.Choose(MailTemplate.Test, "pt-br,en;q=0.5").Language);
        Assert.Equal("en", templates.Choose(MailTemplate.Test, "pt-PT").Language);
        Assert.Equal("en", templates.Choose(MailTemplate.ResetPassword, "pt-BR").Language);
        Assert.Equal("de", templates.Choose(MailTemplate.ResetPassword, "pt-BR, de").Language);
    }

    [Theory]
    [InlineData("en/reset_password.txt", "Subject: x\n\n{{lnik}} {{link}}", "names {{lnik}}, which this mail does not have. It has: link, expires, name, service")]
    [InlineData("en/reset_password.txt", "Subject: x\n\nNo link here", "does not hold {{link}}")]
    [InlineData("en/reset_password.html", "<p>No link here</p>", "does not hold {{link}}")]
    [InlineData("en/reset_password.txt", "Hello\n{{link}}", "does not begin with a line \"Subject: …\"")]
    [InlineData("en/reset_password.html", "{{link}}\n{{ name }}", "line 2: \"{{ name }}\" begins no placeholder that there is")]
    [InlineData("en/reset_password.html", "{{link}}{{#name}}", "{{#name}} is never closed")]
    [InlineData("en/reset_password.html", "{{link}}{{/name}}", "opens or closes a condition where that cannot be")]
    [InlineData("en/reset_password.html", "{{link}}{{#name}}{{#name}}{{/name}}", "opens or closes a condition where that cannot be")]
    [InlineData("en/test.html", "{{link}}", "names {{link}}, which this mail does not have")]
    [InlineData("en/resetpassword.txt", "Subject: x\n\n{{link}}", "is no mail that there is")]
    [InlineData("reset_password.txt", "Subject: x\n\n{{link}}", "does not lie in the folder of a language")]
    [InlineData("old stuff/test.txt", "Subject: x\n\nx", "is no language tag")]
    [InlineData("fr/test.txt", "Subject: x\n\nx", "stands alone: a mail has two parts, and test.html is missing")]
    [InlineData("layout.html", "<html></html>", "does not hold {{content}}")]
    [InlineData("layout.html", "<html>{{content}}{{link}}</html>", "names {{link}}, which this mail does not have")]
    public void A_template_that_cannot_work_is_refused_at_the_start_with_its_file(string name, string text, string reason)
    {
        var file = Put(name, text);

        var fault = Assert.Single(Read([("AVOUCH_MAIL_TEMPLATES", folder.FullName)]).Faults);

        Assert.Equal(("AVOUCH_MAIL_TEMPLATES", file), (fault.Name, fault.Value));
        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
        Assert.NotEmpty(fault.Remedy);
    }

    [Fact]
    public void Other_files_beside_templates_do_not_matter()
    {
        Put("README.md", "{{nothing}}");
        Put("en/.DS_Store", "{{nothing}}");

        Valid([("AVOUCH_MAIL_TEMPLATES", folder.FullName)]);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused()
    {
        Put("en/test.txt", "");
        File.WriteAllBytes(Path.Combine(folder.FullName, "en/test.txt"), [0xff, 0xfe, 0xc3, 0x28]);

        Assert.Contains("cannot be read", Assert.Single(Read([("AVOUCH_MAIL_TEMPLATES", folder.FullName)]).Faults).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void There_is_every_mail_in_both_languages()
    {
        var all = Valid([]).Templates.All.ToHashSet();

        Assert.Equal(MailTemplate.All.Count * 2, all.Count);
        Assert.All(MailTemplate.All, template => Assert.True(all.Contains(("en", template)) && all.Contains(("de", template)), template));
    }

    internal static (AvouchSettings? Settings, IReadOnlyList<SettingFault> Faults) Read((string Name, string Value)[] settings)
    {
        var values = new Dictionary<string, string>();
        foreach (var (name, value) in settings) values[name] = value;
        return AvouchSettings.Read(new SettingsSource().Add("test", values));
    }

    private static MailSettings Valid((string, string)[] settings)
    {
        var (valid, faults) = Read(settings);
        Assert.Empty(faults);
        return valid!.Mail;
    }

    private string Put(string name, string text)
    {
        var file = Path.Combine(folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }
}
