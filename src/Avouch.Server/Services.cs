using Avouch.ResourceServer;
using Avouch.Server.Backups;
using Avouch.Server.Journal;
using Avouch.Server.Keys;
using Avouch.Server.Limits;
using Avouch.Server.Mail;
using Avouch.Server.Mail.Smtp;
using Avouch.Server.Metrics;
using Avouch.Server.Passwords;
using Avouch.Server.Places;
using Avouch.Server.Roles;
using Avouch.Server.Sessions;
using Avouch.Server.Settings;
using Avouch.Server.Users;

namespace Avouch.Server;

/// <summary>The nouns and what they stand on, for the server and for commands alike.</summary>
internal static class Services
{
    public static IServiceCollection AddAvouch(this IServiceCollection services, AvouchSettings settings, Foundation foundation, TimeProvider time)
    {
        services.AddSingleton(settings).AddSingleton(settings.Server).AddSingleton(settings.Tokens).AddSingleton(settings.Sessions)
            .AddSingleton(settings.Passwords).AddSingleton(settings.Journal).AddSingleton(settings.Keys).AddSingleton(settings.Limits).AddSingleton(settings.Http).AddSingleton(settings.Proofs).AddSingleton(settings.Metrics).AddSingleton(settings.Access).AddSingleton(settings.Brand).AddSingleton(settings.Places);
        services.AddSingleton(time).AddSingleton(foundation).AddSingleton(foundation.Database).AddSingleton(foundation.MasterKeys).AddSingleton(foundation.Installation);
        services.AddSingleton<ServerMeter>();
        services.AddSingleton<UserAccounts>().AddSingleton<SetupLink>().AddSingleton<UserChanges>().AddSingleton<AccountLocks>().AddSingleton<HeldNames>().AddSingleton<UserImport>().AddSingleton<UserExport>().AddSingleton<UserCache>();
        services.AddSingleton<SecurityJournal>().AddSingleton<JournalPurge>().AddSingleton<JournalErasure>().AddSingleton<JournalSearch>().AddSingleton<JournalFigures>().AddSingleton<JournalAlarms>().AddSingleton<JournalLines>();
        services.AddSingleton<UserEdits>().AddSingleton<UserSearch>().AddSingleton<FullNameKeys>().AddSingleton<PersonalData>().AddSingleton<RoleCatalogue>();
        services.AddSingleton<PasswordHasher>().AddSingleton<PasswordCosts>();
        services.AddSingleton<SigningKeys>().AddSingleton<TokenIssuer>();
        services.AddSingleton(foundation.MasterKeys.ToRefreshKeys());
        services.AddSingleton<UserSessions>().AddSingleton<PageSessions>().AddSingleton<Rotation>().AddSingleton<SignIn>().AddSingleton<KnownDevices>().AddSingleton<FailedSignIns>().AddSingleton<SessionPurge>().AddSingleton<SessionCount>();
        services.AddSingleton<RateLimits>().AddSingleton<SignInLimits>();
        services.AddSingleton<RevocationView>().AddSingleton<Revocations>();
        services.AddSingleton<Backup>().AddSingleton<PlaceNames>();
        AddMail(services, settings.Mail);
        services.AddSingleton<AccountProofs>().AddSingleton<AccountLetters>().AddSingleton<CurrentPassword>().AddSingleton<OwnDeletion>();
        services.AddSingleton<SignUp>().AddSingleton<PasswordChange>().AddSingleton<PasswordReset>().AddSingleton<ForgottenPassword>().AddSingleton<EmailVerification>().AddSingleton<EmailReplacement>().AddSingleton<EmailChange>().AddSingleton<EmailUndo>();
        return services.AddSingleton(ToCheck);
    }

    private static void AddMail(IServiceCollection services, MailSettings settings)
    {
        services.AddSingleton(settings).AddSingleton<Outbox>().AddSingleton<OutboxQueue>().AddSingleton<OutboxPurge>().AddSingleton<MailTotals>();
        services.AddSingleton<Composer>().AddSingleton<MailFolder>();
        if (settings.Smtp is { } smtp) services.AddSingleton(smtp).AddSingleton<ICarrier, SmtpCarrier>();
        else services.AddSingleton<ICarrier>(static all => all.GetRequiredService<MailFolder>());
    }

    private static TokenCheck ToCheck(IServiceProvider services) => new(
        services.GetRequiredService<Installation>().Issuer,
        services.GetRequiredService<Installation>().Issuer,
        services.GetRequiredService<SigningKeys>().Current.Ring,
        services.GetRequiredService<RevocationView>(),
        services.GetRequiredService<TimeProvider>());
}
