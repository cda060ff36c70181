using Avouch.Server.Passwords;

namespace Avouch.Server.Tests.Passwords;

public sealed class CommonPasswordsTests
{
    [Fact]
    public void The_list_is_the_one_that_the_script_wrote() => Assert.Equal(41_621, CommonPasswords.Count);

    [Fact]
    public void Every_line_is_found_and_its_neighbours_are_not()
    {
        using StreamReader lines = new(CommonPasswords.Open());
        int count = 0;
        while (lines.ReadLine() is { } line)
        {
            Assert.True(CommonPasswords.Contains(line), line);
            Assert.False(CommonPasswords.Contains(line + "\u0001"), line);
            count++;
        }
        Assert.Equal(CommonPasswords.Count, count);
    }

    [Theory]
    [InlineData(""), InlineData("\n"), InlineData("!"), InlineData("zzzzzzzzzzzzzzzz"), InlineData("12345678\n123456789"), InlineData("ÿÿÿÿÿÿÿÿ")]
    public void What_is_no_line_is_not_found(string password) => Assert.False(CommonPasswords.Contains(password));
}
