using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Mail;
using Avouch.Server.Passwords;
using Avouch.Server.Sessions;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Harness;

/// <summary>Hands everything on to the real one, and notes what was said and when it stood in line.</summary>
internal sealed class ObservedDatabase(Database inner) : Database
{
    private int writes;
    private int reads;

    /// <summary>Every statement of a write, as text.</summary>
    public List<string> Said { get; } = [];

    /// <summary>Every statement of a read.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>Writes that stand in line by now, or are done.</summary>
    public int Writes => Volatile.Read(ref writes);

    public int Reads => Volatile.Read(ref reads);

    /// <summary>The reset of a server, on this database.</summary>
    public PasswordReset Reset(TestServer server) => new(
        this, server.Get<AccountProofs>(), server.Get<UserAccounts>(), server.Get<CurrentPassword>(), server.Get<KnownDevices>(), server.Get<PasswordHasher>(), server.Get<PasswordCosts>(),
        server.Get<UserChanges>(), server.Get<AccountLetters>(), server.Get<Outbox>(), server.Get<SecurityJournal>(), server.Time);

    public override ValueTask<T> Write<T>(Func<Transaction, ValueTask<T>> work)
    {
        var writing = inner.Write(transaction => work(new ObservedTransaction(transaction, Said)));
        Interlocked.Increment(ref writes);
        return writing;
    }

    public override ValueTask<T> Read<T>(Func<Statements, ValueTask<T>> work)
    {
        Interlocked.Increment(ref reads);
        return inner.Read(statements => work(new ObservedStatements(statements, Asked)));
    }

    public override ValueTask Copy(string path, Action<long> copied, CancellationToken stop) => inner.Copy(path, copied, stop);

    public override ValueTask<long> MeasureCopy() => inner.MeasureCopy();

    public override string Translate(string migration) => inner.Translate(migration);

    public override ValueTask<bool> HasTable(Statements statements, string name) => inner.HasTable(statements, name);

    public override ValueTask Check() => inner.Check();

    public override ValueTask<IReadOnlyList<string>> FindDamage() => inner.FindDamage();

    public override WriterLoad FindLoad() => inner.FindLoad();

    /// <summary>The real one is somebody else's.</summary>
    public override ValueTask DisposeAsync() => default;

    /// <remarks>What is to be done after the commit goes to the real transaction too: the engine calls that one.</remarks>
    private sealed class ObservedTransaction : Transaction
    {
        private readonly Transaction inner;
        private readonly List<string> said;

        public ObservedTransaction(Transaction inner, List<string> said)
        {
            (this.inner, this.said) = (inner, said);
            inner.AfterCommit(Committed);
        }

        public override ValueTask<int> Execute(string sql, params ReadOnlySpan<(string Name, SqlValue Value)> parameters)
        {
            said.Add(sql);
            return inner.Execute(sql, parameters);
        }

        public override ValueTask<T?> Find<T>(string sql, Func<Row, T> read, params ReadOnlySpan<(string Name, SqlValue Value)> parameters) where T : default
        {
            said.Add(sql);
            return inner.Find(sql, read, parameters);
        }

        public override ValueTask<List<T>> List<T>(string sql, Func<Row, T> read, params ReadOnlySpan<(string Name, SqlValue Value)> parameters)
        {
            said.Add(sql);
            return inner.List(sql, read, parameters);
        }

        public override ValueTask ExecuteScript(string script) => inner.ExecuteScript(script);
    }

    private sealed class ObservedStatements(Statements inner, List<string> asked) : Statements
    {
        public override ValueTask<int> Execute(string sql, params ReadOnlySpan<(string Name, SqlValue Value)> parameters)
        {
            asked.Add(sql);
            return inner.Execute(sql, parameters);
        }

        public override ValueTask<T?> Find<T>(string sql, Func<Row, T> read, params ReadOnlySpan<(string Name, SqlValue Value)> parameters) where T : default
        {
            asked.Add(sql);
            return inner.Find(sql, read, parameters);
        }

        public override ValueTask<List<T>> List<T>(string sql, Func<Row, T> read, params ReadOnlySpan<(string Name, SqlValue Value)> parameters)
        {
            asked.Add(sql);
            return inner.List(sql, read, parameters);
        }
    }
}
