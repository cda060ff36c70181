using System.Runtime.InteropServices;
using Avouch.Server.Data.Sqlite;

namespace Avouch.Load;

/// <summary>Where a result comes from: without that it says nothing.</summary>
internal static class Machine
{
    /// <summary>How busy the machine was in the last minute, by whomever.</summary>
    public static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    public static string Describe(string folder)
    {
        var processor = File.ReadLines("/proc/cpuinfo").First(line => line.StartsWith("model name", StringComparison.Ordinal)).Split(':')[1].Trim();
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 30);
        var kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        var disk = new DriveInfo(folder).DriveFormat;
        return $"{processor}, {Environment.ProcessorCount} cores, {memory} GiB, Linux {kernel}, {disk}, {RuntimeInformation.FrameworkDescription}, SQLite {SqliteLibrary.Version}";
    }
}
