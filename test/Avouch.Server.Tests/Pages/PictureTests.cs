using Avouch.Server.Tests.Harness;
using Avouch.Server.Tests.House;
using Avouch.Server.Tests.Pages.Operations;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Pages;

/// <summary>The pictures of the README, which <c>eng/pictures</c> copies from here.</summary>
public sealed class PictureTests : ServerTests
{
    private const int MaxBytes = 60_000;

    private static readonly Glasses Frame = new() { Width = 1000, Height = 640 };

    [Fact]
    public async Task Pictures_of_the_sign_in_of_devices_and_of_the_overview_are_made()
    {
        await BusyWeek.Pass(Server, Client);
        await Server.JoinAs(Client, "root", Role.Admin);
        await using var dave = await Person.At(Server, Frame);
        await dave.Open("/sign-in");
        await dave.Keep("picture-sign-in");
        await dave.SignIn("dave");
        await dave.Open("/account/devices");
        await dave.Keep("picture-devices");

        await using var root = await Person.At(Server, Frame with { IsDark = true });
        await root.SignIn("root");
        await root.Open("/admin?days=7");
        await root.Keep("picture-overview");
    }

    [Fact]
    public void The_pictures_of_the_README_are_there_and_small()
    {
        var pictures = Directory.GetFiles(Path.Combine(Repository.Root, "docs/pictures"), "*.png");

        Assert.Equal(3, pictures.Length);
        Assert.All(pictures, picture => Assert.InRange(new FileInfo(picture).Length, 1000, MaxBytes));
        Assert.All(pictures, picture => Assert.Contains($"docs/pictures/{Path.GetFileName(picture)}", Repository.Read("README.md"), StringComparison.Ordinal));
    }
}
