using System.Runtime.InteropServices;

namespace Avouch.Server.Cli;

/// <summary>
/// Keeps the terminal from showing what is typed, until it is disposed. Console.ReadKey hides a key only while it waits for one, so that whatever is
/// typed ahead or pasted would show.
/// </summary>
internal sealed unsafe partial class Echo : IDisposable
{
    private const int StandardInput = 0;
    private const int Drain = 1;
    private const int Flush = 2;
    private const uint EchoFlag = 8;

    /// <summary>More than a <c>struct termios</c> has anywhere; all we look at is one flag in it.</summary>
    private const int TermiosBytes = 256;

    private readonly byte[] before = new byte[TermiosBytes];
    private readonly bool isOff;

    /// <summary>c_lflag is the fourth number: of four bytes on Linux, of eight on macOS.</summary>
    private static int FlagsAt => OperatingSystem.IsMacOS() ? 24 : 12;

    private Echo()
    {
        isOff = Read(before) == 0;
        if (!isOff) return;
        var silent = before.ToArray();
        MemoryMarshal.Cast<byte, uint>(silent.AsSpan(FlagsAt, sizeof(uint)))[0] &= ~EchoFlag;
        Write(Flush, silent);
    }

    public static Echo Off() => new();

    public void Dispose()
    {
        if (isOff) Write(Drain, before);
    }

    private static int Read(byte[] termios)
    {
        fixed (byte* bytes = termios) return GetAttributes(StandardInput, bytes);
    }

    private static void Write(int when, byte[] termios)
    {
        fixed (byte* bytes = termios) _ = SetAttributes(StandardInput, when, bytes);
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetAttributes(int file, byte* termios);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int SetAttributes(int file, int when, byte* termios);
}
