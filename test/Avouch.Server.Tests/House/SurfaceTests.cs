using System.Reflection;

namespace Avouch.Server.Tests.House;

/// <summary>
/// The public surface of the two libraries is a file that a change has to touch: nobody makes a promise by accident. After a change on purpose, copy
/// the new one from artifacts/surface, where this test leaves it.
/// </summary>
public sealed class SurfaceTests
{
    [Theory]
    [InlineData("Avouch.Protocol")]
    [InlineData("Avouch.ResourceServer")]
    public void The_public_surface_is_the_one_that_was_agreed(string assembly)
    {
        var surface = string.Join('\n', Assembly.Load(assembly).GetExportedTypes().SelectMany(Describe).Order(StringComparer.Ordinal)) + "\n";

        var found = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts/surface"));
        File.WriteAllText(Path.Combine(found.FullName, $"{assembly}.txt"), surface);
        Assert.Equal(Repository.Read($"test/Avouch.Server.Tests/House/Surface/{assembly}.txt"), surface);
    }

    private static IEnumerable<string> Describe(Type type)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var isRecord = type.GetMethod("<Clone>$") is not null || type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null;
        yield return $"{type.FullName}";
        foreach (var member in type.GetMembers(Declared))
            if (!IsGenerated(member, isRecord))
                yield return $"{type.FullName}: {member}";
    }

    /// <summary>What the compiler adds to a record says nothing that the record does not say already.</summary>
    private static bool IsGenerated(MemberInfo member, bool isRecord) =>
        member is MethodInfo { IsSpecialName: true } || member.Name.Contains('<', StringComparison.Ordinal)
        || (isRecord && member.Name is "Equals" or "GetHashCode" or "ToString" or "Deconstruct" or "op_Equality" or "op_Inequality");
}
