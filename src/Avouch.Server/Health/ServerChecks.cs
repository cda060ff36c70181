using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Keys;
using Avouch.Server.Passwords;
using Avouch.Server.Sessions;
using Avouch.Server.Settings;

namespace Avouch.Server.Health;

/// <summary>How many bytes are free on the disk of a folder.</summary>
internal delegate long FreeSpace(string folder);

/// <summary>What every server has that can go wrong.</summary>
internal sealed class ServerChecks(
    Database database, PasswordHasher passwords, SigningKeys keys, SecurityJournal journal, Revocations revocations, ServerSettings settings, FreeSpace freeSpace, TimeProvider time)
{
    /// <summary>The longest honest transaction takes a fraction of a second.</summary>
    internal static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(10);

    /// <summary>Rotation is looked at every minute.</summary>
    internal static readonly TimeSpan KeyMayWait = TimeSpan.FromDays(1);

    internal static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(2);

    internal static readonly TimeSpan ViewMayWait = TimeSpan.FromSeconds(5);

    private const long LittleBytes = 1L << 30;
    private const long TooFewBytes = 100L << 20;
    private const double FullQueue = 0.8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private long awaited;
    private DateTimeOffset awaitedSince;

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<FreeSpace>(static folder => new DriveInfo(folder).AvailableFreeSpace).AddSingleton<ServerChecks>().AddSingleton<MailCheck>();
        Add("database", static checks => checks.FindDatabase());
        Add("writer", static checks => ValueTask.FromResult(checks.FindWriter()));
        Add("password_hashing", static checks => ValueTask.FromResult(checks.FindHashing()));
        Add("signing_key", static checks => ValueTask.FromResult(checks.FindKey()));
        Add("revocations", static checks => ValueTask.FromResult(checks.FindRevocations()));
        Add("disk", static checks => ValueTask.FromResult(checks.FindDisk()));
        Add("clock", static checks => checks.FindClock());
        services.AddSingleton(static provider => new HealthCheck("mail", provider.GetRequiredService<MailCheck>().Find));

        void Add(string name, Func<ServerChecks, ValueTask<HealthState>> look) =>
            services.AddSingleton(provider => new HealthCheck(name, () => look(provider.GetRequiredService<ServerChecks>())));
    }

    public async ValueTask<HealthState> FindDatabase()
    {
        try
        {
            await database.Check().AsTask().WaitAsync(Patience, time);
            return HealthState.Well();
        }
        catch (DatabaseException error) when (error.Fault is DatabaseFault.Storage)
        {
            return HealthState.Unhealthy("Nothing can be stored; the log says why.", error.Message);
        }
        catch (Exception error) when (error is DatabaseException or ObjectDisposedException or TimeoutException)
        {
            return HealthState.Unhealthy("The database does not answer; the log says why.", error.Message);
        }
    }

    public HealthState FindWriter()
    {
        var load = database.FindLoad();
        var detail = $"{load.Waiting} writes wait" + (load.BusyFor is { } busy ? $", one transaction has taken {busy.TotalSeconds:0.0} s so far" : "");
        return load.BusyFor > StuckAfter ? HealthState.Unhealthy("A write has not ended for a long time, and others wait behind it.", detail) : HealthState.Well(detail);
    }

    public HealthState FindHashing()
    {
        var detail = $"{passwords.Busy} of {passwords.Lanes} lanes work, {passwords.Queued} of {passwords.QueueCapacity} places are taken";
        return passwords.Queued >= FullQueue * passwords.QueueCapacity
            ? HealthState.Degraded("Many sign-ins are waiting, and some may be told to come back.", detail)
            : HealthState.Well(detail);
    }

    public HealthState FindKey()
    {
        if (keys.DueAt is not { } due) return HealthState.Well($"{keys.Current.Signer.KeyId} signs, from the settings");
        var detail = $"{keys.Current.Signer.KeyId} signs since {keys.Current.SigningSince:u}, due to be replaced {due:u}";
        return due + KeyMayWait < time.GetUtcNow()
            ? HealthState.Degraded("The signing key should have been replaced; the log says why it was not.", detail)
            : HealthState.Well(detail);
    }

    /// <summary>What the journal had at one look has to be known to the view soon after.</summary>
    public HealthState FindRevocations()
    {
        if (!revocations.IsLoaded) return HealthState.Unhealthy("What was taken back is not loaded yet.");
        var (known, now) = (revocations.Position, time.GetUtcNow());
        lock (gate)
        {
            if (known >= awaited) (awaited, awaitedSince) = (journal.Position, now);
            var detail = $"knows the journal up to {known} of {journal.Position}";
            return known < awaited && now - awaitedSince > ViewMayWait
                ? HealthState.Unhealthy("What is taken back does not reach the check of tokens.", detail)
                : HealthState.Well(detail);
        }
    }

    public HealthState FindDisk()
    {
        var free = freeSpace(settings.DataFolder);
        var detail = $"{free >> 20} MiB free";
        return free switch
        {
            < TooFewBytes => HealthState.Degraded("The disk is nearly full: soon nothing can be stored.", detail),
            < LittleBytes => HealthState.Degraded("There is little room left on the disk.", detail),
            _ => HealthState.Well(detail),
        };
    }

    /// <summary>Time is in every token and every limit: a clock that went back makes the ended live again.</summary>
    public async ValueTask<HealthState> FindClock()
    {
        DateTimeOffset? latest;
        try
        {
            latest = await database.Read(SecurityJournal.FindLatestTime).AsTask().WaitAsync(Patience, time);
        }
        catch (Exception error) when (error is DatabaseException or ObjectDisposedException or TimeoutException)
        {
            return HealthState.Degraded("The clock could not be compared with the journal.", error.Message);
        }
        var behind = latest - time.GetUtcNow();
        return behind > ClockTolerance
            ? HealthState.Degraded("The clock is behind the newest row of the journal.", $"by {behind.Value.TotalSeconds:0.0} s")
            : HealthState.Well($"{time.GetUtcNow():u}");
    }
}
