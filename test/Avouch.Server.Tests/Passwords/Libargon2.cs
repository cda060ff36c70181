using System.Runtime.InteropServices;

namespace Avouch.Server.Tests.Passwords;

/// <summary>
/// The reference implementation, as the distribution ships it. Its absence is a failure: without it the strongest test says nothing.
/// </summary>
internal static unsafe partial class Libargon2
{
    public static string Derive(Argon2Case @case)
    {
        byte[] tag = new byte[@case.TagBytes];
        fixed (byte* output = tag, password = @case.Password, salt = @case.Salt, secret = @case.Secret, data = @case.AssociatedData)
        {
            Context context = new()
            {
                Output = output,
                OutputBytes = (uint)tag.Length,
                Password = password,
                PasswordBytes = (uint)@case.Password.Length,
                Salt = salt,
                SaltBytes = (uint)@case.Salt.Length,
                Secret = secret,
                SecretBytes = (uint)@case.Secret.Length,
                Data = data,
                DataBytes = (uint)@case.AssociatedData.Length,
                Iterations = (uint)@case.Parameters.Iterations,
                MemoryKiB = (uint)@case.Parameters.MemoryKiB,
                Lanes = (uint)@case.Parameters.Parallelism,
                Threads = 1,
                Version = (uint)@case.Parameters.Version,
            };
            Assert.Equal(0, Call(&context, (int)@case.Parameters.Type));
        }
        return Convert.ToHexString(tag);
    }

    private static int Call(Context* context, int type)
    {
        try
        {
            return DeriveNative(context, type);
        }
        catch (DllNotFoundException)
        {
            Assert.Fail("libargon2.so.1 is missing: install the package libargon2-1 (Debian, Ubuntu).");
            throw;
        }
    }

    [LibraryImport("libargon2.so.1", EntryPoint = "argon2_ctx")]
    private static partial int DeriveNative(Context* context, int type);

    // argon2_context of argon2.h.
    private struct Context
    {
        public byte* Output;
        public uint OutputBytes;
        public byte* Password;
        public uint PasswordBytes;
        public byte* Salt;
        public uint SaltBytes;
        public byte* Secret;
        public uint SecretBytes;
        public byte* Data;
        public uint DataBytes;
        public uint Iterations;
        public uint MemoryKiB;
        public uint Lanes;
        public uint Threads;
        public uint Version;
        public void* Allocate;
        public void* Free;
        public uint Flags;
    }
}
