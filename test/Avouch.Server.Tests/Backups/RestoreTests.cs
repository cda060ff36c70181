using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Keys;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Backups;

/// <summary>What a restore means for those who were signed in.</summary>
public sealed class RestoreTests : ServerTests
{
    private string Backup => Path.Combine(Scratch, "backup.db");

    [Fact]
    public async Task Nothing_that_was_handed_out_before_counts_and_everybody_can_sign_in()
    {
        var before = await Client.Join("alice");
        await Server.BackUp(Backup);
        var after = await Client.Refresh(before);      // a generation that the backup has not reached
        var second = await Client.SignIn("alice");     // a session that it does not know
        var bob = await Client.Join("bob");            // a user that it does not know

        var restored = await Restore();

        Assert.Equal((1, 1), (restored.Users, restored.SessionsEnded));
        foreach (var tokens in (Tokens[])[before, after, second, bob])
        {
            (await Client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "invalid_token");
            (await Client.TryRefresh(tokens.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        }
        var fresh = await Client.Refresh(await Client.SignIn("alice"));
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(fresh)).Status);
        Assert.Empty(await Alarms());
    }

    [Fact]
    public async Task The_published_keys_are_others_and_the_old_ones_are_withdrawn()
    {
        await Client.Join("alice");
        var old = await KeyIds();
        await Server.BackUp(Backup);

        await Restore();

        var published = await KeyIds();
        Assert.Equal((2, 2), (old.Count, published.Count));
        Assert.Empty(old.Intersect(published));
        var journal = await Server.Journal();
        Assert.Equal(old.Order(), journal.Where(entry => entry.Kind == JournalKind.KeyWithdrawn).Select(entry => entry.Detail).Order());
        Assert.Contains((await Client.SignIn("alice")).Header.Text("kid"), published);
    }

    [Fact]
    public async Task The_journal_goes_on_above_every_number_that_anybody_has_seen()
    {
        await Client.Join("alice");
        await Server.BackUp(Backup);
        var inBackup = (await Server.Journal())[^1].Seq;
        await Client.Join("bob");
        var seen = (await Server.Journal())[^1].Seq;

        await Restore();
        var first = Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.Restored);
        await Restore();

        Assert.True(seen > inBackup);
        Assert.True(first.Seq > seen);
        Assert.Equal($"backup up to {inBackup}, sessions ended", first.Detail);
        var rows = await Server.Journal();
        var second = Assert.Single(rows, entry => entry.Kind == JournalKind.Restored);   // the first restore is not in the backup
        Assert.True(second.Seq > first.Seq + 10);   // and neither are the rows that followed it
        Assert.Equal(rows.Select(entry => entry.Seq).Order(), rows.Select(entry => entry.Seq).Distinct());
        await Client.SignIn("alice");
        Assert.True((await Server.Journal())[^1].Seq > second.Seq);
    }

    [Fact]
    public async Task With_sessions_kept_people_go_on_and_what_was_taken_back_counts_again()
    {
        var alice = await Client.Join("alice");
        var bob = await Client.Join("bob");
        await Server.BackUp(Backup);
        await Client.Logout(bob);

        var restored = await Restore(keepSessions: true);

        Assert.Null(restored.SessionsEnded);
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(alice)).Status);
        await Client.Refresh(alice);
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(bob)).Status);   // the price that the warning names
        Assert.Equal("sessions kept", Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.Restored).Detail!.Split(", ")[1]);
    }

    [Fact]
    public async Task With_sessions_kept_a_generation_from_the_future_is_an_alarm_and_ends_nothing()
    {
        var before = await Client.Join("alice");
        before = await Client.Refresh(before);
        await Server.BackUp(Backup);
        var after = await Client.Refresh(await Client.Refresh(before));

        await Restore(keepSessions: true);

        var refused = await Client.TryRefresh(after.RefreshToken);
        refused.MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        var alarm = Assert.Single(await Alarms());
        Assert.Equal($"j-{alarm.Seq}", refused.Reason);
        Assert.Equal("presented 4, stored 2", alarm.Detail);
        await Client.Refresh(before);   // the session of the backup lives
        Assert.DoesNotContain(await Server.Journal(), entry => entry.Kind == JournalKind.SessionEnded);
    }

    [Fact]
    public async Task A_restore_can_be_undone_with_the_database_that_was_kept()
    {
        await Client.Join("alice");
        await Server.BackUp(Backup);
        await Client.Join("bob");

        var first = await Restore();
        Assert.Equal(1, await Server.Count("users"));
        var undone = await Restore(first.KeptAside);

        Assert.Equal(2, undone.Users);
        await Client.SignIn("bob");
    }

    [Fact]
    public async Task An_unreadable_database_is_replaced_and_kept_with_its_log()
    {
        await Client.Join("alice");
        await Server.BackUp(Backup);
        var damaged = new byte[8192];

        var restored = await Server.Restore(Backup, keepSessions: false, folder =>
        {
            File.WriteAllBytes(Path.Combine(folder, "avouch.db"), damaged);
            File.WriteAllBytes(Path.Combine(folder, "avouch.db-wal"), damaged);
        });

        Reconnect();
        await Client.SignIn("alice");
        Assert.Equal(damaged, await File.ReadAllBytesAsync(restored.KeptAside!));
        Assert.Equal(damaged, await File.ReadAllBytesAsync(restored.KeptAside + "-wal"));
        GC.Collect();
        GC.WaitForPendingFinalizers();   // a connection that was forgotten would be closed here, and take the log of the new database with it
        await Client.SignIn("alice");
        Assert.Equal(FileModes.OwnerOnly, FileModes.Of(Path.Combine(Server.Folder, "avouch.db")));
    }

    [Fact]
    public async Task An_empty_folder_with_the_key_takes_a_backup()
    {
        await Client.Join("alice");
        await Server.BackUp(Backup);

        await Server.Restore(Backup, keepSessions: false, folder =>
        {
            foreach (var file in Directory.GetFiles(folder, "avouch.db*")) File.Delete(file);
        });

        Reconnect();
        await Client.SignIn("alice");
        Assert.Single(Directory.GetFiles(Server.Folder, "avouch.db"));
        Assert.Empty(Directory.GetFiles(Server.Folder, "avouch.db-until*"));
    }

    private async Task<Server.Backups.RestoredDatabase> Restore(string? file = null, bool keepSessions = false)
    {
        var restored = await Server.Restore(file ?? Backup, keepSessions);
        Reconnect();
        return restored;
    }

    private async Task<List<string>> KeyIds() =>
        [.. (await Client.Get("/.well-known/jwks.json")).Json.GetProperty("keys").EnumerateArray().Select(key => key.Text("kid"))];

    private async Task<List<JournalEntry>> Alarms() => [.. (await Server.Journal()).Where(entry => entry.Kind == JournalKind.DatabaseWentBack)];
}

/// <summary>
/// A key that cannot be withdrawn: HS256 signs with the secret of the settings. There the moment of the restore alone tells old tokens from new ones.
/// </summary>
public sealed class RestoreWithoutKeysTests : ServerTests
{
    private string Backup => Path.Combine(Scratch, "backup.db");

    private protected override (string Name, string Value)[] Settings =>
        [("AVOUCH_ALGORITHM", "HS256"), ("AVOUCH_JWT_SECRET", "00112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f")];

    [Fact]
    public async Task Tokens_issued_before_are_refused_whatever_the_database_has_forgotten()
    {
        var first = await Client.Join("alice");
        await Server.BackUp(Backup);
        await Server.Get<UserChanges>().SetRole(first.Claims.GetProperty("sub").GetGuid(), Role.Admin);
        var raised = await Client.Refresh(first);      // of an epoch above the one in the backup
        var unknown = await Client.SignIn("alice");    // of a session that is not in it
        var deleted = await Client.Join("bob");        // of a user who is not in it

        await Server.Restore(Backup);
        Reconnect();

        await MustAllBeRefused();
        await Restart();
        await MustAllBeRefused();
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(await Client.SignIn("alice"))).Status);

        async Task MustAllBeRefused()
        {
            var cause = Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.Restored);
            foreach (var tokens in (Tokens[])[first, raised, unknown, deleted])
            {
                var refused = await Client.Me(tokens);
                refused.MustBe(HttpStatusCode.Unauthorized, "session_ended");
                if (tokens != first) Assert.Equal($"j-{cause.Seq}", refused.Reason);
            }
        }
    }

    [Fact]
    public async Task Tokens_of_the_very_second_after_it_count()
    {
        await Client.Join("alice");
        await Server.BackUp(Backup);

        var restored = await Server.Restore(Backup);
        Reconnect();

        var tokens = await Client.SignIn("alice");
        Assert.Equal(restored.TokensCountFrom!.Value.ToUnixTimeSeconds(), tokens.Claims.GetProperty("iat").GetInt64());
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(tokens)).Status);
    }

    [Fact]
    public async Task A_moment_that_lies_later_already_stays_and_outlives_a_restart()
    {
        await Client.Join("alice");
        var later = new TokenFloor(Server.Time.GetUtcNow() + TimeSpan.FromSeconds(10), Cause: 1);
        await Server.Database.Write(transaction => Installation.RaiseFloor(transaction, later));
        await Server.BackUp(Backup);

        await Server.Restore(Backup);
        Reconnect();

        (await Client.Me(await Client.SignIn("alice"))).MustBe(HttpStatusCode.Unauthorized, "session_ended");
        Pass(TimeSpan.FromSeconds(9));
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(await Client.SignIn("alice"))).Status);
    }

    [Fact]
    public async Task A_running_server_that_reads_of_a_restore_refuses_at_once()
    {
        var tokens = await Client.Join("alice");
        Pass(TimeSpan.FromSeconds(1));
        var now = Server.Time.GetUtcNow();

        await Server.Database.Write(transaction => new SecurityJournal().AddAt(transaction, new JournalEntry(JournalKind.Restored, now) { Seq = 1000, Until = now }));
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(tokens)).Status);   // somebody else's journal: nobody here was told
        await Server.Database.Write(transaction => Server.Get<SecurityJournal>().AddAt(transaction, new JournalEntry(JournalKind.Restored, now) { Seq = 2000, Until = now }));

        (await Client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
    }
}
