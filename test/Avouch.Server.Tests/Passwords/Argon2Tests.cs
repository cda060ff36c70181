using System.Text.Json;
using Avouch.Server.Passwords;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Passwords;

public sealed class Argon2Tests : IDisposable
{
    private const int RandomCases = 3000;
    private const int LargestVectorKiB = 65_536;
    private readonly Argon2Arena arena = new();

    public void Dispose() => arena.Dispose();

    [Theory]
    [InlineData("D", "512b391b6f1162975371d30919734294f868e3be3984f3c1a13a4db9fabe4acb")] // RFC 9106 §5.1
    [InlineData("I", "c814d9d1dc7f37aa13f0d77f2494bda1c8de6b016dd388d29952a4c4672b6ce8")] // §5.2
    [InlineData("Id", "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659")] // §5.3
    public void The_examples_of_RFC_9106(string type, string tag)
    {
        Argon2Parameters parameters = new(MemoryKiB: 32, Iterations: 3, Parallelism: 4) { Type = Enum.Parse<Argon2Type>(type) };
        Argon2Case example = new(parameters, Repeat(1, 32), Repeat(2, 16), Repeat(3, 8), Repeat(4, 12), TagBytes: 32);
        AssertAllPaths(tag, example);
    }

    [Fact]
    public void The_known_answers_of_the_reference_implementation()
    {
        JsonElement[] rows = [.. Vectors.Read("argon2/argon2.json").GetProperty("kats").EnumerateArray()];
        Assert.Equal(6, rows.Length);
        foreach (var row in rows)
        {
            var parameters = ReadParameters(row, "memoryKiB", "iterations", "parallelism");
            Argon2Case known = new(parameters, Hex(row, "passwordHex"), Hex(row, "saltHex"), Hex(row, "secretHex"), Hex(row, "adHex"), 32);
            AssertAllPaths(row.GetProperty("tagHex").GetString()!, known);
        }
    }

    [Fact]
    public void The_hash_tests_of_the_reference_implementation_up_to_64_MiB()
    {
        JsonElement[] rows = [.. Vectors.Read("argon2/argon2.json").GetProperty("hashtests").EnumerateArray()
            .Where(row => row.GetProperty("mKiB").GetInt32() <= LargestVectorKiB)];
        Assert.Equal(21, rows.Length); // of 26: the others want 256 MiB or 1 GiB
        foreach (var row in rows)
        {
            Argon2Case known = new(ReadParameters(row, "mKiB", "t", "p"), Text(row, "password"), Text(row, "salt"), [], [], 32);
            Assert.Equal(row.GetProperty("hashHex").GetString()!, known.Derive(arena, Argon2Block.FastestPath), ignoreCase: true);
        }
    }

    [Fact]
    public void Thousands_of_random_cases_equal_the_reference_implementation()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        for (int i = 0; i < RandomCases; i++)
        {
            Argon2Case @case = Argon2Case.Random(random);
            var path = Argon2Case.AllPaths[i % Argon2Case.AllPaths.Count];
            Assert.True(Libargon2.Derive(@case) == @case.Derive(arena, path), $"Seed {seed}, case {i}, {path}: {@case.Parameters}");
        }
    }

    [Fact]
    public void Random_cases_are_equal_on_every_path()
    {
        Random random = new(9106);
        for (int i = 0; i < RandomCases / 10; i++)
        {
            Argon2Case @case = Argon2Case.Random(random);
            AssertAllPaths(@case.Derive(arena, Argon2Path.Scalar), @case);
        }
    }

    [Fact]
    public void The_default_cost_equals_the_reference_implementation_on_every_path()
    {
        Argon2Case @case = new(new PasswordHashSettings().Parameters, Repeat(1, 12), Repeat(2, 16), [], [], 32);
        AssertAllPaths(Libargon2.Derive(@case), @case);
    }

    [Theory]
    [InlineData(1), InlineData(7), InlineData(256)]
    public void Yielding_changes_no_bit(int yieldBlocks)
    {
        Argon2Case @case = Argon2Case.Random(new Random(9106));
        Assert.Equal(@case.Derive(arena, Argon2Block.FastestPath), @case.Derive(arena, Argon2Block.FastestPath, yieldBlocks));
    }

    [Fact]
    public void Every_input_changes_the_tag()
    {
        Argon2Case @case = new(new Argon2Parameters(64, 2, 2), Repeat(1, 8), Repeat(2, 16), Repeat(3, 8), Repeat(4, 8), 32);
        var costs = @case.Parameters;
        Argon2Case[] changed =
        [
            @case with { Password = Repeat(9, 8) }, @case with { Salt = Repeat(9, 16) }, @case with { Secret = Repeat(9, 8) },
            @case with { AssociatedData = Repeat(9, 8) }, @case with { Parameters = costs with { MemoryKiB = 65 } },
            @case with { Parameters = costs with { Iterations = 3 } }, @case with { Parameters = costs with { Parallelism = 1 } },
            @case with { Parameters = costs with { Type = Argon2Type.I } },
            @case with { Parameters = costs with { Version = Argon2Parameters.FirstVersion } },
        ];
        string[] tags = [.. changed.Prepend(@case).Select(each => each.Derive(arena, Argon2Path.Scalar))];
        Assert.Equal(tags.Length, tags.Distinct().Count());
    }

    [Theory]
    [InlineData(7, 1, 1), InlineData(15, 1, 2), InlineData(64, 0, 1), InlineData(64, 1, 0), InlineData(64, -1, 1)]
    public void Impossible_costs_are_refused(int memoryKiB, int iterations, int parallelism)
    {
        Argon2Case @case = new(new Argon2Parameters(memoryKiB, iterations, parallelism), [], Repeat(2, 16), [], [], 32);
        Assert.Throws<ArgumentOutOfRangeException>(() => @case.Derive(arena, Argon2Path.Scalar));
    }

    private void AssertAllPaths(string tag, Argon2Case @case)
    {
        foreach (var path in Argon2Case.AllPaths) Assert.Equal(tag, @case.Derive(arena, path), ignoreCase: true);
    }

    private static Argon2Parameters ReadParameters(JsonElement row, string memory, string iterations, string parallelism) =>
        new(row.GetProperty(memory).GetInt32(), row.GetProperty(iterations).GetInt32(), row.GetProperty(parallelism).GetInt32())
        {
            Type = Enum.Parse<Argon2Type>(row.GetProperty("type").GetString()!["argon2".Length..], ignoreCase: true),
            Version = row.GetProperty("version").GetInt32(),
        };

    private static byte[] Hex(JsonElement row, string name) => Convert.FromHexString(row.GetProperty(name).GetString()!);

    private static byte[] Text(JsonElement row, string name) => System.Text.Encoding.UTF8.GetBytes(row.GetProperty(name).GetString()!);

    private static byte[] Repeat(byte value, int count) => [.. Enumerable.Repeat(value, count)];
}
