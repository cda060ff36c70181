using Avouch.Server.Passwords;

namespace Avouch.Server.Tests.Passwords;

/// <summary>Everything that goes into one hash, so that the same case can be given to each implementation.</summary>
internal sealed record Argon2Case(Argon2Parameters Parameters, byte[] Password, byte[] Salt, byte[] Secret, byte[] AssociatedData, int TagBytes)
{
    public static readonly IReadOnlyList<Argon2Path> AllPaths = Enum.GetValues<Argon2Path>();

    public string Derive(Argon2Arena arena, Argon2Path path, int yieldBlocks = 0)
    {
        byte[] tag = new byte[TagBytes];
        Argon2Input input = new(Password, Salt) { Secret = Secret, AssociatedData = AssociatedData };
        Argon2.Derive(Parameters, input, tag, arena, new Argon2Pace(yieldBlocks, path));
        return Convert.ToHexString(tag);
    }

    public static Argon2Case Random(Random random)
    {
        int parallelism = random.Next(1, 7);
        int spare = random.Next(20) == 0 ? random.Next(1200) : random.Next(30); // rarely a segment of more than one address block
        Argon2Parameters parameters = new(8 * parallelism + spare, random.Next(1, 5), parallelism)
        {
            Type = (Argon2Type)random.Next(3),
            Version = random.Next(4) == 0 ? Argon2Parameters.FirstVersion : Argon2Parameters.CurrentVersion,
        };
        return new Argon2Case(parameters, Bytes(0, 200), Bytes(8, 64), Bytes(0, 32), Bytes(0, 40), random.Next(4, 200));

        byte[] Bytes(int least, int most)
        {
            byte[] bytes = new byte[random.Next(least, most + 1)];
            random.NextBytes(bytes);
            return bytes;
        }
    }
}
