using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Avouch.Server.Data.Sqlite;

/// <summary>
/// Chooses the SQLite this process runs on: the system's, which the distribution keeps patched, when it is newer than the bundled one.
/// </summary>
internal static class SqliteLibrary
{
    private const string System = "libsqlite3.so.0";
    private const int Oldest = 3_035_000; // RETURNING, without which a rotation is not one statement

    private static readonly Lazy<Version> Loaded = new(Load);

    /// <summary>The version in use; the first look loads it.</summary>
    public static Version Version => Loaded.Value;

    private static Version Load()
    {
        // The provider's assembly declares the imports, so the resolver belongs to it and not to us.
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());

        var number = raw.sqlite3_libversion_number();
        var version = ToVersion(number);
        if (number < Oldest)
            throw new NotSupportedException($"SQLite {version} is too old: Avouch needs {ToVersion(Oldest)} or newer. Update {System}.");
        if (raw.sqlite3_threadsafe() == 0)
            throw new NotSupportedException($"SQLite {version} was built without threads (SQLITE_THREADSAFE=0). Install another build.");
        return version;
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        NativeLibrary.TryLoad(name, assembly, path, out var bundled);
        if (!NativeLibrary.TryLoad(System, out var system))
            return bundled;

        var (chosen, other) = NumberOf(system) > NumberOf(bundled) ? (system, bundled) : (bundled, system);
        if (other != 0)
            NativeLibrary.Free(other);
        return chosen;
    }

    private static unsafe int NumberOf(nint library) =>
        library != 0 && NativeLibrary.TryGetExport(library, "sqlite3_libversion_number", out var export)
            ? ((delegate* unmanaged[Cdecl]<int>)export)()
            : 0;

    private static Version ToVersion(int number) => new(number / 1_000_000, number / 1000 % 1000, number % 1000);
}
